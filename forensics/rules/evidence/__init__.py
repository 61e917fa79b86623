"""Rules about: evidence."""
