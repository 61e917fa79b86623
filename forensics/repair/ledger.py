"""repair.json: where every file and every changed byte of a repaired directory comes from."""

from __future__ import annotations

from forensics.repair.contents import Contents
from forensics.repair.writer import Written
from forensics.report.document import Forecast, Part
from forensics.report.json_text import json_of
from forensics.report.parts.forecast import encode_forecast


class LedgerByte(Part):
    """One changed byte: its offset, what it was, what it is; other damage looks like this once in `odds` cases."""

    offset: int
    old: int
    new: int
    odds: int | None


class LedgerFile(Part):
    """One file: its path in the input, its size in bytes, SHA-256 of the evidence and of what was written."""

    name: str
    origin: str
    size: int
    sha256_before: str
    sha256_after: str
    changes: list[LedgerByte]


class LedgerLeftOut(Part):
    """A file of the evidence that was not copied. `why`: moved-away, key, no-file, no-content."""

    name: str
    why: str


class LedgerKept(Part):
    """The entries that the result's start has: a snapshot's index (null: none), then entries first to last."""

    snapshot_index: int | None
    first: int
    last: int


class Ledger(Part):
    """All of it; `forecast` is of the result, its `lost` what it no longer has."""

    node: str
    files: list[LedgerFile]
    left_out: list[LedgerLeftOut]
    kept: LedgerKept | None
    forecast: Forecast


def ledger_text(contents: Contents, written: tuple[Written, ...]) -> str:
    """The JSON text; the same evidence gives the same bytes."""
    return json_of(
        Ledger(
            node=contents.node,
            files=[_file(one) for one in written],
            left_out=[LedgerLeftOut(name=name, why=why.value) for name, why in contents.left_out],
            kept=_kept(contents),
            forecast=encode_forecast(contents.repair.after),
        )
    )


def _file(one: Written) -> LedgerFile:
    content = one.content
    changes = [LedgerByte(offset=it.offset, old=it.old, new=it.new, odds=it.odds) for it in content.changes]
    return LedgerFile(
        name=content.name,
        origin=content.blob.path,
        size=content.blob.size,
        sha256_before=one.before,
        sha256_after=one.after,
        changes=changes,
    )


def _kept(contents: Contents) -> LedgerKept | None:
    loaded = contents.repair.after.said.loaded
    if loaded is None:
        return None
    snapshot = loaded.snapshot.index if loaded.snapshot else None
    return LedgerKept(snapshot_index=snapshot, first=loaded.log.start, last=loaded.log.last)
