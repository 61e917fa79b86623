"""Rules about several nodes of one cluster side by side (docs/reference/raft.md#what-must-hold)."""
