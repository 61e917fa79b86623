"""Pictures of a database: its size on the axis of indexes, and which findings its marks lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.report.document import Cluster, Database, Document, Finding

WIDTH, HEIGHT = 1000, 100
"""Units of the drawing, which is stretched to the page: an index is told by its part of the width."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A step for each size.

    Attributes:
        line: the path of the size from the first index to the last.
        first, last: indexes at the ends of the axis.
        top: pages at the upper edge; 0 is the lower one.
        words: the same in one sentence.
    """

    line: str
    first: int
    last: int
    top: int
    words: str


def growth_of(database: Database) -> Growth | None:
    """None where it never changed, as far as is known."""
    sizes = database.growth
    if len({size.pages for size in sizes}) < 2 or sizes[0].index >= sizes[-1].index:
        return None
    first, last = sizes[0].index, sizes[-1].index
    top = max(size.pages for size in sizes) or 1
    places = [((size.index - first) / (last - first) * WIDTH, HEIGHT - size.pages / top * HEIGHT) for size in sizes]
    steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in places[1:])
    words = (
        f"{database.name} had {sizes[0].pages} pages at index {first} and {sizes[-1].pages} at index {last}; "
        f"{top} at most"
    )
    return Growth(f"M0,{places[0][1]:.1f}{steps}", first, last, top, words)


def about(report: Document, cluster: Cluster, database: Database) -> list[tuple[int, Finding]]:
    """The findings about a database, worst first, with their numbers from 1."""
    return [
        (number, finding)
        for number, finding in enumerate(report.findings, 1)
        if finding.database == cluster.database and finding.where[:1] == (database.name,)
    ]


def prefix_finding(found: list[tuple[int, Finding]], prefix: str | None) -> int | None:
    """The number of the worst of these findings that names a key with that prefix."""
    return next((number for number, one in found if prefix is not None and _is_below(_key(one), prefix)), None)


def _is_below(key: str, prefix: str) -> bool:
    return key == prefix or key.startswith(prefix.rstrip("/") + "/")


def _key(finding: Finding) -> str:
    """The key of kine that a finding gives as its example; empty where it gives none."""
    example = finding.values.get("first")
    return str(example.get("key", "")) if isinstance(example, dict) else ""


def places_of(report: Document) -> Iterator[tuple[str, str]]:
    """(finding, picture) by their anchors: the way back from each finding to the first mark that leads to it."""
    for number, cluster in enumerate(report.clusters, 1):
        for row, database in enumerate(cluster.databases.found if cluster.databases else (), 1):
            yield from _places(database, about(report, cluster, database), f"{number}-{row}")


def _places(database: Database, found: list[tuple[int, Finding]], at: str) -> Iterator[tuple[str, str]]:
    prefixes = database.kine.prefixes if database.kine else ()
    for row, prefix in enumerate(prefixes, 1):
        to = prefix_finding(found, prefix.prefix)
        if to is not None:
            yield f"f{to}", f"prefix-{at}-{row}"
    if growth_of(database):
        yield from ((f"f{to}", f"growth-{at}") for to, _ in found)
