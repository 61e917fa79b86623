"""Real dqlite decides: the nodes called safe are started on it, and what was committed has to be there afterwards.

`python -m tests.held.starts` carries states out and records them; tests/case/test_starts.py takes a live sample, and
asks whether the recorded ones still are what the case says.
"""
