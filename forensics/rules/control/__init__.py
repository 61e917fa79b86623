"""Rules about the files that direct a start (docs/reference/k8s-dqlite.md#control-files)."""
