"""What is known of a node's databases at its last index; facts/database/examine.py finds it out."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.database.k8sd_tables import MemberRow, MicroclusterTables
from forensics.facts.database.kine_health import Kine


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """One database.

    Attributes:
        name: dqlite's.
        page_size, pages: bytes, and how many. free_pages: of these, unused; None where it could not be read.
        losses: what is not as it was; empty where the image is whole.
        integrity: what `PRAGMA integrity_check` says, `ok` alone in health; None where it was not run.
        not_checked: why something of this was not examined; empty where everything was.
        kine: where it has that table.
        members: where it is microcluster's.
        microcluster: the rest that is read of it there.
        at: where the pages that the integrity check names lie, else page 1.
    """

    name: str
    page_size: int
    pages: int
    free_pages: int | None
    losses: tuple[str, ...]
    integrity: tuple[str, ...] | None
    not_checked: str
    kine: Kine | None
    members: tuple[MemberRow, ...] | None
    at: tuple[Span, ...]
    microcluster: MicroclusterTables | None = None

    @property
    def sound(self) -> bool | None:
        """The integrity check found nothing; None where it was not run."""
        return None if self.integrity is None else self.integrity == ("ok",)


@dataclass(frozen=True, slots=True)
class Databases:
    """All databases of a node.

    Attributes:
        index, term: of the last entry that is in them; 0 where there are none.
        snapshot: the name of the snapshot that they start from; None where that is the beginning.
        found: by name.
        not_checked: why there are none; empty where there are.
    """

    index: int = 0
    term: int = 0
    snapshot: str | None = None
    found: tuple[DatabaseFacts, ...] = ()
    not_checked: str = "there is neither a usable snapshot nor a log from index 1"

    def get(self, name: str) -> DatabaseFacts | None:
        """The database of that name."""
        return next((database for database in self.found if database.name == name), None)


NOT_EXAMINED = Databases(not_checked="the databases were not examined")
