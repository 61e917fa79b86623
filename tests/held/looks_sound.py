"""Whether anything in a directory's bytes shows that something is missing from it.

A directory from an earlier moment shows nothing; nor does one whose last write a crash kept from the disk, whole or in
part. Raft takes it for granted that neither befalls an entry that was acknowledged, and no tool can see that it did.
"""

from __future__ import annotations

import re
from itertools import pairwise

from forensics.check.tree import Tree
from tests.held.damage import raft_borders
from tests.held.raw_log import walk

_CLOSED = re.compile(r"^(\d{16})-(\d{16})$")
_OPEN = re.compile(r"^open-\d+$")
_SNAPSHOT = re.compile(r"^snapshot-\d+-(\d+)-\d+$")
_FORMAT = bytes((1, 0, 0, 0, 0, 0, 0, 0))  # how a segment begins
_BLOCK = 4096  # what reaches a disk or does not


def looks_sound(tree: Tree, before: Tree, end: int = 0) -> bool:
    """Nothing shows it.

    Args:
        tree: the directory.
        before: the same as it was recorded.
        end: what it starts with ends there as it was recorded, and only entries behind it are asked for: what befell a
            snapshot of earlier ones tells nothing of these.
    """
    names = ((file, _SNAPSHOT.match(file.removesuffix(".meta"))) for file in tree if file.startswith("snapshot-"))
    snapshots = [file for file, name in names if name is None or int(name[1]) > end]
    closed = sorted((int(name[1]), int(name[2]), file) for file in tree if (name := _CLOSED.match(file)))
    last = covered(tree, before)
    follows = []
    for first, until, _ in closed:
        follows.append(first <= last + 1)
        last = max(last, until)
    return (
        all(follows)
        and all(_is_paired(tree, file) and tree[file].content == before[file].content for file in snapshots)
        and all(len(walk(tree[file].content)) == until - first + 1 for first, until, file in closed)
        and all(_ends_well(file, tree, before) for file in tree if _CLOSED.match(file) or _OPEN.match(file))
    )


def covered(tree: Tree, before: Tree) -> int:
    """The last index of a snapshot whose two files are as they were recorded."""
    whole = {file for file, one in tree.items() if file in before and before[file].content == one.content}
    pairs = (found for file in whole if (found := _SNAPSHOT.match(file)) and f"{file}.meta" in whole)
    return max((int(found[1]) for found in pairs), default=0)


def _is_paired(tree: Tree, file: str) -> bool:
    return {file.removesuffix(".meta"), file.removesuffix(".meta") + ".meta"} <= tree.keys()


def _ends_well(file: str, tree: Tree, before: Tree) -> bool:
    """A segment is whole batches and the zeros that it was prepared with; an open one's last batch may be unwritten."""
    content, recorded = tree[file].content, before[file].content if file in before else b""
    if not content.strip(b"\0") or (content[:8] == _FORMAT and not content[raft_borders(content)[-1] :].strip(b"\0")):
        return True
    return bool(_OPEN.match(file)) and len(content) == len(recorded) and _is_unwritten(content, recorded)


def _is_unwritten(content: bytes, recorded: bytes) -> bool:
    """Up to some batch it is as recorded; of that one only some blocks arrived, and of those behind it none."""
    start, end = next(
        ((at, after) for at, after in pairwise(raft_borders(recorded)) if content[:after] != recorded[:after]), (0, 0)
    )
    edges = [start, *range(start - start % _BLOCK + _BLOCK, end, _BLOCK), end]
    missing = (
        not content[at:after].strip(b"\0") or _cut(content[at:after], recorded[at:after])
        for at, after in pairwise(edges)
    )
    return start > 0 and content[:start] == recorded[:start] and not content[end:].strip(b"\0") and all(missing)


def _cut(block: bytes, recorded: bytes) -> bool:
    """It is as recorded up to somewhere, and zeros from there on."""
    return recorded.startswith(block.rstrip(b"\0"))
