"""Rules about: kine."""
