"""SQLite's own quick_check on an image, with nothing refused: as dqlite itself runs it."""

from __future__ import annotations

import sqlite3
import time
from urllib.parse import quote

from forensics.limits import SQL_HEAP_BYTES_MAX, SQL_STEPS_PER_LOOK
from forensics.sqlite.engine import Steps


def quick_check(image: bytes | str, seconds: float, steps: Steps) -> int | None:
    """0 where the answer is `ok`, SQLITE_CORRUPT where it is another one, else the error's code; None out of time.

    Args:
        image: its bytes, none in WAL mode, or the path of a file that holds them.
        seconds: for all of it.
        steps: of the request.
    """
    until = time.monotonic() + seconds
    name = ":memory:" if isinstance(image, bytes) else f"file:{quote(image)}?mode=ro&immutable=1"
    connection = sqlite3.connect(name, uri=True)
    try:
        if isinstance(image, bytes):
            connection.deserialize(image)
        for pragma in ("trusted_schema = OFF", "query_only = ON", f"hard_heap_limit = {SQL_HEAP_BYTES_MAX}"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.set_progress_handler(lambda: int(steps.look() or time.monotonic() > until), SQL_STEPS_PER_LOOK)
        answer = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        return None if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT else error.sqlite_errorcode
    finally:
        connection.close()
    return 0 if answer is not None and str(answer[0]).lower() == "ok" else sqlite3.SQLITE_CORRUPT
