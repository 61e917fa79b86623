"""One state: what the case calls safe of it, started on real dqlite, and everything that is wrong then."""

from __future__ import annotations

import contextlib
import json
import lzma
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fixtures.make.client import Client, DqliteError
from forensics import pipeline
from forensics.case.answer import DatabaseAnswer
from forensics.check.tree import Tree
from forensics.election.state import State
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from tests.held.damage import Damaged, damaged
from tests.held.raw_log import COMMAND, read_log
from tests.held.recording import BASES
from tests.held.starts.committed import Committed, misses, plain
from tests.held.starts.library import Member, Nodes

ELECTION_SECONDS = 30.0
"""For a leader that is due: elections take 0.75 to 1.5 s each, and a busy machine more."""
QUIET_SECONDS = 4.0
"""For one that is not: more than two of them."""
SETTLE_SECONDS = 1.0

Rows = Mapping[str, list[list[Any]]]
"""By `database.table`."""


@dataclass(frozen=True, slots=True)
class Started:
    """What came of one state.

    Attributes:
        seed: gives it again.
        title: seed and damage.
        version: of the dqlite that wrote the state, and on which it was started.
        started: the nodes called safe.
        leaders: who led then; nobody where nobody could be elected.
        wrong: everything that must not be.
    """

    seed: str
    title: str
    version: str
    started: tuple[str, ...]
    leaders: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class _After:
    """What was seen of the started nodes."""

    failures: Mapping[str, str]
    leaders: list[str]
    rows: dict[str, Rows] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)


def safe_nodes(made: Damaged) -> tuple[tuple[str, ...], bool]:
    """Whom the case calls safe, and whether it says that they elect a leader."""
    answers = _answers(made)
    safe = tuple(sorted(name for answer in answers for name in answer.named(State.SAFE)))
    return safe, any(answer.safe and set(answer.safe) <= set(safe) for answer in answers)


def carry_out(seed: str) -> Started:
    """Asks the case, and starts exactly the safe nodes; nothing is started where there is none."""
    made = damaged(seed)
    safe, elects = safe_nodes(made)
    if not safe:
        return Started(seed, made.title, made.base.version, ())
    if len({made.base.addresses[plain(name)] for name in safe}) < len(safe):
        clash = "two directories of one address are called safe"
        return Started(seed, made.title, made.base.version, safe, (), (clash,))
    truth = Committed(made)
    rows = _recorded_rows(made) if truth.whole() else {}
    after = _started(made, safe, ELECTION_SECONDS if elects else QUIET_SECONDS, rows)
    wrong = tuple(_wrong(truth, after, rows, elects=elects))
    return Started(seed, made.title, made.base.version, safe, tuple(sorted(after.leaders)), wrong)


def recorded(one: Started) -> dict[str, Any]:
    """As fixtures/starts.toml keeps it."""
    return {
        "seed": one.seed, "damage": one.title, "dqlite": one.version,
        "started": list(one.started), "leaders": list(one.leaders),
    }  # fmt: skip


def _answers(made: Damaged) -> list[DatabaseAnswer]:
    blob = BytesBlob("held.tar", made.input())
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        return list(pipeline.decided(pipeline.gather(evidence)))


def _started(made: Damaged, safe: tuple[str, ...], seconds: float, rows: Rows) -> _After:
    base = made.base
    members = {name: Member(made.trees[name], base.ids[plain(name)], base.addresses[plain(name)]) for name in safe}
    with Nodes(base.version, members) as nodes:
        after = _After(nodes.failures(), nodes.wait_leaders(seconds))
        if after.leaders:
            time.sleep(SETTLE_SECONDS)
            after.leaders, after.rows = _rows(nodes, rows)
        nodes.kill()
        after.trees = nodes.trees()
        return after


def _wrong(truth: Committed, after: _After, rows: Rows, *, elects: bool) -> Iterator[str]:
    for name, said in after.failures.items():
        yield f"{name} is safe, and does not run: {said}"
    if elects and not after.leaders:
        yield "they can elect a leader, and did not"
    for leader in after.leaders:
        for lines in truth.required(leader, after.trees):
            missing = [misses(after.trees[leader], line) for line in lines]
            if None not in missing:
                yield f"{leader} leads, and lacks {missing} of {[len(line) for line in lines]}"
        yield from _wrong_rows(truth, after, rows, leader)
    if gone := truth.lost(after.trees):
        yield f"{len(gone)} committed entries can be read nowhere any more"


def _wrong_rows(truth: Committed, after: _After, recorded_rows: Rows, leader: str) -> Iterator[str]:
    """The leader's rows are those that were recorded, unless it wrote or kept more than was committed."""
    line = truth.whole()
    log = read_log({file: one.content for file, one in after.trees[leader].items()})
    if line is None or any(one.kind == COMMAND and at > len(line) for at, one in log.items()):
        return
    for table, rows in recorded_rows.items():
        found = after.rows.get(leader, {}).get(table)
        if found != rows:
            yield f"{leader} leads, and {table} has {len(found or ())} rows, not the {len(rows)} that were recorded"


def _recorded_rows(made: Damaged) -> Rows:
    """What the live cluster answered at the end of the recording, in the order of their text."""
    lines = lzma.decompress((BASES / f"{made.base.name}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    tables = [table for line in lines if (table := json.loads(line))["moment"] == "end"]
    return {f"{table['database']}.{table['table']}": sorted(table["rows"], key=str) for table in tables}


def _rows(nodes: Nodes, like: Rows) -> tuple[list[str], dict[str, Rows]]:
    """Who leads, and the same tables as they have them; asked again while they change, or still elect."""
    deadline, leaders = time.monotonic() + ELECTION_SECONDS, nodes.leaders()
    while time.monotonic() < deadline:
        with contextlib.suppress(DqliteError, OSError):
            if leaders:
                return leaders, {name: {table: _table(nodes.client(name), table) for table in like} for name in leaders}
        time.sleep(SETTLE_SECONDS)
        leaders = nodes.leaders()
    return leaders, {}


def _table(client: Client, name: str) -> list[list[Any]]:
    database, _, table = name.rpartition(".")
    with client:
        client.open(database)
        rows = client.query(f'SELECT * FROM "{table}"').rows  # noqa: S608 - a name of our own recordings
    return sorted(([{"hex": one.hex()} if isinstance(one, bytes) else one for one in row] for row in rows), key=str)
