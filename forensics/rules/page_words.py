"""Two states of one database that differ, as part of a finding: shared by the rules that compare snapshots."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.database.replay_check import Difference
from forensics.wording import listed


@dataclass(frozen=True, slots=True)
class DifferentPages:
    """Pages of a database that differ, the first few; none where the sizes differ."""

    database: str
    pages: tuple[int, ...]

    def words(self) -> str:
        """`pages 6 and 7 of k8s`, `the size of k8s`."""
        if not self.pages:
            return f"the size of {self.database}"
        noun = "page" if len(self.pages) == 1 else "pages"
        return f"{noun} {listed(map(str, self.pages), None)} of {self.database}"


def pages_of(difference: Difference) -> tuple[DifferentPages, ...]:
    """By database, in the order in which they were found."""
    by_name: dict[str, list[int]] = {}
    for name, page in difference.pages:
        by_name.setdefault(name, []).append(page)
    return tuple(DifferentPages(name, tuple(filter(None, pages))) for name, pages in by_name.items())
