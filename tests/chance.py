"""One number a run that random tests are made from: another one each time, printed at the end, given again to repeat.

All processes of a run share it: it is in their environment.
"""

from __future__ import annotations

import os
import secrets

VARIABLE = "DQLITE_FORENSICS_CHANCE"


def chance() -> int:
    """Of this run."""
    return int(os.environ.setdefault(VARIABLE, str(secrets.randbelow(1_000_000))))
