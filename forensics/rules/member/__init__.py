"""Rules about members, as files other than raft's own tell them (docs/reference/go-dqlite.md#what-the-files-mean)."""
