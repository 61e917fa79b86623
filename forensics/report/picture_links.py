"""Where a click on a mark of a picture leads: to the worst finding about a file, or about indexes, of one node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forensics.report.document import Finding


@dataclass(frozen=True, slots=True)
class Links:
    """The findings of one node, or of all nodes together: numbers from 1, as the page counts them."""

    by_path: Mapping[str, int] = field(default_factory=dict)
    by_where: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def of_file(self, path: str | None) -> str:
        """The ID of the finding that shows bytes of this file; empty where none does."""
        return _id(self.by_path.get(path or ""))

    def of_indexes(self, *where: int) -> str:
        """The ID of the finding that is about these indexes; empty where none is."""
        return _id(self.by_where.get(tuple(map(str, where))))


def links_of(findings: Sequence[Finding], database: str, node: str | None = None) -> Links:
    """Of one node, or of the whole database. Findings come worst first, so the first of several counts."""
    by_path: dict[str, int] = {}
    by_where: dict[tuple[str, ...], int] = {}
    for number, finding in enumerate(findings, 1):
        if finding.database == database and (node is None or node in finding.nodes):
            by_where.setdefault(finding.where, number)
            for entry in finding.evidence:
                by_path.setdefault(entry.path, number)
    return Links(by_path, by_where)


def _id(number: int | None) -> str:
    return f"f{number}" if number else ""
