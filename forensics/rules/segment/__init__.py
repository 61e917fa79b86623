"""Rules about: segment."""
