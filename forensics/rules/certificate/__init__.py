"""Rules about certificates and private keys (docs/reference/go-dqlite.md#tls)."""
