"""Rules about: cluster."""
