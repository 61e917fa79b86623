"""Whether a listing shows all that the command printed: pastes lose their beginning, their end, and halves of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.files import Kind
from forensics.ingest.listing.model import Listed
from forensics.ingest.listing.names import may_be_torn
from forensics.ingest.listing.rows import File

_BLOCK_BYTES = 4096
LATE = frozenset({"metadata1", "metadata2", "logs.db"})
"""Late in the alphabet, and of every directory."""
_TORN_END = re.compile(r"\d{1,16}(?:-\d{0,15})?")  # `FIRST-LAST` has 16 digits on either side


@dataclass(slots=True)
class Block:
    """Files between two boundaries.

    Attributes:
        host, directory: as the text says; None where it does not.
        files: in its order.
        total: see Listing.total.
        cut: the text says that lines are missing.
        at: of a `du` line: the block then has no files.
        counts_bytes: bare numbers beside names are bytes.
        begun, ended: something before its first file, or behind its last, shows that it begins or ends there.
        fragment: what stands right before its first file is no sentence that is known, and may be half of a line.
        commanded: a command that lists all files of a directory stands before it.
        ends_in_line: the text ends inside of the last file's line, or without an end of line.
    """

    host: str | None = None
    directory: str | None = None
    files: list[File] = field(default_factory=list)
    total: int | None = None
    cut: bool = False
    at: Span | None = None
    counts_bytes: bool = False
    begun: bool = False
    ended: bool = False
    fragment: bool = False
    commanded: bool = False
    ends_in_line: bool = False


def untorn(block: Block) -> list[File]:
    """The files whose names are whole.

    Left out are lines without a name; a last name that is only the beginning of a longer one; a first name that lacks
    its first digits; and, among lines with permissions, a bare name that raft never writes.
    """
    if not block.files:
        return []
    first, last = block.files[0], block.files[-1]
    long = any(file.long for file in block.files)
    return [
        file
        for file in block.files
        if file.path
        and not (file is first and _is_torn_first(block))
        and not (file is last and _is_torn_last(block))
        and not (long and not file.long and _is_odd(file))
    ]


def _is_odd(file: File) -> bool:
    """A range of indexes as raft never writes it."""
    closed = raft_names.parse_closed(file.listed.name)
    return closed is not None and not closed.canonical


def _is_torn_first(block: Block) -> bool:
    """The only odd range is the first name, and nothing says that the listing begins there."""
    return not block.begun and _is_odd(block.files[0]) and sum(map(_is_odd, block.files)) == 1


def _is_torn_last(block: Block) -> bool:
    """The text ends in it, and a longer name may have been meant; or it alone is the beginning of a range."""
    names = [file.listed.name for file in block.files]
    if block.ends_in_line and may_be_torn(names[-1]) and f"{names[-1]}.meta" not in names:
        return True
    is_odd, odd = _is_odd(block.files[-1]), sum(map(_is_odd, block.files))
    ranges = sum(raft_names.parse_closed(name) is not None for name in names)
    return odd <= is_odd < ranges and _TORN_END.fullmatch(names[-1]) is not None


def total_says_cut(block: Block) -> bool:
    """The files shown take clearly fewer blocks than `total` counts; fewer at all, where the next name is missing."""
    shown = _shown(block)
    if shown is None or block.total is None:
        return False
    return shown + _BLOCK_BYTES * len(block.files) < 0.9 * block.total or (
        shown < block.total and _ends_before_a_meta(block)
    )


def _ends_before_a_meta(block: Block) -> bool:
    """The last file is a snapshot's data: in the order of names its .meta is the very next line."""
    names = [file.listed.name for file in block.files]
    return bool(names) and raft_names.parse_snapshot(names[-1]) is not None and names[-1] + ".meta" not in names


def shows_all(block: Block, entries: Sequence[Listed]) -> bool:
    """No line can be missing before the first or behind the last without a trace."""
    names = {entry.name for entry in entries}
    if block.total is None and not names & LATE and not (block.commanded and block.ended):
        return False
    accounted = block.total is not None and (shown := _shown(block)) is not None and shown >= block.total
    begun = block.begun or block.total is not None or _begins_first(block)
    ended = block.ended or accounted or not ((block.ends_in_line and not _in_order(block)) or _lacks_snapshots(names))
    return begun and ended


def _shown(block: Block) -> int | None:
    """Bytes of the blocks that the files shown take at least; None where a size is missing."""
    files = [file.listed for file in block.files]
    if not all(file.sized for file in files if file.kind is Kind.FILE):
        return None
    sizes = (file.size_max if file.kind is Kind.FILE else 1 for file in files)
    return sum(-(-size // _BLOCK_BYTES) * _BLOCK_BYTES for size in sizes)


def _begins_first(block: Block) -> bool:
    """In order of names, as `ls` prints them, and its first name is one that stands first."""
    return not block.fragment and raft_names.parse_closed(block.files[0].path) is not None and _in_order(block)


def _in_order(block: Block) -> bool:
    names = [file.path for file in block.files]
    return names == sorted(names)


def _lacks_snapshots(names: set[str]) -> bool:
    """There must be a whole snapshot, and there is none or half of one: the end may be missing."""
    firsts = [closed.first for name in names if (closed := raft_names.parse_closed(name))]
    data = {name for name in names if raft_names.parse_snapshot(name)}
    metas = {name.removesuffix(".meta") for name in names if raft_names.parse_snapshot_meta(name)}
    return (bool(firsts) and min(firsts) > 1 and not data & metas) or bool(data - metas)
