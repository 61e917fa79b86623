"""Offline forensics for dqlite state directories: read pipeline.py first."""

__version__ = "0.1.0"
