"""Whether a block of `ls` columns is whole: a cut row leaves a hole in every column. And names that a terminal cut.

`ls` fills columns one after the other: all are full but the last. So rows have equally many names, the last ones maybe
one less (coreutils src/ls.c, print_many_per_line). `ls -x` and `echo *` fill rows: there only the last one is shorter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby, pairwise, zip_longest

from forensics.ingest import raft_names
from forensics.ingest.listing.names import bare, may_be_torn
from forensics.ingest.listing.rows import File
from forensics.ingest.listing.whole import LATE, Block


def are_cut(block: Block) -> bool:
    """Rows, or the ends of rows, can be missing from a block of columns; False where names stand one a line."""
    rows = _rows(block.files)
    if not any(len(row) > 1 for row in rows):
        return bool(_torn_at_one_width(block.files))
    if _torn(rows):
        return True
    if len(rows) == 1:
        return False
    late = any(file.listed.name in LATE for file in block.files)
    orderly = _fills_columns([len(row) for row in rows]) or _fills_rows(rows)
    return not (block.begun and block.ended and late and orderly)


def without_torn(files: Sequence[File]) -> list[File]:
    """Without the names that cut lines end in."""
    torn = {id(file) for file in (*_torn(_rows(files)), *_torn_at_one_width(files))}
    return [file for file in files if id(file) not in torn]


def _torn(rows: Sequence[Sequence[File]]) -> list[File]:
    """The names at the right edge that may go on; none where others look so, too, for then they are written by hand."""
    paths = {file.path for row in rows for file in row}
    if not any(len(row) > 1 for row in rows) or any(_may_go_on(file, paths) for row in rows for file in row[:-1]):
        return []
    return [row[-1] for row in rows if len(row) > 1 and _may_go_on(row[-1], paths)]


def _torn_at_one_width(files: Sequence[File]) -> list[File]:
    """Names that a terminal cut: the longest lines with permissions, all as long, end in parts of names."""
    widest = max((file.listed.at.length for file in files if file.long), default=0)
    paths = {file.path for file in files}
    torn = [file for file in files if file.long and file.listed.at.length == widest and _may_go_on(file, paths)]
    return torn if sum(raft_names.parse_snapshot(bare(file.path)) is None for file in torn) > 1 else []


def _may_go_on(file: File, paths: Collection[str]) -> bool:
    """A snapshot beside its own .meta is neither a longer name nor that .meta, cut."""
    return may_be_torn(file.path) and f"{file.path}.meta" not in paths


def _rows(files: Sequence[File]) -> list[list[File]]:
    return [list(row) for _, row in groupby(files, key=lambda file: file.listed.at)]


def _fills_columns(widths: Sequence[int]) -> bool:
    return all(before >= after for before, after in pairwise(widths)) and widths[0] - widths[-1] <= 1


def _fills_rows(rows: Sequence[Sequence[File]]) -> bool:
    """Names are in order along the rows, and not down the columns."""
    along = [file.listed.name for row in rows for file in row]
    down = [file.listed.name for column in zip_longest(*rows) for file in column if file]
    full = {len(row) for row in rows[:-1]}
    return along == sorted(along) != down and len(full) == 1 and len(rows[-1]) <= max(full)
