"""The tables of the store: their columns (docs/fleet.md#tables)."""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 1
"""Another number is another directory of tables: a newer program fills it anew, from the reports."""

COLUMNS: Final[dict[str, dict[str, str]]] = {
    "cases": {
        "name": "string",
        "key": "string",
        "state": "string",
        "level": "string",
        "incomplete": "bool",
        "headline": "string",
        "collected": "string",
        "week": "string",
        "bytes": "int64",
        "paths": "strings",
        "stamp": "string",
        "variant": "string",
        "tool": "string",
        "tries": "int64",
        "reused": "bool",
        "cpu": "double",
        "seconds": "double",
        "peak": "int64",
        "finished": "time",
    },
    "inputs": {"key": "string", "name": "string", "kind": "string", "sha256": "string", "bytes": "int64"},
    "nodes": {
        "key": "string",
        "database": "string",
        "node": "string",
        "server_id": "string",
        "address": "string",
        "evidence": "string",
        "state": "string",
        "term": "int64",
        "last_index": "int64",
        "snap": "string",
        "version": "string",
    },
    "faults": {
        "key": "string",
        "kind": "string",
        "severity": "string",
        "database": "string",
        "nodes": "strings",
        "consequence": "string",
        "rule": "string",
        "cause": "string",
    },
    "findings": {
        "key": "string",
        "rule": "string",
        "kind": "string",
        "severity": "string",
        "database": "string",
        "nodes": "strings",
        "path": "string",
        "fingerprint": "string",
        "problem": "string",
    },
    "checks": {"key": "string", "rule": "string", "verdict": "string", "subjects": "int64"},
    "failures": {
        "name": "string",
        "key": "string",
        "state": "string",
        "try": "int64",
        "reason": "string",
        "finished": "time",
    },
}

OF_REPORTS: Final = ("inputs", "nodes", "faults", "findings", "checks")
"""What a report gives, once for each key, however many cases share it."""
