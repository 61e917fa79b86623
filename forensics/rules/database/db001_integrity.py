"""DB001: SQLite finds a database damaged inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.database.words import loss_words, not_examined_words
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, sentences

_SHOWN = 3
_REINDEX = (
    "Find the first index at which it shows: `sql --at INDEX 'PRAGMA integrity_check'`, halving the range. Then make "
    "the indexes anew with REINDEX on the leader."
)


@dataclass(frozen=True, slots=True)
class DamagedDatabase:
    """A database that fails SQLite's integrity check.

    Attributes:
        database: its name.
        index: of the log, at which it was rebuilt.
        messages: what SQLite says.
        only_indexes: it names entries of indexes alone.
    """

    kind: ClassVar[str] = "damaged-database"
    database: str
    index: int
    messages: tuple[str, ...]
    only_indexes: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        more = len(self.messages) - _SHOWN
        shown = "; ".join(self.messages[:_SHOWN])
        rest = f", and {count(more, 'more message')}" if more > 0 else ""
        return Words(
            f"database {self.database} is damaged inside",
            sentences(
                f"SQLite's integrity check at index {self.index} says: {shown}{rest}.",
                "Only entries of indexes are wrong: keys exist that no list shows." if self.only_indexes else "",
            ),
            _REINDEX if severity is Severity.HIGH else None,
        )


@rule(
    "DB001",
    "database that is damaged inside",
    Severity.CRITICAL,
    fault=FaultKind.DATABASE_DAMAGED,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/damaged-page",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/k8sd"),
    consequence=True,  # of lost or moved entries, where the log or the other nodes show them
    effect=Effect.DEGRADED,
)
def integrity(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether each database, rebuilt at the last index of the log, passes SQLite's `PRAGMA integrity_check`. The check
    works on copies of its pages in a private place; the evidence is never opened with SQLite.
    ## Why it matters
    Raft replicated the damage, so every member has it, and restoring another member does not help. dqlite 1.18.3 and
    later check a snapshot when they load it, and do not start on a bad one (`raft_start(): ` and no text). Older
    versions serve wrong rows.
    ## False alarm if
    The damage came with entries after the commit index: they may never have been applied, and it goes away with them.
    It is milder if only entries of indexes are wrong. A database that lacks pages is not checked.
    ## What to do
    Find the first index at which it shows: `sql --at INDEX 'PRAGMA integrity_check'`, halving the range. `extract` the
    last good state. From damaged tables, export what can be read.
    ## References
    https://www.sqlite.org/pragma.html#pragma_integrity_check; docs/reference/start.md#the-newest-snapshot;
    docs/reference/k8s-dqlite.md#checks-in-sql
    """
    for database in node.databases.found:
        name = f"{database.name} of {node.name}"
        if database.losses:
            reason = f"{name} is not complete: {loss_words(database.losses[0])}"
            yield NotChecked(reason, "database-not-complete", (node.name,))
        elif database.integrity is None:
            why = f": {not_examined_words(database.not_examined)}" if database.not_examined else ""
            yield NotChecked(f"{name} was not examined{why}", "database-not-examined", (node.name,))
        elif not database.sound:
            yield Finding(
                DamagedDatabase(database.name, node.databases.index, database.integrity, database.only_indexes),
                database.at,
                Severity.HIGH if database.only_indexes else None,
                where=(database.name,),
            )
