"""Which node of one side is which of the other: by id and address, of facts and of documents alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from forensics.ingest.products import UNKNOWN


class Known(Protocol):
    """What tells who a node is."""

    @property
    def name(self) -> str:
        """By its host or directory."""

    @property
    def id(self) -> int | str | None:
        """The server's."""

    @property
    def address(self) -> str | None:
        """Host and port."""


N = TypeVar("N", bound=Known)
M = TypeVar("M", bound=Known)
_KEYS: tuple[Callable[[Known], object | None], ...] = (
    lambda node: (node.id, node.address) if node.id is not None else None,
    lambda node: node.id,
    lambda node: node.address,
    lambda node: node.name,
)
"""The surest first: a replaced node keeps its address, one that moved its ID."""


def who_is_who(left: Iterable[tuple[str, N]], right: Iterable[tuple[str, M]]) -> dict[int, tuple[str, M]]:
    """Nodes matched within their database.

    A listing beside no path does not tell the product: such a node may be anybody's.

    Args:
        left: (database, node) of one side.
        right: the same of the other.

    Returns:
        id() of a node of the left → its match; those without are left out.
    """
    rest, free = list(left), list(right)
    matches: dict[int, tuple[str, M]] = {}
    for key in _KEYS:
        for database, node in rest:
            wanted = key(node) if id(node) not in matches else None
            found = next((row for row in free if wanted is not None and key(row[1]) == wanted and
                          _one_product(database, row[0])), None)  # fmt: skip
            if found is not None:
                matches[id(node)] = found
                free.remove(found)
    return matches


def _one_product(one: str, other: str) -> bool:
    return one == other or UNKNOWN.database in (one, other)
