"""One voice: facts, forecasts and findings become faults, node states, losses, and one plan with its first step.

Everything that a report advises is decided here, once (docs/case.md). Nothing here has words: they are made in words.py.
"""
