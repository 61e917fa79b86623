"""Exit codes."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with: docs/reference/command-line.md#exit-codes."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    INCOMPLETE = 4
    INTERNAL = 5
    OUTPUT = 6
    INTERRUPTED = 130
    TERMINATED = 143
