"""LEFT001: files that self-repair moved away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.raft_names import parse_closed, parse_corrupt
from forensics.ingest.roles import FileRole
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, entries, moment, segment

_YEAR_3000 = 32_503_680_000


@dataclass(frozen=True, slots=True)
class MovedAway:
    """A segment that a start moved away, to go on without it.

    Attributes:
        file: its name now.
        original: its name before.
        first_index, last_index: what a closed segment's name promises; None of an open one.
        time: of that start, by the wall clock in the name; None where the number is no credible time.
    """

    kind: ClassVar[str] = "moved-away"
    file: str
    original: str
    first_index: int | None
    last_index: int | None
    time: datetime | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        when = f"on {moment(self.time, seconds=True)}" if self.time else "at a time that its name does not tell"
        lost = "what it held" if self.first_index is None else entries(self.first_index, self.last_index)
        return Words(
            f"self-repair moved {segment(self.original)} away",
            (f"A start {when} went on without {lost}.",),
        )


@rule(
    "LEFT001",
    "segment that self-repair moved away",
    Severity.MEDIUM,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("leftover/self-repair",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def self_repair(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether a file name begins with `corrupt-`. File names are enough for this.
    ## Why it matters
    Since raft 0.14, a start that finds the last closed segment corrupt renames it, with every open segment, and goes on
    without their entries. The number in the name is the time of that start. From then on this node lacked what these
    files held; a leader may have sent it again, or not.
    ## False alarm if
    The damage was long ago, and the logs of the other nodes agree with this one.
    ## What to do
    Keep the files: they may hold the only copy. Compare this node's log with the others around the first missing index,
    and look at the disk and the journal of the host at that time.
    ## References
    canonical/dqlite src/raft/uv.c; https://github.com/canonical/raft/pull/277;
    docs/reference/files.md#names-in-a-state-directory; docs/reference/start.md#self-repair
    """
    for file in node.state.of_role(FileRole.CORRUPT):
        name = parse_corrupt(file.name)
        if name is None:
            continue
        closed = parse_closed(name.original)
        first, last = (closed.first, closed.last) if closed else (None, None)
        problem = MovedAway(file.name, name.original, first, last, _time(name.nanoseconds))
        yield Finding(problem, (file.at,), where=(file.name,))


def _time(nanoseconds: int) -> datetime | None:
    """The wall clock in the name, as far as it is one."""
    seconds = nanoseconds // 1_000_000_000
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _YEAR_3000 else None
