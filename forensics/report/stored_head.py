"""Which input is a stored report, told without loading what reads one."""

from __future__ import annotations

import json
import re

from forensics.limits import REPORT_BYTES_MAX

_HEAD_BYTES = 4096
_HEAD = re.compile(rb'\s*\{\s*"schemaVersion"\s*:')


def looks_like_report(path: str) -> bool:
    """An input that is a stored report: a file whose JSON begins with a schemaVersion, as ours do, or has one."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_BYTES)
            if _HEAD.match(head):
                return True
            if not (path.endswith(".json") and head.lstrip().startswith(b"{")):
                return False
            raw = head + file.read(REPORT_BYTES_MAX + 1 - len(head))
        value = json.loads(raw)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and {"schemaVersion", "tool", "clusters"} <= value.keys()
