"""DB002: a database counts pages that nothing ever wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.torn_copy import is_older_than_contents
from forensics.facts.database.loss import LossKind
from forensics.facts.database.words import loss_words
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, sentences

_COPY_AGAIN = "Copy the directory again, if possible with the node stopped."


@dataclass(frozen=True, slots=True)
class PagesMissing:
    """A database without all of its pages.

    Attributes:
        database: its name.
        index: of the log, at which it was rebuilt.
        missing, pages: how many pages are missing, and how many there should be.
        copied_while_writing: the directory is not one consistent state, so entries may be missing from the copy alone.
    """

    kind: ClassVar[str] = "pages-missing"
    database: str
    index: int
    missing: int
    pages: int
    copied_while_writing: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        torn = (
            "The directory was copied while the node was writing: fewer than two unused open segments follow the one "
            "in use. So entries may be missing from the copy alone."
        )
        return Words(
            f"database {self.database} lacks {self.missing} of its {count(self.pages, 'page')}",
            sentences(
                f"This is its state at index {self.index}: nothing in the snapshot or the log wrote these pages.",
                torn if self.copied_while_writing else "",
            ),
            _COPY_AGAIN if severity is Severity.LOW else None,
        )


@rule(
    "DB002",
    "database with pages that were never written",
    Severity.HIGH,
    fault=FaultKind.DATABASE_DAMAGED,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/page-missing",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/single-111"),
)
def pages_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether a snapshot that is complete, and every entry after it, contain all pages that the database's own header
    counts.
    ## Why it matters
    When a database grows, its new pages are in the log. If they are not, an entry is lost, or it has another index than
    it had: dqlite gives indexes to the entries of open segments by counting, and counts on after a lost entry.
    ## False alarm if
    The directory was copied while the node was writing: entries may be missing from the copy alone, and the finding is
    milder. If the snapshot itself is cut or damaged, nothing is checked here: other rules say so.
    ## What to do
    Compare this node's log with those of the other nodes (`analyze` with all directories together), and let this node
    come back once the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/vfs.c; docs/reference/start.md#loading-segments;
    docs/reference/commands.md#rebuilding-a-database
    """
    torn = is_older_than_contents(node)
    for database in node.databases.found:
        missing = next((loss for loss in database.losses if loss.kind is LossKind.MISSING_PAGES), None)
        other = next((loss for loss in database.losses if loss is not missing), None)
        if other is not None:
            reason = f"{database.name} of {node.name} is not complete: {loss_words(other)}"
            yield NotChecked(reason, "database-not-complete", (node.name,))
        elif missing is not None:
            problem = PagesMissing(database.name, node.databases.index, missing.number, missing.of, torn)
            yield Finding(problem, database.at, Severity.LOW if torn else None, where=(database.name,))
