"""Fixtures: directories that real dqlite wrote, with small described changes, and what must be found in them.

fixtures/README.md is the specification of a fixture.
"""
