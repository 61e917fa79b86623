"""repair.json: where every file and every changed byte of a repaired directory comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from forensics.evidence import Blob
from forensics.forecast.model import Forecast as Start
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast
from forensics.ingest.state_directory import StateFile
from forensics.limits import IO_CHUNK_BYTES
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import Place
from forensics.repair.contents import ByteChange, Contents, FileContent, LeftOut, MadeFile, Taken, not_copied
from forensics.repair.writer import Written
from forensics.report.document import Forecast, Part
from forensics.report.parts.forecast import encode_forecast


class LedgerByte(Part):
    """One changed byte: its offset, what it was, what it is; other damage looks like this once in `odds` cases."""

    offset: int
    old: int
    new: int
    odds: int | None


class LedgerTaken(Part):
    """Entries `first` to `last` of a file that was made anew: from `origin` of `node`, with these bytes set.

    `sha256` is that of all of `origin`; null in older ledgers.
    """

    node: str
    origin: str
    first: int
    last: int
    changes: list[LedgerByte]
    sha256: str | None = None


class LedgerFile(Part):
    """One file: its path in the input, its size in bytes, SHA-256 of the evidence and of what was written.

    Of a file that was made anew, `made` says what it holds (entries, term, snapshot, compressed, snapshot-meta,
    snapshot-alone, configuration, members, all-members, identity), and `origin` and `sha256_before` are null.
    """

    name: str
    origin: str | None
    size: int
    sha256_before: str | None
    sha256_after: str
    changes: list[LedgerByte]
    made: str | None
    taken: list[LedgerTaken]


class LedgerLeftOut(Part):
    """A file of the evidence that was not copied. `why`: moved-away, made-anew, key, member, no-file, no-content.

    `sha256` is null of a private key, of what is no file or did not arrive whole, and in older ledgers.
    """

    name: str
    why: str
    sha256: str | None = None


class LedgerKept(Part):
    """The entries that the result's start has: a snapshot's index (null: none), then entries first to last.

    The last one's term and CRC-32 tell it again later; null where only the snapshot has it.
    """

    snapshot_index: int | None
    first: int
    last: int
    last_term: int | None
    last_checksum: int | None


class LedgerVersion(Part):
    """What a start comes to with one version of dqlite."""

    dqlite_version: str
    outcome: Outcome
    message: str | None


class LedgerLost(Part):
    """Entries that the node, or another of its history, once stored, and that the result has not."""

    first: int
    last: int


class LedgerAgainst(Part):
    """Entries of a node that were not used: it has another history there."""

    node: str
    first: int
    last: int


class LedgerCommands(Part):
    """What is typed on some nodes; `nodes` is empty where `place` tells it."""

    place: Place
    nodes: list[str]
    commands: list[str]


class LedgerStep(Part):
    """One step of putting the directory into its place: what is typed where, how it looks then, when not to go on."""

    kind: StepKind
    nodes: list[str]
    do: str
    commands: list[LedgerCommands]
    expect: str
    stop: str


class Ledger(Part):
    """All of it.

    `id` (64 bits, as text) and `address` are the server's. `forecast` is of the result, read from the disk, for the
    version that runs the node; `versions` for every version.
    """

    node: str
    id: str | None
    address: str | None
    history: str
    against: list[LedgerAgainst]
    files: list[LedgerFile]
    left_out: list[LedgerLeftOut]
    kept: LedgerKept
    lost: list[LedgerLost]
    forecast: Forecast
    versions: list[LedgerVersion]
    steps: list[LedgerStep]


def ledger_of(
    contents: Contents,
    evidence: Mapping[str, StateFile],
    written: tuple[Written, ...],
    starts: Sequence[Start],
    steps: Iterable[Step],
) -> Ledger:
    """From what was written of a node's files, and what its starts come to: that of the version that runs it first."""
    own = NodeForecast(contents.node, contents.choice, starts[0], ())
    return Ledger(
        node=contents.node,
        id=None if contents.id is None else str(contents.id),
        address=contents.address,
        history=contents.history,
        against=[LedgerAgainst(node=one.node, first=one.first, last=one.last) for one in contents.against],
        files=[_file(one) for one in written],
        left_out=[
            LedgerLeftOut(name=name, why=why.value, sha256=_of_left(why, evidence[name]))
            for name, why in contents.left_out
        ],
        kept=_kept(starts[0]),
        lost=[LedgerLost(first=one.first, last=one.last) for one in contents.lost],
        forecast=encode_forecast(own),
        versions=[
            LedgerVersion(dqlite_version=one.library.name, outcome=one.outcome, message=one.message) for one in starts
        ],
        steps=[_step(step) for step in steps],
    )


def _step(step: Step) -> LedgerStep:
    runs = [LedgerCommands(place=run.place, nodes=list(run.nodes), commands=list(run.commands)) for run in step.runs]
    return LedgerStep(
        kind=step.kind, nodes=list(step.nodes), do=step.title, commands=runs, expect=step.expect, stop=step.stop
    )


def _file(one: Written) -> LedgerFile:
    content = one.content
    return LedgerFile(
        name=content.name,
        origin=content.blob.path if isinstance(content, FileContent) else None,
        size=one.size,
        sha256_before=one.before,
        sha256_after=one.after,
        changes=_changes(content.changes) if isinstance(content, FileContent) else [],
        made=content.making.value if isinstance(content, MadeFile) else None,
        taken=[_taken(part) for part in content.taken] if isinstance(content, MadeFile) else [],
    )


def _taken(part: Taken) -> LedgerTaken:
    return LedgerTaken(
        node=part.node,
        origin=part.blob.path,
        first=part.first,
        last=part.last,
        changes=_changes(part.changes),
        sha256=sha256_of(part.blob),
    )


def _of_left(why: LeftOut, file: StateFile) -> str | None:
    if why is LeftOut.KEY or not_copied(file) is not None or file.blob is None:
        return None
    return sha256_of(file.blob)


def sha256_of(blob: Blob) -> str:
    """Of all of it, in hex."""
    digest = hashlib.sha256()
    for piece in blob.chunks(IO_CHUNK_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _changes(changes: Iterable[ByteChange]) -> list[LedgerByte]:
    return [LedgerByte(offset=one.offset, old=one.old, new=one.new, odds=one.odds) for one in changes]


def _kept(start: Start) -> LedgerKept:
    loaded = start.loaded
    if loaded is None:
        return LedgerKept(snapshot_index=None, first=0, last=0, last_term=None, last_checksum=None)
    last = loaded.log.parts[-1].segment if loaded.log.parts else None
    return LedgerKept(
        snapshot_index=loaded.snapshot.index if loaded.snapshot else None,
        first=loaded.log.start,
        last=loaded.log.last,
        last_term=last.terms[-1] if last else None,
        last_checksum=last.digests[-1] if last else None,
    )
