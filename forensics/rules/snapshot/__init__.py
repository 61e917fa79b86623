"""Rules about: snapshot."""
