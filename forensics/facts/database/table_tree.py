"""The pages of one table's b-tree, followed from transaction to transaction.

Walking over a tree of 40 000 leaves takes a second, and every fourth row of kine begins a leaf: so where a transaction
writes inner pages, only what they say now is compared with what they said before. A tree in which a page hangs twice,
or that leads to no page of a table, is damaged or hostile: that is walked over each time.
"""

from __future__ import annotations

from forensics.facts.database.pages import Pages
from forensics.limits import TREE_DEPTH_MAX
from forensics.parsers.sqlite_page import children, is_leaf

_Part = tuple[dict[int, tuple[int, ...]], set[int]]
"""Inner pages with what hangs below each, and the leaves among that which are new."""

Difference = tuple[set[int], set[int]]
"""Leaves that are no longer of a tree, and those that are from now on."""


def leaves_of(pages: Pages, root: int) -> set[int]:
    """Of a table that is looked at once."""
    tree = TableTree()
    tree.walk(pages, root)
    return tree.leaves


class TableTree:
    """Leaves and inner pages of a table.

    Attributes:
        root: 0 where there is none.
        leaves: the pages that hold rows.
    """

    def __init__(self) -> None:
        self.root = 0
        self.leaves: set[int] = set()
        self._below: dict[int, tuple[int, ...]] = {}  # inner page → what hangs below it
        self._sound = True

    def is_inner(self, touched: set[int]) -> bool:
        """The shape may be another one behind a transaction that writes these pages."""
        return bool(self.root in touched or touched & self._below.keys())

    def walk(self, pages: Pages, root: int) -> None:
        """Find all pages anew. Loops and pages that are neither end their branch."""
        self.root, self.leaves, self._below, self._sound = root, set(), {}, True
        level = [root] if root else []
        for _ in range(TREE_DEPTH_MAX):
            level = [child for number in level for child in self._take(pages, number)]
        self._sound &= not level

    def _take(self, pages: Pages, number: int) -> tuple[int, ...]:
        """Note one page; what hangs below it."""
        if not pages.holds(number) or number in self.leaves or number in self._below:
            self._sound = False
            return ()
        page = pages.read(number)
        below = children(page, number)
        if below is not None:
            self._below[number] = tuple(below)
            return self._below[number]
        self._sound &= is_leaf(page, number)
        if is_leaf(page, number):
            self.leaves.add(number)
        return ()

    def follow(self, pages: Pages, touched: set[int]) -> Difference:
        """Behind a transaction that wrote these pages, and cut nothing off."""
        followed = self._followed(pages, touched) if self._sound else None
        if followed is None:
            known = self.leaves
            self.walk(pages, self.root)
            return known - self.leaves, self.leaves - known
        return followed

    def _followed(self, pages: Pages, touched: set[int]) -> Difference | None:
        """Compare the written inner pages with what they were; None, and nothing changed, where that is not enough."""
        changed = touched & self._below.keys()
        before = {child for number in changed for child in self._below[number]}
        part = self._read(pages, changed, before) if changed else None
        if part is None:
            return None
        below, leaves = part
        hung = [child for found in below.values() for child in found]
        gone = before.difference(hung)
        if len(set(hung)) < len(hung) or gone & self._below.keys():
            return None
        if not all(is_leaf(pages.read(leaf), leaf) for leaf in (touched & self.leaves) - gone):
            return None
        self._below.update(below)
        self.leaves -= gone
        self.leaves |= leaves
        return gone, leaves

    def _read(self, pages: Pages, changed: set[int], before: set[int]) -> _Part | None:
        """What hangs below these inner pages, and below new ones among them; None where it hung elsewhere before."""
        below: dict[int, tuple[int, ...]] = {}
        leaves: set[int] = set()
        work = list(changed)
        while work:
            number = work.pop()
            found = children(pages.read(number), number)
            if found is None or number in below:
                return None
            below[number] = tuple(found)
            for child in set(found) - before:
                if child in self.leaves or child in self._below or not pages.holds(child):
                    return None
                page = pages.read(child)
                if is_leaf(page, child):
                    leaves.add(child)
                else:
                    work.append(child)  # an inner page, or the end of following
        return below, leaves
