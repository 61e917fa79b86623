"""What applying one log entry to the databases answers, as far as it can refuse.

A node that is the only voter applies everything that it has before it is up; others wait for a leader. Sources:
canonical/dqlite src/command.c (command__decode), src/fsm.c (fsm__apply, apply_frames);
docs/reference/start.md#after-loading; docs/reference/commands.md#layout.
"""

from __future__ import annotations

import struct

from forensics.forecast.reasons import Undefined
from forensics.forecast.restored_image import FRESH, Image
from forensics.forecast.simulation import Run, assertion_failed
from forensics.forecast.snapshot_stream import PARSE
from forensics.on_disk import PAGE_BYTES, SQLITE_HEADER_BYTES

_NOMEM = 3  # DQLITE_NOMEM
_PROTO = 1001  # DQLITE_PROTO
_OPEN, _FRAMES, _UNDO, _CHECKPOINT = 1, 2, 3, 4
_FRAMES_HEADER = struct.Struct("<QIBxxxIHxx")
_PAGE_NUMBER_MAX = (1 << 31) - 1
_MASK32 = 0xFFFFFFFF
_SIZE_AT = 28  # of the database in pages, in page 1


def refusal(run: Run, payload: memoryview) -> int | None:
    """The code that applying this command fails with; None where it is taken."""
    if len(payload) < 8:
        return PARSE
    version, kind = payload[0], payload[1]
    if version != 1 or kind not in (_OPEN, _FRAMES, _UNDO, _CHECKPOINT):
        return _PROTO
    if kind == _UNDO:
        return PARSE if len(payload) < 16 else None
    end = bytes(payload[8:520]).find(b"\0")
    if end < 0:
        end = bytes(payload[8:]).find(b"\0")
    if end < 0:
        return PARSE
    if kind != _FRAMES:
        return None
    return _frames(run, bytes(payload[8 : 8 + end]), payload[8 + end + 8 - end % 8 :])


def _frames(run: Run, name: bytes, payload: memoryview) -> int | None:
    if len(payload) < _FRAMES_HEADER.size:
        return PARSE
    _, _, is_commit, count, page_size = _FRAMES_HEADER.unpack_from(payload)
    body = len(payload) - _FRAMES_HEADER.size
    numbers = struct.unpack_from(f"<{min(count, body // 8)}Q", payload, _FRAMES_HEADER.size)
    pages = payload[_FRAMES_HEADER.size + 8 * count :]
    if not run.library.rewritten_vfs:
        return _apply_copied(run, name, count, numbers, pages, is_commit)
    if any(number > _PAGE_NUMBER_MAX for number in numbers):
        raise assertion_failed("pgno <= INT32_MAX")
    if len(numbers) < count or len(pages) < (count * page_size & _MASK32):
        return PARSE
    unopened = None if run.library.checks_databases else run.images.get(name, FRESH).refusal()
    if unopened is not None:
        return unopened
    if not is_commit:
        return _PROTO
    _append(run, name, numbers, pages, page_size)
    return None


def _apply_copied(
    run: Run, name: bytes, count: int, numbers: tuple[int, ...], pages: memoryview, is_commit: int
) -> int | None:
    """Until 1.18.1: nothing is looked at, but each transaction ends in opening the database, for a checkpoint."""
    if count == 0:
        return None if run.library.ignores_apply_errors else _NOMEM  # sqlite3_malloc64(0) gives NULL
    if len(numbers) < count or len(pages) < count * PAGE_BYTES:
        run.undefined = Undefined.COMMAND_PAGES
    run.images[name] = _with_page_one(run.images.get(name, FRESH), numbers, pages, PAGE_BYTES) if is_commit else FRESH
    if name in run.unopened and run.library.keeps_failed_connection:
        raise assertion_failed("db->follower == NULL")
    if run.images[name].refusal() is not None:
        run.unopened.add(name)
    return None


def _with_page_one(image: Image, numbers: tuple[int, ...], pages: memoryview, page_size: int) -> Image:
    """The database after its page 1 was written, if it was."""
    size = max([image.pages, *numbers])
    for position, number in enumerate(numbers):
        if number == 1:
            at = position * page_size
            image = Image(bytes(pages[at : at + SQLITE_HEADER_BYTES]).ljust(SQLITE_HEADER_BYTES, b"\0"), size)
    return Image(image.head, size)


def _append(run: Run, name: bytes, numbers: tuple[int, ...], pages: memoryview, page_size: int) -> None:
    """Size and header after a transaction.

    From 1.18.3 on a page 1 that says "no pages" (delete_database) must come alone, and a database of one page must end
    its WAL with that page.
    """
    image = _with_page_one(run.images.get(name, FRESH), numbers, pages, page_size)
    if not run.library.checks_databases:
        run.images[name] = image
        return
    size = run.images.get(name, FRESH).pages
    for position, number in enumerate(numbers):
        if number == 1:
            at = position * page_size + _SIZE_AT
            size = int.from_bytes(pages[at : at + 4], "big")
            if size == 0 and len(numbers) > 1:
                raise assertion_failed("transaction->n_pages == 1")
            size = size or 1
    run.images[name] = Image(image.head, size)
    if size == 1 and numbers and numbers[-1] != 1:
        raise assertion_failed("vfsFrameGetPageNumber(frame) == 1")
