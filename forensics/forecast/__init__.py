"""What dqlite would do if the node were started now: a model of the library's start procedure, version by version.

Read model.py first. Every step is a function named after what the library does, in the library's own order, on an
overlay of the directory (files.py): nothing is ever written to the evidence.

model.py                the procedure, and what it answers
simulation.py           what the steps of one start share, and how they end
clean_up.py             probing, and deleting what was left half done; directory_list.py lists the files,
metadata.py, snapshot.py, segments.py and load.py read them
after_loading.py        restore.py (the snapshot), configuration.py, apply_commands.py (the log of a sole voter)
versions.py             the versions, and where they differ
reasons.py, losses.py   how a start ends and what it loses, as data; words.py has the sentences
proposals.py            what to move away so that the node starts; proposal_search.py finds it
result.py               all of it for one node
"""
