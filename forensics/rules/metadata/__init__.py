"""Rules about: metadata."""
