"""Rules about: identity."""
