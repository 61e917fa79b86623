"""Rules about: leftover."""
