"""Node names: the host or directory that a state directory came from, short and unique.

A path's parts are compared from the outside in: what all share says nothing, the first part that tells the hosts apart
is the name, and where one part is not enough (two uploads that each hold n1 and n2) the next ones join it: `monday/n1`.
"""

from __future__ import annotations

from collections.abc import Sequence

_ARCHIVE_SUFFIXES = (".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tar.lz4", ".tgz", ".txz", ".tbz2", ".tar", ".zip")


def name_hosts(roots: Sequence[str], groups: Sequence[str], fallback: str) -> list[str]:
    """A name for each root.

    Args:
        roots: what of each state directory's path stands before the product's own part.
        groups: names are unique within a group (a database): one host may carry several databases.
        fallback: the name where a path tells none (the input itself is the state directory).
    """
    parts = [tuple(part for part in root.split("/") if part) for root in roots]
    common = _common(parts)
    depth = _depth(parts, groups, common)
    taken: set[tuple[str, str]] = set()
    names = []
    for path, group in zip(parts, groups, strict=True):
        own = path[common : common + depth] or path[-1:]
        name = _host("/".join(_plain(part) for part in own) or _plain(fallback), group)
        unique, number = name, 2
        while (group, unique) in taken:
            unique, number = f"{name}-{number}", number + 1
        taken.add((group, unique))
        names.append(unique)
    return names


def _common(parts: Sequence[tuple[str, ...]]) -> int:
    """How many leading parts all share; those of a single path too, but for its last."""
    distinct = sorted(set(parts))
    if len(distinct) <= 1:
        return max(len(distinct[0]) - 1, 0) if distinct else 0
    first, last = distinct[0], distinct[-1]  # sorted: what these two share, all share
    count = 0
    while count < min(len(first), len(last)) and first[count] == last[count]:
        count += 1
    return count


def _depth(parts: Sequence[tuple[str, ...]], groups: Sequence[str], common: int) -> int:
    """How many parts a name needs so that no two of a group are the same; one where that cannot be."""
    longest = max((len(path) for path in parts), default=0) - common
    for depth in range(1, longest + 1):
        names = [(group, path[common : common + depth]) for path, group in zip(parts, groups, strict=True)]
        if len(set(names)) == len(set(zip(groups, parts, strict=True))):
            return depth
    return 1


def _host(name: str, group: str) -> str:
    """`alpha-k8s-dqlite` holds k8s-dqlite of alpha: so the report's own commands name their archives."""
    return name.removesuffix(f"-{group}") or name


def _plain(part: str) -> str:
    """Without the mark of an archive inside an archive, and without an archive's suffix."""
    part = part.removesuffix("!")
    return next((part.removesuffix(suffix) for suffix in _ARCHIVE_SUFFIXES if part.endswith(suffix)), part) or part
