"""Blob → Parsed: bytes become frozen dataclasses with their addresses; damage is a value, not an exception.

construct's containers never leave this folder.
"""
