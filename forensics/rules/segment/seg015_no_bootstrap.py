"""SEG015: a log from index 1 that does not begin with a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.segment import EntryType
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words


class FirstEntry(Enum):
    """What stands where the first configuration should."""

    COMMAND = "command"
    BARRIER = "barrier"


@dataclass(frozen=True, slots=True)
class NoConfiguration:
    """Entry 1 is no configuration, and there is no snapshot; `first_entry` is what it is."""

    kind: ClassVar[str] = "no-configuration"
    first_entry: FirstEntry

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the log does not begin with a configuration, and there is no snapshot",
            (
                f"Its first entry is a {self.first_entry.value}.",
                "dqlite 1.16.3 and later abort at start; older versions start without any members.",
            ),
        )


@rule(
    "SEG015",
    "log without its first configuration",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCOMPLETE,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/no-bootstrap",),
    silent_on=("healthy/stopped-111", "healthy/killed-111"),
)
def no_bootstrap(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Without a snapshot, the first entry is a configuration.
    ## Why it matters
    Entry 1 is the founder's configuration. The raft inside dqlite (1.16.3 and later) aborts where it is something else;
    older versions start with an empty configuration, as a member of no cluster. An open segment that lost what came
    before it looks like this: its entries would be numbered from 1.
    ## False alarm if
    The copy left out the snapshots and the older segments.
    ## What to do
    Ask for the missing files. If they are lost, let this node come back once the others have a leader, as the report's
    first steps say.
    ## References
    canonical/dqlite src/raft/start.c; docs/reference/start.md#after-loading
    """
    if node.newest_snapshot is not None or loading_chain(node).starts_too_late:
        return
    if node.names_cut:
        yield NotChecked(CUT, "input-cut", (node.name,))
        return
    first, segment, _ = next(node.log.parts(), (0, None, None))
    if segment is None:
        yield NotChecked("no entry can be read", "no-readable-entry")
    elif first == 1 and segment.types[0] != EntryType.CHANGE:
        found = FirstEntry.COMMAND if segment.types[0] == EntryType.COMMAND else FirstEntry.BARRIER
        yield Finding(NoConfiguration(found), (segment.header_span(0),))
