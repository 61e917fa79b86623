"""LEFT001: files that self-repair set aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from forensics.facts.node.node import Node
from forensics.ingest.raft_names import parse_closed, parse_corrupt
from forensics.ingest.roles import FileRole
from forensics.rules.api import Finding, Needs, Severity, rule

_YEAR_3000 = 32_503_680_000


@rule(
    "LEFT001",
    "segments that self-repair set aside",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("leftover/self-repair",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def self_repair(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names that begin with `corrupt-`. Told by names.
    ## Why it matters
    Since raft 0.14 a start that meets a corrupt last segment renames it, with every open segment, and goes on without
    their entries. The number in the name is the wall clock of that start. Whatever these files held was gone from this
    node from then on; a leader may have sent it again, or not.
    ## False alarm if
    Where the damage is long past and the others' logs agree with this one's.
    ## What to do
    Keep the files: they may hold the only copy. Compare this node's log with the others' around the first missing
    index, and look at the host's disk and journal at that time.
    ## References
    canonical/dqlite src/raft/uv.c; https://github.com/canonical/raft/pull/277; FACTS 1.2, 2.7
    """
    for file in node.state.of_role(FileRole.CORRUPT):
        name = parse_corrupt(file.name)
        if name is None:
            continue
        closed = parse_closed(name.original)
        what = f"entries {closed.first} to {closed.last}" if closed else f"what {name.original} held"
        yield Finding(f"{file.name}: a start {_moment(name.nanoseconds)} went on without {what}", (file.at,))


def _moment(nanoseconds: int) -> str:
    """The wall clock in the name, as far as it is one."""
    seconds = nanoseconds // 1_000_000_000
    if not 0 < seconds < _YEAR_3000:
        return f"at an impossible time ({nanoseconds} ns)"
    return f"on {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d at %H:%M:%S} UTC"
