"""The time machine: a node's databases as they were at any index that its evidence reaches.

timeline.py  what there is, by index: snapshots and log, read only where needed
pages.py     the pages of one database: in memory while small, else in a private file without a name
replay.py    dqlite's state machine as far as pages go: snapshot in, commands in
rebuild.py   the way to an index: which snapshot, which entries, what is missing
engine.py    SQLite with everything bounded, serve.py the process around it, child.py who asks and ends it
open.py      SQL over the result, which is hostile until proven otherwise
"""
