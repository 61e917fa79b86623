"""SQLite's quick_check on a restored image, as dqlite 1.18.3 and later run it.

The image is hostile until proven otherwise: opened in memory, read-only, its schema not trusted, under a deadline.
"""

from __future__ import annotations

import time

from forensics.forecast.reasons import Assumption, AssumptionKind
from forensics.forecast.simulation import Code, Run
from forensics.limits import QUICK_CHECK_SECONDS_MAX

_STEPS = 10_000  # of SQLite's virtual machine between looks at the clock
_CORRUPT = 11
_MODE_AT = 18  # two bytes of the header: 2 means WAL, which a database in memory does not have


def quick_check(image: bytes, run: Run) -> int | None:
    """The code that restoring fails with; None where the image passes.

    Anything but `ok` is CORRUPT; an error of SQLite is CORRUPT where it is exactly SQLITE_CORRUPT, else ERROR (dqlite
    src/fsm.c, restoreDatabase).
    """
    import sqlite3  # noqa: PLC0415 - heavy, and only for snapshots of these versions

    connection = sqlite3.connect(":memory:")
    deadline = time.monotonic() + QUICK_CHECK_SECONDS_MAX
    try:
        connection.deserialize(_without_wal(image))
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
        answer = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            run.assumed.append(Assumption(AssumptionKind.SLOW_QUICK_CHECK, QUICK_CHECK_SECONDS_MAX))
            return None
        return Code.CORRUPT if error.sqlite_errorcode == _CORRUPT else Code.ERROR
    finally:
        connection.close()
    return None if answer is not None and answer[0].lower() == "ok" else Code.CORRUPT


def _without_wal(image: bytes) -> bytes:
    modes = image[_MODE_AT : _MODE_AT + 2].replace(b"\2", b"\1")
    return image[:_MODE_AT] + modes + image[_MODE_AT + 2 :]
