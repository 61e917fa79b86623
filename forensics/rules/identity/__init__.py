"""Rules about info.yaml and cluster.yaml (docs/reference/go-dqlite.md#what-the-files-mean)."""
