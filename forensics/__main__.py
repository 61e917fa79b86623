"""`python -m forensics`."""

from __future__ import annotations

from forensics.cli import entry

entry()
