"""A node's log: segments in index order, what loading uses of them, what their entries hold."""
