"""One number a run that random tests are made from, printed at the end, given again to repeat.

A command that draws hundreds (`make held`, `make repaired`) takes another one each time. The suite takes another one
for each state of the code: what it showed is shown again until it is mended, and who did not change the code is not
stopped by what others did not see. All processes of a run share it: it is in their environment.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

VARIABLE = "DQLITE_FORENSICS_CHANCE"
_NUMBERS = 1_000_000


def chance() -> int:
    """Of this run."""
    return int(os.environ.setdefault(VARIABLE, str(secrets.randbelow(_NUMBERS))))


def draw_by_the_code() -> None:
    """Where none was given: from git's digest of all files; outside of a clone any."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD^{tree}"]
    try:
        digest = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return
    os.environ.setdefault(VARIABLE, str(int(digest, 16) % _NUMBERS))
