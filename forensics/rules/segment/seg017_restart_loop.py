"""SEG017: many tiny closed segments, the trace of a process that restarts again and again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.facts.raft_log import ClosedSegment
from forensics.rules.api import Finding, Needs, Severity, rule

_TINY_ENTRIES = 3  # what an elected leader or a joining follower writes before it dies again
_RUN_MIN = 10  # ten starts in a row that wrote next to nothing are no maintenance


@rule(
    "SEG017",
    "restart loop: a run of tiny segments",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/restart-loop",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def restart_loop(node: Node) -> Iterator[Finding]:
    """## What it checks
    Ten or more neighbouring closed segments with at most three entries each. Told by names.
    ## Why it matters
    A segment is closed when it is full, at a snapshot, or when the process stops. A row of tiny ones means that the
    process stopped each time after it had written an entry or two: a crash loop, or a watchdog. Users find this
    together with gaps, and with a leader that cannot keep its followers.
    ## When it is wrong
    A cluster that is stopped every night with almost no writes in between.
    ## What to do
    Read the journal around the files' times: what ended the process, and did a start fail before it?
    ## References
    https://github.com/canonical/lxd/issues/7583; https://github.com/canonical/raft/issues/295; FACTS 1.5
    """
    run: list[ClosedSegment] = []
    for part in [*node.log.closed, None]:
        if part is not None and 0 <= part.last - part.first < _TINY_ENTRIES and (not run or _follows(run[-1], part)):
            run.append(part)
            continue
        if len(run) >= _RUN_MIN:
            entries = run[-1].last - run[0].first + 1
            message = f"{len(run)} closed segments in a row hold {entries} entries ({run[0].first} to {run[-1].last})"
            yield Finding(message, (run[0].file.at, run[-1].file.at))
        run = []


def _follows(before: ClosedSegment, after: ClosedSegment) -> bool:
    return before.last + 1 == after.first
