"""Restoring a snapshot into the databases in memory.

Two generations: until 1.18.2 pages are copied as they are, WAL and all; from 1.18.3 on the WAL is merged and each
database must pass SQLite's quick_check. All failures carry an empty text. Sources: canonical/dqlite src/fsm.c
(fsm__restore, decodeDatabase, restoreDatabase), src/vfs.c (VfsRestore, vfsDatabaseRestore, vfsWalRestore);
docs/reference/start.md#the-newest-snapshot.
"""

from __future__ import annotations

from forensics.forecast.lz4 import Content
from forensics.forecast.quick_check import quick_check
from forensics.forecast.reasons import Accident, AccidentKind, Assumption, AssumptionKind, Undefined
from forensics.forecast.restored_image import Image
from forensics.forecast.simulation import Code, Crashed, Ended, Run, assertion_failed
from forensics.forecast.snapshot_stream import PARSE, U64, Stream, number
from forensics.limits import QUICK_CHECK_BYTES_MAX
from forensics.on_disk import PAGE_BYTES, SQLITE_HEADER_BYTES

_FORMAT = 1
_WAL_HEADER = 32
_FRAME_HEADER = 24
_FRAME = _FRAME_HEADER + PAGE_BYTES
_DQLITE_ERROR = 1
_PAGES_MAX = 1 << 40  # more pointers than any machine's malloc gives


def restore(run: Run, content: Content) -> None:
    """Everything that the snapshot's data holds. Done once a version, however many starts are simulated on it."""
    key = run.library.name
    if key not in content.memo:
        ended: Ended | None = None
        assumed = len(run.assumed)
        try:
            _restore(run, content)
        except Ended as caught:
            ended = caught
        content.memo[key] = ended, dict(run.images), run.assumed[assumed:], run.undefined
        del run.assumed[assumed:]
    ended, images, assumptions, run.undefined = content.memo[key]
    run.images = dict(images)
    run.assumed += assumptions
    if ended is not None:
        raise ended


def _restore(run: Run, content: Content) -> None:
    if content.size is None:
        raise Crashed(Accident(AccidentKind.UNINITIALISED_SNAPSHOT))
    stream = Stream(run, content.pieces(), content.size)
    version = number(run, stream.word())
    count = number(run, stream.word())
    if version != _FORMAT:
        raise run.fail(Code.MALFORMED)
    for _ in range(count):
        if run.library.checks_databases:
            _restore_checked(run, stream)
        else:
            _restore_copied(run, stream)
        if run.undefined:
            return


def _restore_copied(run: Run, stream: Stream) -> None:
    """Until 1.18.2: the sizes must fit what page 1 says; nothing else is looked at."""
    name = stream.text()
    if name is None:
        raise run.fail(PARSE)
    size = (number(run, stream.word()) + number(run, stream.word())) & U64
    head = stream.peek(32)
    page_size = _page_size(int.from_bytes(head[16:18], "big"))
    if page_size != PAGE_BYTES:
        raise Crashed(Accident(AccidentKind.PAGE_SIZE, number=page_size))
    pages = int.from_bytes(head[28:32], "big")
    main = pages * PAGE_BYTES
    if run.library.multiplies_in_32_bits:
        main &= 0xFFFFFFFF
    if size < main:
        raise run.fail(_DQLITE_ERROR)
    wal = size - main
    if wal and (wal <= _WAL_HEADER or (wal - _WAL_HEADER) % _FRAME):
        raise Crashed(Accident(AccidentKind.WAL_SIZE, number=wal))
    if main != pages * PAGE_BYTES:
        raise Crashed(Accident(AccidentKind.COPY_BEHIND_SNAPSHOT))
    run.images[name] = _head_after(stream, main, wal)


def _head_after(stream: Stream, main: int, wal: int) -> Image:
    """Pass over a database; what SQLite would find in its page 1: the WAL's last copy of it, else the main file's."""
    head, pages = stream.take(min(main, SQLITE_HEADER_BYTES)), main // PAGE_BYTES
    stream.skip(main - len(head))
    if not wal:
        return Image(head, pages)
    stream.skip(_WAL_HEADER)
    for _ in range((wal - _WAL_HEADER) // _FRAME):
        frame = stream.take(_FRAME_HEADER + SQLITE_HEADER_BYTES)
        stream.skip(PAGE_BYTES - SQLITE_HEADER_BYTES)
        pages = int.from_bytes(frame[4:8], "big") or pages
        if int.from_bytes(frame[:4], "big") == 1:
            head = frame[_FRAME_HEADER:]
    return Image(head, pages)


def _page_size(stored: int) -> int:
    if stored == 1:
        return 65536
    return stored if 512 <= stored <= 32768 and not stored & (stored - 1) else 0


def _restore_checked(run: Run, stream: Stream) -> None:
    """From 1.18.3 on."""
    name = stream.text()
    if name is None:
        raise run.fail(Code.INVALID)
    main = number(run, stream.word(), Code.INVALID)
    wal = number(run, stream.word(), Code.INVALID)
    if main > U64 - wal:
        raise run.fail(Code.INVALID)
    if main % PAGE_BYTES:
        raise assertion_failed("(header.main_size % page_size) == 0")
    if main // PAGE_BYTES > _PAGES_MAX:
        raise run.fail(Code.NOMEM)
    if wal > _WAL_HEADER and (wal - _WAL_HEADER) % _FRAME:
        raise Crashed(Accident(AccidentKind.WAL_SIZE, number=wal))
    if main + wal > QUICK_CHECK_BYTES_MAX:
        run.assumed.append(Assumption(AssumptionKind.LARGE_DATABASE, main + wal, name.decode("utf-8", "replace")))
        stream.skip(main + wal)
        return
    pages = _pages(run, stream.take(main), stream.take(wal))
    run.images[name] = Image(pages[0][:SQLITE_HEADER_BYTES] if pages else b"", len(pages))
    if not pages:
        raise run.fail(Code.CORRUPT)
    if _page_size(int.from_bytes(pages[0][16:18], "big")) == 0:
        raise assertion_failed("page_size > 0")
    code = quick_check(b"".join(pages), run)
    if code is not None:
        raise run.fail(code)


def _pages(run: Run, main: bytes, wal: bytes) -> list[bytes]:
    """The database's pages, those of the WAL over those of the main file."""
    found = [main[at : at + PAGE_BYTES] for at in range(0, len(main), PAGE_BYTES)]
    if len(wal) <= _WAL_HEADER:
        return found
    frames = [wal[at : at + _FRAME] for at in range(_WAL_HEADER, len(wal), _FRAME)]
    count = int.from_bytes(frames[-1][4:8], "big")
    if count == 0:
        raise assertion_failed("wal_page_count != 0")
    merged: dict[int, bytes] = dict(enumerate(found[:count], 1))
    for frame in frames:
        page = int.from_bytes(frame[:4], "big")
        if page > count:
            continue
        if page == 0:
            raise assertion_failed("page_number > 0")
        merged[page] = frame[_FRAME_HEADER:]
    if len(merged) < count:
        run.undefined = Undefined.WAL_PAGE
        raise run.fail(Code.INVALID)
    return [merged[page] for page in range(1, count + 1)]
