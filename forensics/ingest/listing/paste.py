"""A whole text → the directories that it lists: prompts, headers, headings and totals say where each begins."""

from __future__ import annotations

import codecs
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from forensics.evidence import Blob, Span
from forensics.ingest import raft_names
from forensics.ingest.listing import cuts, lines
from forensics.ingest.listing.hosts import host_of_heading
from forensics.ingest.listing.model import Listed, Listing
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.limits import LISTING_BYTES_MAX, MIB, PASTED_LINE_CHARS_MAX

_COMMANDS = frozenset({"ls", "ll", "l", "la", "dir", "find", "tree", "du", "exa", "eza", "stat"})
_NO_LINE_BYTES = MIB  # so much without an end of line is a binary file


@dataclass(slots=True)
class _Block:
    """Files between two boundaries."""

    host: str | None = None
    directory: str | None = None
    files: list[lines.File] = field(default_factory=list)
    total: int | None = None
    cut: bool = False
    at: Span | None = None  # of a `du` line: the block then has no files


@dataclass(slots=True)
class _Session:
    """Where in a terminal session the reader is."""

    host: str | None = None
    cwd: str | None = None
    command: str = ""
    blocks: list[_Block] = field(default_factory=lambda: [_Block()])
    tree: list[str] = field(default_factory=list)

    @property
    def block(self) -> _Block:
        return self.blocks[-1]

    def begin(self, directory: str | None) -> None:
        """A new block, unless the current one is still empty."""
        if self.block.files or self.block.cut or self.block.total is not None:
            self.blocks.append(_Block())
        self.block.host, self.block.directory = self.host, directory
        self.tree = []


def parse_listings(blob: Blob, directory: str | None = None) -> list[Listing]:
    """All directories that a text lists, in its order; empty where it lists none.

    Args:
        blob: the text.
        directory: what it lists, where that is known from elsewhere and the text does not say.
    """
    session = _Session()
    session.block.directory = session.cwd = directory
    for text, at in text_lines(blob, LISTING_BYTES_MAX):
        _read_line(session, lines.clean(text), at)
    found = [listing for block in session.blocks for listing in _listings(block, blob.path)]
    return _merged(found)


def text_lines(blob: Blob, limit: int) -> Iterator[tuple[str, Span]]:
    """Lines of a text with their byte ranges; lines are cut at PASTED_LINE_CHARS_MAX, the text at `limit` bytes."""
    mark = blob.read(0, 3) == codecs.BOM_UTF8
    offset, rest = 0, b""
    for chunk in blob.chunks():
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            text = piece[:PASTED_LINE_CHARS_MAX].decode("utf-8", "replace")
            yield text[1:] if mark and offset == 0 else text, Span(blob.path, offset, len(piece))
            offset += len(piece) + 1
        if offset > limit:
            return
        if len(rest) > _NO_LINE_BYTES:  # no line: a binary file
            return
    if rest:
        yield rest[:PASTED_LINE_CHARS_MAX].decode("utf-8", "replace"), Span(blob.path, offset, len(rest))


def _read_line(session: _Session, line: str, at: Span) -> None:
    if not line.strip():
        return
    if lines.is_cut(line):
        session.block.cut = True
        return
    if prompt := lines.parse_prompt(line):
        _prompt(session, prompt)
    elif header := lines.parse_header(line):
        session.begin(_join(session.cwd, header.path))
    elif total := lines.parse_total(line):
        if session.block.files:
            session.begin(session.block.directory)
        session.block.total = total.size
    elif (usage := lines.parse_usage(line)) and session.command == "du":
        directory = _join(session.cwd, usage[1])
        session.begin(directory or session.cwd)
        session.block.total, session.block.at = usage[0], at
    elif files := _files(session, line, at):
        session.block.files += files
    elif lines.begins_a_file(line):
        session.block.cut = True
    elif host := host_of_heading(line):
        session.host = host
        session.begin(session.cwd)


def _files(session: _Session, line: str, at: Span) -> list[lines.File]:
    if found := lines.parse_tree(line, at):
        depth, file = found
        session.tree[depth - 1 :] = [file.path]
        return [replace(file, path="/".join(session.tree))]
    one = lines.parse_file(line, at) or lines.parse_path(line, at) or lines.parse_trace(line, at)
    return [one] if one else lines.parse_columns(line, at)


def _prompt(session: _Session, prompt: lines.Prompt) -> None:
    """Host and directory of what follows."""
    if prompt.host:
        session.host = prompt.host
    if prompt.cwd and prompt.cwd.startswith("/"):
        session.cwd = prompt.cwd
    words = _words(prompt.command)
    session.command = words[0] if words else ""
    if words and words[0] == "cd" and len(words) > 1:
        session.cwd = _join(session.cwd, words[1])
    directory = session.cwd
    if words and words[0] in _COMMANDS:
        paths = [word for word in words[1:] if not word.startswith("-") and word not in _COMMANDS and "/" in word]
        directory = _join(session.cwd, paths[0]) if paths else session.cwd
        if directory and role_of(posixpath.basename(directory)) not in (FileRole.UNKNOWN, FileRole.RECOVERY):
            directory = posixpath.dirname(directory)  # `ls -l …/cluster.yaml`
    session.begin(directory)


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    while words and (words[0] in ("sudo", "-E", "-i", "-u", "root", "nice", "time") or "=" in words[0]):
        words = words[1:]
    return words


def _join(base: str | None, path: str) -> str | None:
    """A path of the session, made absolute where it can be."""
    path = re.sub(r"/?\*+$", "", path) or path
    if path.startswith("/"):
        return posixpath.normpath(path)
    if base is None:
        return posixpath.normpath(path) if path not in (".", "./") and not path.startswith("~") else None
    return posixpath.normpath(posixpath.join(base, path))


def _listings(block: _Block, member: str) -> Iterator[Listing]:
    """One listing a directory: `find` and `ls /dir/*` name the directory with each file."""
    if block.at is not None and not block.files:
        yield Listing(block.directory, block.host, (), member, cut=True, total=block.total, at=block.at)
        return
    if block.total == 0 and not block.files and block.directory:
        yield Listing(block.directory, block.host, (), member, total=0)
    if cuts.ends_within_a_name(block.files):
        block.files.pop()
        block.cut = True
    groups: dict[str | None, list[Listed]] = {}
    for file in block.files:
        if file.path.rstrip("/") in (".", "..", "./.", "") or file.listed.name in (".", ".."):
            continue
        folder = posixpath.dirname(file.path)
        directory = _join(block.directory, folder) if folder not in ("", ".") else block.directory
        groups.setdefault(directory, []).append(file.listed)
    cut = block.cut or (len(groups) == 1 and cuts.total_says_more(block.files, block.total))
    for directory, entries in groups.items():
        yield Listing(directory, block.host, tuple(entries), member, cut, block.total if len(groups) == 1 else None)


def _merged(listings: list[Listing]) -> list[Listing]:
    """Several looks at one directory of one host become one: the last look wins, parts of one look are joined."""
    merged: list[Listing] = []
    for listing in listings:
        same = next((at for at, other in enumerate(merged) if _same_place(other, listing)), None)
        if same is None:
            merged.append(listing)
            continue
        before = merged[same]
        names = {entry.name for entry in listing.entries}
        raft = {name for name in names if role_of(name) in RAFT_ROLES}
        again = any(entry.name in raft for entry in before.entries)
        kept = () if again else tuple(entry for entry in before.entries if entry.name not in names)
        merged[same] = replace(listing, entries=kept + listing.entries, cut=listing.cut or (before.cut and not again))
    return merged


def _same_place(one: Listing, other: Listing) -> bool:
    """Same host and directory; without a host, only where the names themselves carry the path or cannot collide."""
    if one.host != other.host or one.directory != other.directory:
        return False
    if one.host is not None or one.directory is None:
        return one.host is not None or not (_has_raft(one) and _has_raft(other))
    return True


def _has_raft(listing: Listing) -> bool:
    return any(raft_names.parse_closed(entry.name) or entry.name == "metadata1" for entry in listing.entries)
