"""What a start of a node would come to: the start procedure (forecast/) run on the node's files."""
