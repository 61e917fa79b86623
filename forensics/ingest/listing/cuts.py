"""Does a listing show all of its directory? People paste what fits, and quoted threads end in the middle of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.ingest import raft_names
from forensics.ingest.listing.lines import File
from forensics.ingest.member import Kind

_BLOCK_BYTES = 4096
_PART_OF_A_RANGE = re.compile(r"\d{1,16}(?:-\d{0,15})?")  # `FIRST-LAST` has 16 digits on either side


def ends_within_a_name(files: Sequence[File]) -> bool:
    """The last name is the beginning of a closed segment's, where all the others are whole."""
    if not files or not _PART_OF_A_RANGE.fullmatch(files[-1].listed.name):
        return False
    ranges = [name for file in files[:-1] if (name := raft_names.parse_closed(file.listed.name))]
    return bool(ranges) and all(name.canonical for name in ranges)


def total_says_more(files: Sequence[File], total: int | None) -> bool:
    """The files shown take clearly fewer blocks than `total` counts; fewer at all, where the next name is missing."""
    regular = [file.listed for file in files if file.listed.kind is Kind.FILE]
    if total is None or not all(file.sized for file in regular):
        return False
    if sum(file.size_max + _BLOCK_BYTES for file in regular) < 0.9 * total:
        return True
    blocks = sum(-(-file.size_max // _BLOCK_BYTES) for file in regular) + len(files) - len(regular)
    return _ends_before_a_meta(files) and blocks * _BLOCK_BYTES < total


def _ends_before_a_meta(files: Sequence[File]) -> bool:
    """The last file is a snapshot's data: in the order of names its .meta is the very next line."""
    names = [file.listed.name for file in files]
    return bool(names) and raft_names.parse_snapshot(names[-1]) is not None and names[-1] + ".meta" not in names
