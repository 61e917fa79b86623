"""What a customer runs on a node: one POSIX shell script, collect.sh, which `dqlite-forensics collector` prints."""

from __future__ import annotations

from importlib.resources import files


def script() -> str:
    """The script's text. Its archive is read by forensics/ingest/collectors/own.py."""
    return files(__name__).joinpath("collect.sh").read_text(encoding="utf-8")
