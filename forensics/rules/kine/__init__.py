"""Rules about the kine table of a database (docs/reference/k8s-dqlite.md#the-kine-table)."""
