"""SEG017: many tiny closed segments, the trace of a process that restarts again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.file_statistics import is_tiny
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, count, entries

_RUN_MIN = 10  # ten starts in a row that wrote next to nothing are no maintenance


@dataclass(frozen=True, slots=True)
class TinyRun:
    """Neighbouring closed segments that hold next to nothing.

    Attributes:
        segments: how many.
        first_index, last_index: the entries that they hold.
    """

    kind: ClassVar[str] = "tiny-run"
    segments: int
    first_index: int
    last_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        held = count(self.last_index - self.first_index + 1, "entry")
        return Words(
            f"{self.segments} closed segments in a row hold only {held}",
            (f"They hold {entries(self.first_index, self.last_index)}.",),
        )


@dataclass(frozen=True, slots=True)
class TinyInListing:
    """Tiny closed segments of a listing that is cut, so that neighbours are not known.

    Attributes:
        tiny, shown: how many are tiny, of how many that the listing shows.
        first_index, last_index: the range that they lie in.
    """

    kind: ClassVar[str] = "tiny-in-listing"
    tiny: int
    shown: int
    first_index: int
    last_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.tiny} of the {self.shown} closed segments in the listing hold next to nothing",
            (
                f"They lie among {entries(self.first_index, self.last_index)}.",
                "The listing is cut, so it cannot be told from this upload whether they follow each other.",
            ),
        )


@rule(
    "SEG017",
    "restart loop: a run of tiny segments",
    Severity.MEDIUM,
    fault=FaultKind.SERVICE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/restart-loop",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def restart_loop(node: Node) -> Iterator[Finding]:
    """## What it checks
    Ten or more neighbouring closed segments that hold next to nothing: at most three entries each, or a few more where
    the file is very small. File names are enough for this. In a listing that is cut, the neighbours are not known, and
    all tiny segments are counted.
    ## Why it matters
    A segment is closed when it is full, at a snapshot, or when the process stops. A row of tiny ones means that the
    process stopped each time after it had written an entry or two: a crash loop, or a watchdog. Users find this
    together with gaps, and with a leader that cannot keep its followers.
    ## False alarm if
    The cluster is stopped every night, with almost no writes in between.
    ## What to do
    Read the journal around the files' times: what ended the process, and did a start fail before it?
    ## References
    https://github.com/canonical/lxd/issues/7583; https://github.com/canonical/raft/issues/295;
    docs/reference/segments.md#closed-segments
    """
    if node.names_cut:
        tiny = [part for part in node.log.closed if is_tiny(part)]
        if len(tiny) >= _RUN_MIN:
            problem = TinyInListing(len(tiny), len(node.log.closed), tiny[0].first, tiny[-1].last)
            yield Finding(problem, (tiny[0].file.at, tiny[-1].file.at))
            return
    for run in _tiny_runs(node.log.closed):
        if len(run) >= _RUN_MIN:
            problem_of_run = TinyRun(len(run), run[0].first, run[-1].last)
            yield Finding(problem_of_run, (run[0].file.at, run[-1].file.at), where=(run[0].file.name,))


def _tiny_runs(closed: Iterable[ClosedSegment]) -> Iterator[list[ClosedSegment]]:
    """Stretches of tiny segments that follow each other without a gap."""
    run: list[ClosedSegment] = []
    for part in closed:
        if is_tiny(part) and (not run or run[-1].last + 1 == part.first):
            run.append(part)
            continue
        yield run
        run = []
    yield run
