"""SQLite's quick_check on a restored image, as dqlite 1.18.3 and later run it.

The image is hostile until proven otherwise, and the check evaluates its own constraints: it is opened in the process
for SQLite, read-only, its schema not trusted, under a deadline.
"""

from __future__ import annotations

import sqlite3

from forensics.budget import of_run
from forensics.errors import SpaceError
from forensics.forecast.reasons import Assumption, AssumptionKind
from forensics.forecast.simulation import Code, Run
from forensics.limits import IMAGE_MEMORY_BYTES_MAX, QUICK_CHECK_SECONDS_MAX
from forensics.private_file import named_file
from forensics.sqlite.child import child
from forensics.sqlite.query_error import QueryError

_MODE_AT = 18  # two bytes of the header: 2 means WAL, which a database that is only its main file does not have


def quick_check(image: bytes, run: Run) -> int | None:
    """The code that restoring fails with; None where the image passes.

    Anything but `ok` is CORRUPT; an error of SQLite is CORRUPT where it is exactly SQLITE_CORRUPT, else ERROR (dqlite
    src/fsm.c, restoreDatabase).
    """
    code = _asked(_without_wal(image), min(QUICK_CHECK_SECONDS_MAX, of_run().seconds_left))
    if code is None:
        run.assumed.append(Assumption(AssumptionKind.SLOW_QUICK_CHECK, QUICK_CHECK_SECONDS_MAX))
        return None
    if code == sqlite3.SQLITE_OK:
        return None
    return Code.CORRUPT if code == sqlite3.SQLITE_CORRUPT else Code.ERROR


def _asked(image: bytes, seconds: float) -> int | None:
    """SQLite's code; None where the check does not end within its limits."""
    try:
        if len(image) <= IMAGE_MEMORY_BYTES_MAX:
            return _answer(image, seconds)
        with named_file(image) as path:
            return _answer(path, seconds)
    except (QueryError, SpaceError):
        return None


def _answer(image: bytes | str, seconds: float) -> int | None:
    code: int | None = child().ask("quick_check", image, seconds, seconds=seconds)
    return code


def _without_wal(image: bytes) -> bytes:
    modes = image[_MODE_AT : _MODE_AT + 2].replace(b"\2", b"\1")
    return image[:_MODE_AT] + modes + image[_MODE_AT + 2 :]
