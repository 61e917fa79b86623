"""What is done to a base before library and model are asked: one table of operations a corpus."""
