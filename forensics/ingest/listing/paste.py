"""A whole text → the directories that it lists: prompts, headers, headings and totals say where each begins."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace

from forensics.evidence import Blob, Span
from forensics.ingest.listing import rows, sessions
from forensics.ingest.listing.blocks import listings_of, merged
from forensics.ingest.listing.commands import Command, join, listed_directory, read_command
from forensics.ingest.listing.gutter import without_gutter
from forensics.ingest.listing.hosts import host_of_heading
from forensics.ingest.listing.model import Listing
from forensics.ingest.listing.stat import StatReader
from forensics.ingest.listing.text import clean, is_logged, text_lines
from forensics.ingest.listing.whole import Block
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import LISTING_BYTES_MAX

_ROW = re.compile(r"\s*(?:[0-9a-f]{32,}|\d+(?:[.,]\d+)?[KMGTPkmgtp]?)\s+\S")  # about a file that does not matter


_LISTED = (
    "segment",
    "snapshot",
    "metadata",
    ".yaml",
    ".crt",
)  # a line of a journal that lists, as libraft's trace does
_LONG_NUMBER = re.compile(r"\d{16}")
_OPEN = re.compile(r"open-\d")


@dataclass(slots=True)
class _Session:
    """Where in a terminal session the reader is.

    Attributes:
        host, cwd, command: that the last prompt or heading named.
        blocks: what was listed so far.
        tree, indent: names down to the line at hand, of a tree; by how many levels all of it is moved to the right.
        tops: names at the tree's first level so far.
        root: a path that stood alone on the line before, and may be the root of a tree.
        stat: reads records of several lines.
        partial: the command prints some of the files only.
        first: the text's first line that says anything.
    """

    host: str | None = None
    cwd: str | None = None
    command: Command = field(default_factory=lambda: Command("", None, ()))
    blocks: list[Block] = field(default_factory=lambda: [Block()])
    tree: list[str] = field(default_factory=list)
    indent: int = 0
    tops: set[str] = field(default_factory=set)
    root: str | None = None
    stat: StatReader = field(default_factory=StatReader)
    partial: bool = False
    first: Span | None = None

    @property
    def block(self) -> Block:
        return self.blocks[-1]

    def begin(self, directory: str | None) -> None:
        """A new block, unless the current one is still empty."""
        self.mark()
        if self.block.files or self.block.cut or self.block.total is not None:
            self.blocks.append(Block(begun=True))
        self.block.host, self.block.directory = self.host, directory
        self.block.counts_bytes, self.block.commanded = self.command.prints_bytes, self.command.lists_all
        self.block.cut = self.block.cut or self.partial
        self.tree, self.tops, self.stat = [], set(), StatReader()

    def pass_over(self) -> None:
        """A line shows no file: before the first one, the text's beginning may be missing."""
        self.block.fragment = self.block.fragment or not (self.block.begun or self.block.files)

    def mark(self) -> None:
        """The text shows that a listing ends here, or that the next one begins."""
        self.block.ended = bool(self.block.files)
        self.block.begun = self.block.begun or not self.block.files
        self.block.fragment = self.block.fragment and bool(self.block.files)


def parse_listings(blob: Blob, directory: str | None = None) -> list[Listing]:
    """All directories that a text lists, in its order; empty where it lists none.

    Args:
        blob: the text.
        directory: what it lists, where that is known from elsewhere and the text does not say.
    """
    session = _Session()
    session.block.directory = session.cwd = directory
    ended = True
    lines = ((clean(text), at) for text, at in text_lines(blob, LISTING_BYTES_MAX))
    for line in without_gutter(lines):
        if line.host and line.host != session.host:
            session.host = line.host
            session.begin(session.cwd)
        _read_line(session, line.text, line.at)
        ended = line.at.offset + line.at.length < blob.size
    if not ended:
        session.block.ends_in_line = True
    found = [listing for block in session.blocks for listing in listings_of(block, blob.path)]
    return merged(found)


def _read_line(session: _Session, line: str, at: Span) -> None:
    if not line.strip() or line.startswith("```"):
        if session.first is not None or line:
            session.mark()
        return
    session.first = session.first or at
    root, session.root = session.root, None
    if is_logged(line) and not _may_list(line):
        session.pass_over()
        return
    if _read_boundary(session, line, at):
        return
    if _read_files(session, line, at, root):
        session.block.ended = False
    elif not (_ROW.match(line) or session.stat.names_a_file) and (host := host_of_heading(line)):
        session.host = host
        session.begin(session.cwd)
    elif line.endswith(":"):
        session.mark()
    else:
        session.pass_over()


def _may_list(line: str) -> bool:
    """A line of a journal names a file of raft. One pattern for all of it takes ten times as long."""
    if any(word in line for word in _LISTED):
        return True
    # Raft pads its numbers with zeros, and no log reaches the entry that would need none of four.
    return ("0000" in line and bool(_LONG_NUMBER.search(line))) or ("open-" in line and bool(_OPEN.search(line)))


def _read_boundary(session: _Session, line: str, at: Span) -> bool:
    """Read a line that says where files begin, end or belong. False if it is no such line."""
    if sessions.is_cut(line):
        session.block.cut = True
    elif prompt := sessions.parse_prompt(line):
        _prompt(session, prompt)
    elif header := sessions.parse_header(line):
        session.begin(join(session.cwd, header.path))
    elif total := sessions.parse_total(line):
        session.begin(session.block.directory)
        session.block.total = total.size
    elif (usage := sessions.parse_usage(line)) and session.command.name == "du":
        _used(session, *usage, at)
    else:
        return False
    return True


def _read_files(session: _Session, line: str, at: Span, root: str | None) -> bool:
    """Add the files that a line shows. False if it shows none."""
    if record := session.stat.take(line, at):
        if not session.stat.begun and session.block.files:
            session.block.files.pop()
        session.block.files.append(record)
        return True
    if branch := rows.parse_tree(line, at):
        _grow(session, *branch, root)
        return True
    row = rows.parse_row(line, at)
    if row is None or not row.long:
        line = rows.without_remark(line)
        row = rows.parse_row(line, at)
    if row is None and (row := rows.parse_path(line, at)):
        session.root = row.path
    row = row or rows.parse_trace(line, at)
    if row is not None and line.lstrip().startswith("["):
        session.root = row.path
    files = [row] if row else rows.parse_columns(line, at)
    session.block.files += files
    return bool(files)


def _used(session: _Session, size: int, path: str, at: Span) -> None:
    """`du` prints the sum of a directory: behind its files with `-a`, else alone."""
    directory = join(session.cwd, path)
    if not session.block.files:
        session.begin(directory or session.cwd)
        session.block.at = at
    if not session.block.files or path == "." or path == session.command.directory():
        session.block.total = size


def _grow(session: _Session, depth: int, file: rows.File, root: str | None) -> None:
    """A tree's next file. Its root stands on the line before, and was taken for a file."""
    if root is not None and not session.tree and role_of(posixpath.basename(root)) is FileRole.UNKNOWN:
        if session.block.files and session.block.files[-1].path == root:
            session.block.files.pop()
        session.begin(join(session.cwd, root))
    if depth - 1 <= session.indent and file.path in session.tops:  # no tree shows a name twice: another look
        session.begin(session.block.directory)
    if not session.tree:
        session.indent = depth - 1
    if depth - 1 <= session.indent:
        session.tops.add(file.path)
    session.tree[max(depth - 1 - session.indent, 0) :] = [file.path]
    path = file.path if "/" in file.path.rstrip("/") else "/".join(session.tree)  # `tree -f` writes whole paths
    session.block.files.append(replace(file, path=path))


def _prompt(session: _Session, prompt: sessions.Prompt) -> None:
    """Host and directory of what follows."""
    if prompt.cwd and prompt.cwd.startswith("/"):
        session.cwd = prompt.cwd
    session.command = read_command(prompt.command)
    session.partial = session.command.is_partial
    session.host = session.command.host or prompt.host or session.host
    words = session.command.words
    if session.command.name == "cd" and len(words) > 1:
        session.cwd = join(session.cwd, words[1])
    session.begin(listed_directory(session.command, session.cwd))
