"""One module a command: its arguments (`add`) and what it does (`run`, which gives the exit code)."""

from __future__ import annotations

from forensics.commands import analyze, check, log, rules

COMMANDS = (analyze, check, log, rules)
