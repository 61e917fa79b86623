"""Rules about certificates and private keys (FACTS 6.5, 8.1)."""
