"""Thousands of unrelated uploads: each a case of its own, judged in a child process, remembered in a store.

docs/fleet.md shows it at work. The core imports nothing from here; what is heavy is in the extra `[fleet]`.
"""
