"""SHP007: db.bin is a dump, not the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, are, listed


@dataclass(frozen=True, slots=True)
class DebugDump:
    """A dump for debugging.

    Attributes:
        files: names of its files.
    """

    kind: ClassVar[str] = "debug-dump"
    files: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{listed(self.files)} {are(len(self.files))} a dump for debugging, not the database",
            ("A dump shows an old state.",),
        )


@rule(
    "SHP007",
    "db.bin is a dump, not the database",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/old-layout",),
    silent_on=("healthy/trimmed-111",),
)
def dump_not_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is a db.bin (LXD, Incus) beside the raft files.
    ## Why it matters
    It is written for debugging at certain moments, is mostly hours old, and never read: it shows an old state, and
    editing it changes nothing. But SQLite can open it, and the real files not: it can show what once was.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Use `sql` and `extract` of this tool for the real state.
    ## References
    docs/reference/products.md#lxd; https://github.com/canonical/lxd/issues/6036
    """
    dumps = node.state.of_role(FileRole.DEBUG_DUMP)
    if dumps:
        yield Finding(DebugDump(tuple(file.name for file in dumps)), (dumps[0].at,))
