"""How fast, and with how much memory: `make bench`. Not part of the package."""
