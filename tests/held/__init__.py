"""What every answer is held to: recordings damaged at random, the truth about them, and properties that must hold.

`python -m tests.held` runs all of it; tests/case takes a sample. Nothing here asks the tool what is true: entries are
read from the recordings' own bytes, and elections are tried step by step.
"""
