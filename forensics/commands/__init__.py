"""One module a command: its arguments (`add`) and what it does (`run`, which gives the exit code)."""

from __future__ import annotations

from forensics.commands import (
    analyze,
    check,
    collector,
    completion,
    convert,
    diff,
    export,
    extract,
    fleet,
    forecast,
    history,
    log,
    plan,
    redact,
    repair,
    rules,
    shrink,
    sql,
    timeline,
    verify_plan,
)

# In the order of --help: the main job first.
COMMANDS = (
    analyze,
    forecast,
    log,
    sql,
    extract,
    history,
    timeline,
    plan,
    repair,
    export,
    redact,
    shrink,
    verify_plan,
    diff,
    collector,
    fleet,
    rules,
    convert,
    check,
    completion,
)
