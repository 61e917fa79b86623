"""Why a query has no answer."""

from __future__ import annotations


class QueryError(Exception):
    """A query failed, was refused, or ran into a bound; the text says which.

    Args:
        why: the text.
        damage: SQLite says that the image itself is damaged, or is none.
    """

    def __init__(self, why: str, *, damage: bool = False) -> None:
        super().__init__(why)
        self.damage = damage
