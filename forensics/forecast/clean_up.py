"""What a start does to the directory before it lists it: the I/O probe, and deleting what was left half done.

Source: canonical/raft src/uv.c (uvMaintenance); docs/reference/start.md#failures-before-loading;
docs/reference/files.md#how-names-are-parsed.
"""

from __future__ import annotations

from forensics.forecast.files import EXISTS, IS_DIRECTORY
from forensics.forecast.simulation import Code, Run
from forensics.ingest.raft_names import SnapshotName, parse_snapshot, parse_snapshot_meta

NAME_BYTES = 128  # UV__FILENAME_LEN, with the NUL
_TMP_PREFIX = "tmp-"


def name_bytes(name: str) -> int:
    """Length of a file name as the library counts it."""
    return len(name.encode("utf-8", "surrogateescape"))


def probe(run: Run) -> None:
    """The I/O probe: its files are removed, made again and removed, which a directory of that name prevents."""
    if run.library.probes_fallocate:
        run.directory.unlink(".probe_fallocate")
    if run.directory.unlink(".probe") == IS_DIRECTORY:
        run.reading = (".probe",)
        run.message.set(f"open: {EXISTS}")
        run.message.wrap("create I/O capabilities probe file")
        raise run.fail(Code.IOERR)


def maintain(run: Run) -> None:
    """Delete left-over tmp files, and snapshot files whose other half is missing."""
    for name in list(run.directory):
        if name.startswith(_TMP_PREFIX):
            _remove(run, name)
            continue
        run.must(name_bytes(name) < NAME_BYTES, "filename_len < UV__FILENAME_LEN")
        data = parse_snapshot(name)
        meta = parse_snapshot_meta(name)
        # The other half is looked for under its canonical name, however this one is written.
        half = data or meta
        if half is not None and _canonical(half) + (".meta" if data else "") not in run.directory:
            run.losses.snapshots[name] = half.index
            _remove(run, name)


def _canonical(name: SnapshotName) -> str:
    return f"snapshot-{name.term}-{name.index}-{name.timestamp_ms}"


def _remove(run: Run, name: str) -> None:
    """Errors are ignored, but leave their text behind. A name beyond 128 bytes is not even tried."""
    if name_bytes(name) > NAME_BYTES:
        return
    failure = run.directory.unlink(name)
    if failure is not None:
        run.message.set(f"unlink: {failure}")
