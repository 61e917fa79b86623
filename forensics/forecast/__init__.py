"""What dqlite would do if the node were started now: a model of the library's start procedure, version by version.

Read model.py first. Every step is a function named after what the library does, in the library's own order, on an
overlay of the directory (files.py): nothing is ever written to the evidence.
"""
