"""One line of a terminal session or a collector's file: what it is, and what it says of a file."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.listing.dates import parse_when
from forensics.ingest.listing.model import Listed, When
from forensics.ingest.listing.sizes import parse_printed, parse_size
from forensics.ingest.member import Kind
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import LISTED_NAME_CHARS_MAX, MEMBER_BYTES_MAX

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_MODE = re.compile(r"[-dlspbcD?][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT][.+@]?")
_TOTAL_WORDS = (
    "total|totale|totalt|insgesamt|итого|всего|合計|总用量|總計|総計|합계|razem|celkem|toplam|yhteensä|összesen"
)
_TOTAL = re.compile(rf"(?:{_TOTAL_WORDS})\s+([\d.,]+[KMGTP]?)B?", re.IGNORECASE)
_PROMPT_USER = re.compile(r"\(?\[?([\w.+-]{1,32})@([\w.-]{1,64})[:\s]\s?([^\s$#>\]]*)\]?\s?[$#>%]\s?(.*)")
_PROMPT_COMMANDS = (
    "ls|ll|l|la|dir|find|tree|tar|du|cd|cat|stat|exa|eza|sha256sum|md5sum|microk8s|lxc|lxd|k8s|journalctl|systemctl"
)
_PROMPT_LATE = re.compile(  # a clock before the prompt
    rf"\S.*?\s([\w.+-]{{1,32}})@([\w.-]{{1,64}}):([^\s$#>]*)\s?[$#]\s+((?:sudo\s+)?(?:{_PROMPT_COMMANDS})(?![\w-]).*)"
)
_PROMPT_BARE = re.compile(
    rf"(?:([A-Za-z][\w.-]{{0,63}})(?:[:\s]\s?(/[^\s$#]*))?)?\s?[$#]\s+`?((?:sudo\s+)?(?:{_PROMPT_COMMANDS})(?![\w-]).*?)`?"
)
_USAGE = re.compile(r"([\d.,]+[KMGTP]?)\s+(\.|\.?/[\w./@+-]*)")
_HEADER = re.compile(r"['\"]?((?:\.{0,2}/)?[\w.@+/ -]*[\w.@+/-])['\"]?:")
_CUT = re.compile(
    r"\((?:excerpt|listing|output|list)?\s*(?:cut|truncated|snipp?ed|ends)\b"
    r"|\[?(?:\.{3,}|…|<snip>|\[snip\]|-- ?more ?--)\]?\s*$|^\s*<truncated.*>\s*$",
    re.IGNORECASE,
)
_TREE = re.compile(r"^([│|\s\u00a0]*)(?:[├└]──|[|`]--)\s(?:\[([^\]]*)\]\s+)?(.+)$")
_TRACE = re.compile(r"\bsegment (\d{16}-\d{16})\s*$")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A shell prompt with its command, or a heading that names a host: where the following lines come from."""

    host: str | None
    cwd: str | None
    command: str


@dataclass(frozen=True, slots=True)
class Header:
    """`path:` before the files of a directory."""

    path: str


@dataclass(frozen=True, slots=True)
class Total:
    """`total N`: bytes of all blocks, as printed."""

    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The text says that lines are missing here."""


@dataclass(frozen=True, slots=True)
class File:
    """A line about one file. `path` is its name as written, with the directory where the line has one."""

    path: str
    listed: Listed


def clean(line: str) -> str:
    """Without colours, quoting marks of mail and markdown, and the line's end."""
    line = _ESCAPES.sub("", line).rstrip("\r\n").expandtabs(1).rstrip()
    return re.sub(r"^(?:>\s)+", "", line)


def is_cut(line: str) -> bool:
    """The line says that more was there."""
    return _CUT.search(line) is not None


def parse_total(line: str) -> Total | None:
    """`total 180808` counts blocks of 1 KiB; `total 3.5G` is rounded up."""
    found = _TOTAL.fullmatch(line.strip())
    size = parse_printed(found[1]) if found else None
    if found is None or size is None:
        return None
    return Total(size * (1024 if found[1].isdigit() else 1))


def parse_usage(line: str) -> tuple[int, str] | None:
    """Bytes (rounded up) and directory of a `du` line about a directory: `26G  .`; blocks of 1 KiB without a unit."""
    found = _USAGE.fullmatch(line.strip())
    size = parse_printed(found[1]) if found else None
    if found is None or size is None or role_of(found[2].rpartition("/")[2]) is not FileRole.UNKNOWN:
        return None
    return size * (1024 if found[1].isdigit() else 1), found[2]


def parse_prompt(line: str) -> Prompt | None:
    """`user@host:dir# command`, `[user@host dir]$ command`, `host dir$ command`, `# command`."""
    text = line.strip()
    if found := _PROMPT_USER.fullmatch(text) or _PROMPT_LATE.fullmatch(text):
        return Prompt(found[2], found[3] or None, found[4].strip())
    if found := _PROMPT_BARE.fullmatch(text):
        return Prompt(found[1], found[2], found[3].strip())
    return None


def parse_header(line: str) -> Header | None:
    """`/a/b:` as `ls -R` and `ls a b` write it."""
    found = _HEADER.fullmatch(line.strip())
    return Header(found[1]) if found and "/" in found[1] else None


def parse_file(line: str, at: Span) -> File | None:
    """A line of `ls -l` (any columns), `find -ls`, `tar tv`, or one with a size or digest and a path (`du`)."""
    tokens = line.split()
    if not 1 <= len(tokens) <= 32:
        return None
    for position in range(min(3, len(tokens))):  # behind inode and block columns
        if _MODE.fullmatch(tokens[position]):
            return _long(line, tokens, position, at)
    return _short(tokens, at)


def begins_a_file(line: str) -> bool:
    """A line of `ls -l` that ends before the file's name, or whose date nobody can read."""
    tokens = line.split()
    return bool(tokens) and _MODE.fullmatch(tokens[0]) is not None


def parse_columns(line: str, at: Span) -> list[File]:
    """File names side by side, as plain `ls` prints them; empty unless all can be files of a state directory."""
    names = re.sub(r"\s+\([^()]*\)$", "", line.strip().lstrip("#")).replace(",", " ").split()
    known = [name for name in names if role_of(_bare(name)) is not FileRole.UNKNOWN]
    if not names or len(known) * 2 <= len(names) or any(not _plausible(name) for name in names):
        return []
    return [_named(name, at) for name in names]


def parse_path(line: str, at: Span) -> File | None:
    """A whole line that is one path, as `find` prints it."""
    text = line.strip().strip("'\"")
    if " " in text or "/" not in text or not text.startswith(("/", "./", "../")) or not _plausible(text):
        return None
    return _named(text, at)


def parse_trace(line: str, at: Span) -> File | None:
    """Libraft's own trace of its listing (uv_list.c): `… segment FIRST-LAST`."""
    found = _TRACE.search(line)
    if found is None or re.search(r"load|closed|open|past|unexpected", line[: found.start()], re.IGNORECASE):
        return None
    return _named(found[1], at)


def parse_tree(line: str, at: Span) -> tuple[int, File] | None:
    """Depth (1 for the root's files) and file of a line of `tree`, with or without its columns."""
    found = _TREE.match(line)
    if found is None:
        return None
    depth = len(re.sub(r"[│|]", " ", found[1])) // 4 + 1
    name = found[3].strip()
    columns = (found[2] or "").split()
    size = next((size for column in columns if (size := parse_size(column))), None)
    when = next((when for position in range(len(columns)) if (when := parse_when(columns, position))), None)
    mode = next((column for column in columns if _MODE.fullmatch(column)), None)
    file = _make(name, mode, None, size, when[0] if when else None, at)
    return depth, file


def _long(line: str, tokens: list[str], position: int, at: Span) -> File | None:
    """`mode [links] owner [group] [context] size date name`, read from the date outwards."""
    for start in range(position + 2, min(position + 9, len(tokens))):
        found = parse_when(tokens, start)
        if found is None:
            continue
        when, after = found
        if after >= len(tokens):
            return None
        columns = tokens[position + 1 : start]
        size = parse_size(columns[-1])
        name = _rest(line, tokens, after)
        return _make(name, tokens[position], _owner(columns[:-1]), size, when, at)
    return None


def _rest(line: str, tokens: list[str], after: int) -> str:
    """The line from token `after` on, with its blanks as they were."""
    pattern = r"\s*" + r"\s+".join(re.escape(token) for token in tokens[:after]) + r"\s(\s*)(.*)"
    found = re.match(pattern, line, re.DOTALL)
    return found[2] if found else " ".join(tokens[after:])


def _owner(columns: list[str]) -> str | None:
    """`user:group` of the columns between mode and size; the link count and a security context are passed over."""
    words = columns[1:] if columns and columns[0].isdigit() and len(columns) > 1 else columns
    if len(words) == 1 and "/" in words[0]:  # tar
        return words[0].replace("/", ":", 1)
    words = [word for word in words if word != "?" and word.count(":") < 2]
    return ":".join(words[:2]) if words else None


def _short(tokens: list[str], at: Span) -> File | None:
    """`8192 ./path` (du), `digest  path` (checksums), `path 8192` (stat, wc): only for names of a state directory."""
    if len(tokens) != 2:
        return None
    for name, other in ((tokens[1], tokens[0]), (tokens[0], tokens[1])):
        if role_of(_bare(name).rpartition("/")[2]) is FileRole.UNKNOWN or not _plausible(name):
            continue
        if re.fullmatch(r"[0-9a-f]{32,128}\*?", other):
            return _named(name.lstrip("*"), at)
        size = parse_size(other)
        if size and not raft_names.parse_closed(other):
            # du counts blocks of 1 KiB, others bytes: neither is certain, so the size is not taken as one.
            return _named(name, at)
    return None


def _named(name: str, at: Span) -> File:
    return _make(name, None, None, None, None, at)


def _make(
    name: str, mode: str | None, owner: str | None, size: tuple[int, int] | None, when: When | None, at: Span
) -> File:
    name, _, target = name.partition(" -> ")
    kind = _kind(name, mode)
    path = _bare(name)
    smallest, largest = size if size is not None and kind is Kind.FILE else (0, MEMBER_BYTES_MAX)
    listed = Listed(
        posixpath.basename(path)[:LISTED_NAME_CHARS_MAX],
        kind,
        smallest,
        largest,
        at,
        when,
        _bits(mode) if mode else None,
        owner,
        target or None,
    )
    return File(path, listed)


def _kind(name: str, mode: str | None) -> Kind:
    if mode is None:
        return Kind.DIRECTORY if name.endswith("/") else Kind.FILE
    return {"d": Kind.DIRECTORY, "l": Kind.LINK, "s": Kind.SOCKET}.get(mode[0], Kind.FILE)


def _bits(mode: str) -> int:
    bits = 0
    for position, letter in enumerate(mode[1:10]):
        if letter not in "-ST":
            bits |= 1 << (8 - position)
    return bits


def _bare(name: str) -> str:
    """Without quotes and the marks of `ls -F`."""
    text = name.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if len(text) > 1 and text[-1] in "/*=@|":
        text = text[:-1]
    return text


def _plausible(name: str) -> bool:
    return len(name) <= LISTED_NAME_CHARS_MAX and re.fullmatch(r"['\"]?[\w.@+:/~,=*-]+['\"]?", name) is not None
