"""What rules read: one node's log, snapshots and identity; then the cluster. Gaps are named, nothing is judged."""
