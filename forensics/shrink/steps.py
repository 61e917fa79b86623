"""What is taken away from an input, in this order: nodes, files, commands of the log, databases and rows of snapshots,
what follows the last entry of an open segment, lines of texts. Each step keeps what the one before it left.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from forensics.check.tree import Tree, edited
from forensics.ingest.roles import FileRole, role_of
from forensics.shrink.batches import emptied, full_batches
from forensics.shrink.databases import with_fewer_rows
from forensics.shrink.question import Question
from forensics.shrink.reduce import minimal

_SEGMENTS = frozenset({FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT})
_LARGE = _SEGMENTS | {FileRole.SNAPSHOT}
_BLOCK = 4096  # the unit in which raft writes


def shrunk(tree: Tree, question: Question, told: Sequence[str]) -> Tree:
    """The least of these files that still holds.

    Args:
        tree: the files.
        question: whether others show the same, and whether time is left to ask it.
        told: the files that the findings name: with them alone it is tried first.
    """
    for step in (
        lambda tree, asked: _told_alone(tree, asked, told),
        _nodes,
        _files,
        _commands,
        with_fewer_rows,
        _zeros,
        _lines,
    ):
        tree = step(tree, question)
    return tree


def _told_alone(tree: Tree, question: Question, told: Sequence[str]) -> Tree:
    small = {
        path: file for path, file in tree.items() if path in told or role_of(path.rpartition("/")[2]) not in _LARGE
    }
    return small if len(small) < len(tree) and question.holds(small) else tree


def _nodes(tree: Tree, question: Question) -> Tree:
    """Whole folders at the top, or below it where there is one alone."""
    depth = next((depth for depth in (1, 2, 3) if len({_top(path, depth) for path in tree}) > 1), 1)
    folders = {folder: list(paths) for folder, paths in groupby(sorted(tree), lambda path: _top(path, depth))}

    def of(some: Sequence[str]) -> Tree:
        return _of(tree, [path for folder in some for path in folders[folder]])

    return of(minimal(sorted(folders), lambda some: question.holds(of(some)), lambda: question.is_over))


def _top(path: str, depth: int) -> str:
    return "/".join(path.split("/")[:depth])


def _files(tree: Tree, question: Question) -> Tree:
    """By name, so that the same file of all nodes goes at once where it can; then one by one."""
    names = sorted({path.rpartition("/")[2] for path in tree})
    kept = set(minimal(names, lambda some: question.holds(_named(tree, some)), lambda: question.is_over))
    tree = _named(tree, kept)
    return _of(tree, minimal(sorted(tree), lambda some: question.holds(_of(tree, some)), lambda: question.is_over))


def _named(tree: Tree, names: Sequence[str] | set[str]) -> Tree:
    held = set(names)
    return {path: file for path, file in tree.items() if path.rpartition("/")[2] in held}


def _of(tree: Tree, paths: Sequence[str]) -> Tree:
    return {path: tree[path] for path in paths}


def _commands(tree: Tree, question: Question) -> Tree:
    """The commands of all segments, as one long list."""
    if question.is_over:
        return tree
    items = [(path, start) for path in sorted(tree) if _is_segment(path) for start in full_batches(tree[path].content)]

    def with_commands(kept: Sequence[tuple[str, int]]) -> Tree:
        gone: dict[str, set[int]] = {}
        for path, start in set(items) - set(kept):
            gone.setdefault(path, set()).add(start)
        return tree | {path: edited(tree[path], _emptied(path, tree[path].content, gone[path])) for path in gone}

    return with_commands(minimal(items, lambda kept: question.holds(with_commands(kept)), lambda: question.is_over))


def _emptied(path: str, content: bytes, batches: set[int]) -> bytes:
    is_open = role_of(path.rpartition("/")[2]) is FileRole.OPEN_SEGMENT
    return emptied(content, batches, keeps_size=is_open)


def _is_segment(path: str) -> bool:
    return role_of(path.rpartition("/")[2]) in _SEGMENTS


def _zeros(tree: Tree, question: Question) -> Tree:
    """What raft prepared, and never wrote to."""
    for path in sorted(tree):
        if question.is_over:
            break
        content = tree[path].content
        kept = -(-len(content.rstrip(b"\0")) // _BLOCK) * _BLOCK
        if kept < len(content) and question.holds(less := tree | {path: edited(tree[path], content[:kept])}):
            tree = less
    return tree


def _lines(tree: Tree, question: Question) -> Tree:
    for path in sorted(tree):
        tree = _lines_of(tree, path, question)
    return tree


def _lines_of(tree: Tree, path: str, question: Question) -> Tree:
    """Of a text of some lines; a PEM block would be none without one of its own."""
    content = tree[path].content
    lines = content.splitlines(keepends=True)
    if len(lines) < 2 or b"\0" in content or b"-----BEGIN " in content:
        return tree
    return _with_lines(
        tree, path, minimal(lines, lambda some: question.holds(_with_lines(tree, path, some)), lambda: question.is_over)
    )


def _with_lines(tree: Tree, path: str, lines: Sequence[bytes]) -> Tree:
    return tree | {path: edited(tree[path], b"".join(lines))}
