"""Rules about: database."""
