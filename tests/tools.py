"""External programs that some tests run. CI has them all; elsewhere a test without its tool is skipped, and says so."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = "DQLITE_FORENSICS_REQUIRE_TOOLS"


def tool(*names: str) -> str:
    """The path of the first of these programs that is there; where none is, the test is skipped or fails."""
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"none of {', '.join(names)} is installed"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED}=1 asks for it")
    pytest.skip(f"{reason} ({REQUIRED}=1 makes this a failure)")
