"""A state directory that starts, from one that does not: what is written and from where, then the writing."""
