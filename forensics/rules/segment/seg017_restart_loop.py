"""SEG017: many tiny closed segments, the trace of a process that restarts again and again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.file_statistics import is_tiny
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_RUN_MIN = 10  # ten starts in a row that wrote next to nothing are no maintenance


@rule(
    "SEG017",
    "restart loop: a run of tiny segments",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/restart-loop",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def restart_loop(node: Node) -> Iterator[Finding]:
    """## What it checks
    Ten or more neighbouring closed segments with at most three entries each, or a few more that are next to nothing
    by the file's size. Told by names; of a listing that is cut, the neighbours are not known and all are counted.
    ## Why it matters
    A segment is closed when it is full, at a snapshot, or when the process stops. A row of tiny ones means that the
    process stopped each time after it had written an entry or two: a crash loop, or a watchdog. Users find this
    together with gaps, and with a leader that cannot keep its followers.
    ## False alarm if
    A cluster that is stopped every night with almost no writes in between.
    ## What to do
    Read the journal around the files' times: what ended the process, and did a start fail before it?
    ## References
    https://github.com/canonical/lxd/issues/7583; https://github.com/canonical/raft/issues/295; FACTS 1.5
    """
    tiny = [part for part in node.log.closed if is_tiny(part)]
    if node.names_cut and len(tiny) >= _RUN_MIN:
        span = f"between {tiny[0].first} and {tiny[-1].last}"
        message = f"{len(tiny)} of the {len(node.log.closed)} closed segments that the listing shows are tiny, {span}"
        yield Finding(message, (tiny[0].file.at, tiny[-1].file.at))
        return
    run: list[ClosedSegment] = []
    for part in [*node.log.closed, None]:
        if part is not None and is_tiny(part) and (not run or _follows(run[-1], part)):
            run.append(part)
            continue
        if len(run) >= _RUN_MIN:
            entries = run[-1].last - run[0].first + 1
            message = f"{len(run)} closed segments in a row hold {entries} entries ({run[0].first} to {run[-1].last})"
            yield Finding(message, (run[0].file.at, run[-1].file.at))
        run = []


def _follows(before: ClosedSegment, after: ClosedSegment) -> bool:
    return before.last + 1 == after.first
