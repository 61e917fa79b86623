"""One voice: facts, forecasts and findings become faults, losses, and one plan with its first step.

Everything that a report advises is decided here, once. Nothing here has words: they are made in words.py.
"""
