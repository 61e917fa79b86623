"""The YAML files of one name, node beside node: which lines are not the same on all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.report.document import Document, Text


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One file of one database, as each node has it.

    Attributes:
        texts: in the order of the document.
        common: the lines that all of them have.
    """

    database: str | None
    name: str
    texts: tuple[Text, ...]
    common: frozenset[str]

    def differs(self, line: str) -> bool:
        """Whether the line is missing on another node; never where only one node has the file."""
        return len(self.texts) > 1 and line not in self.common

    @property
    def same(self) -> bool:
        """Every node has the same lines."""
        return all(not self.differs(line.text) for text in self.texts for line in text.lines)


def side_by_side(report: Document) -> list[SideBySide]:
    """Each file that any node has, those that differ first."""
    groups: dict[tuple[str | None, str], list[Text]] = {}
    for text in report.texts:
        groups.setdefault((text.database, text.name), []).append(text)
    files = [SideBySide(database, name, tuple(texts), _common(texts)) for (database, name), texts in groups.items()]
    return sorted(files, key=lambda file: file.same)


def _common(texts: Sequence[Text]) -> frozenset[str]:
    found = Counter(line for text in texts for line in {line.text for line in text.lines})
    return frozenset(line for line, number in found.items() if number == len(texts))
