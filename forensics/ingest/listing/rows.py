"""One line of a listing → the file that it tells of, or the files side by side."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace

from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.files import Kind
from forensics.ingest.listing.dates import Dated, find_seconds, find_when
from forensics.ingest.listing.model import Listed, When
from forensics.ingest.listing.names import bare, is_plausible, is_raft, role_in
from forensics.ingest.listing.sizes import parse_size
from forensics.ingest.roles import FileRole
from forensics.limits import FILE_BYTES_MAX, LISTED_NAME_CHARS_MAX, LISTED_PREFIX_CHARS_MAX, LISTED_WORDS_MAX

_MODE = re.compile(r"(?<!\S)[-.dlspbcD?][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT][.+@]?(?!\S)")
_BRANCH = re.compile(r"(?:[├└][─-]{2}|[|`]--)[\s\u00a0](?:\[([^\]]{0,200})\]\s+)?(\S.*)")  # of a tree
_BRACKET = re.compile(r"\s*\[([^\]]{1,200})\]\s+(\S.*)")
_TRACE = re.compile(r"\bsegment (\d{16}-\d{16})\s*$")
_REMARK = re.compile(r"(?<=\S)(?:\s{2,200}\(|\s{1,200}(?:<[-=<]|←|⇐|⟵|#|//|\*\*|--+>?\s)).*$")
_SIZE = re.compile(r"\d+(?:[.,]\d)?[KMGT]?")
_SIZES_BEFORE = re.compile(r"^(?:\d+(?:[.,]\d)?[KMGT]?\s+){1,2}")
_LONG_WORDS = 8  # links, owner, group, size, month, day, time, name
_MEANS_NOTHING = re.compile(r"[0-9a-f]{32,128}|-?\d{1,3}%")  # a digest, a percentage
_ZONE = re.compile(r"[A-Z]\w\w")
_OWNER = re.compile(r"[\w.+-]+:[\w.+-]+")
_OCTAL = re.compile(r"0?[0-7]{3,4}")
_METHOD = re.compile(r"Defl:\w|Stored|b-|[tb][-xXl]|def[NFXS]|stor|[\w.+-]{1,32}:[\w.+-]{1,32}|[0-9a-f]{8}")
_DESCRIBED = re.compile(r"(\S+):\s+(data|empty|socket|directory|ASCII text|PEM .*|very short file.*|gzip .*|OpenSSH.*)")


@dataclass(frozen=True, slots=True)
class File:
    """A line about one file.

    Attributes:
        path: its name as written, with the directory where the line has one; empty where the line is cut before it.
        listed: what it says; its size as if units were powers of 1024.
        printed: the size as printed; None without one.
        counted: `printed` is a bare number that may count bytes or blocks (`wc -c`, `du`).
        long: the line has permissions.
    """

    path: str
    listed: Listed
    printed: str | None = None
    counted: bool = False
    long: bool = False


def parse_row(line: str, at: Span) -> File | None:
    """A line about one file with something beside its name."""
    mode = _MODE.search(line)
    if mode is not None and mode.start() <= LISTED_PREFIX_CHARS_MAX:
        return _long(line, mode, at)
    return _bracketed(line, at) or _described(line, at) or _short(line, at)


def parse_tree(line: str, at: Span) -> tuple[int, File] | None:
    """Depth (1 for the root's files) and file of a line of `tree`, with or without its columns."""
    found = _BRANCH.search(line)
    if found is None:
        return None
    before = line[: found.start()]
    columns = before.rstrip(" │|\u00a0")  # exa writes them first
    depth = (len(before) - len(columns) - bool(columns)) // 4 + 1
    return depth, _columned(found[1] or columns, found[2], at)


def parse_columns(line: str, at: Span) -> list[File]:
    """File names side by side, as plain `ls` prints them; empty unless they can be files of a state directory.

    Cells two blanks apart are a table: one name of raft's among them is enough. Else most words must be such names.
    """
    text = re.sub(r"(?<!\s)\s+\([^()]*\)$", "", line.strip().lstrip("#").strip("[]"))
    cells = [_SIZES_BEFORE.sub("", cell) for cell in re.split(r",\s*| {2,}", text.strip())]
    table = len(cells) > 1 and all(" " not in cell for cell in cells)
    words = cells if table else [word for word in text.replace(",", " ").split() if not _SIZE.fullmatch(word)]
    names = [word for word in words if word]
    return [_named(name, at) for name in names] if _are_of_state(names, table=table) else []


def _are_of_state(names: list[str], *, table: bool) -> bool:
    """Names can be those of a state directory: see parse_columns."""
    known = sum(role_in(name) is not FileRole.UNKNOWN for name in names)
    if not known or not all(map(is_plausible, names)):
        return False
    return known * 2 > len(names) or (table and (known * 2 == len(names) or any(map(is_raft, names))))


def parse_path(line: str, at: Span) -> File | None:
    """A whole line that is one path, as `find` prints it."""
    text = line.strip().strip("'\"")
    if " " in text or "/" not in text or not text.startswith(("/", "./", "../")) or not is_plausible(text):
        return None
    return _named(text, at)


def parse_trace(line: str, at: Span) -> File | None:
    """Libraft's own trace of its listing (uv_list.c): `… segment FIRST-LAST`."""
    found = _TRACE.search(line)
    if found is None or re.search(r"load|closed|open|past|unexpected", line[: found.start()], re.IGNORECASE):
        return None
    return _named(found[1], at)


def make(
    name: str,
    at: Span,
    *,
    mode: str = "",
    printed: str | None = None,
    when: When | None = None,
    owner: str | None = None,
) -> File:
    """A file from its printed columns."""
    name, _, target = name.partition(" -> ")
    path = bare(name)
    kind = _kind(name, mode)
    size = parse_size(printed) if printed is not None and kind is Kind.FILE else None
    smallest, largest = size or (0, FILE_BYTES_MAX)
    label = posixpath.basename(path)[:LISTED_NAME_CHARS_MAX]
    bits = _bits(mode) if mode else None
    listed = Listed(label, kind, smallest, largest, at, when, bits, owner, bare(target) or None)
    return File(path, listed, printed if size else None, long=bool(mode))


def _long(line: str, mode: re.Match[str], at: Span) -> File | None:
    """`mode [links] owner [group] [context] size date name`, with more or fewer columns."""
    rest = line[mode.end() :]
    dated = find_when(rest) or _epoch_before_name(rest)
    if dated is not None:
        columns, name = rest[: dated.start].split(), rest[dated.end :].strip()
    else:
        columns, name = _undated(rest)
    size = next((position for position in range(len(columns) - 1, -1, -1) if parse_size(columns[position])), None)
    if dated is None and len(columns) > 3:  # the time is in words that are not known: the size has its usual place
        size = next(
            (position for position in (3, 4) if position < len(columns) and parse_size(columns[position])), None
        )
    printed = columns[size] if size is not None else None
    when = dated.when if dated else None
    return make(_cleaned(name), at, mode=mode[0], printed=printed, when=when, owner=_owner(columns, size))


def _epoch_before_name(text: str) -> Dated | None:
    """Seconds since 1970 where another number, the size, stands before them."""
    dated = find_seconds(text)
    return dated if dated and parse_size((text[: dated.start].split() or [""])[-1]) else None


def _undated(text: str) -> tuple[list[str], str]:
    """Columns and name of a line whose time cannot be read: the last word, where it is known or the line is whole."""
    words = text.split()
    if len(words) < 2 or (role_in(words[-1]) is FileRole.UNKNOWN and len(words) < _LONG_WORDS):
        return words, ""
    return words[:-1], words[-1]


def _owner(columns: list[str], size: int | None) -> str | None:
    """`user:group` of the columns beside the size; the link count and a security context are passed over."""
    words = columns[:size]
    words = words[1:] if words and words[0].isdigit() and len(words) > 1 else words
    if not words and size is not None:  # exa: the size comes first
        words = columns[size + 1 :]
    if len(words) == 1 and "/" in words[0]:  # tar
        return words[0].replace("/", ":", 1)
    words = [word for word in words if word != "?" and word.count(":") < 2]
    return ":".join(words[:2]) if words else None


def _columned(columns: str, name: str, at: Span) -> File:
    """`[-rw------- root root 8.0M Nov 23 10:28]` as tree prints it: any of these columns."""
    mode = _MODE.search(columns)
    rest = columns[mode.end() :] if mode else columns
    dated = find_when(rest)
    words = (rest[: dated.start] if dated else rest).split()
    size = next((position for position in range(len(words) - 1, -1, -1) if parse_size(words[position])), None)
    printed = words[size] if size is not None else None
    owner = _owner(words, size) if mode else None
    return make(
        _cleaned(name),
        at,
        mode=mode[0] if mode else "",
        printed=printed,
        when=dated.when if dated else None,
        owner=owner,
    )


def _bracketed(line: str, at: Span) -> File | None:
    """`[8388608]  /var/…/open-1`: `tree -i`, and the first line of a tree."""
    found = _BRACKET.fullmatch(line)
    if found is None or not is_plausible(found[2]):
        return None
    return _columned(found[1], found[2], at)


def _described(line: str, at: Span) -> File | None:
    """`open-1: data`, as file(1) says."""
    found = _DESCRIBED.fullmatch(line.strip())
    if found is None or role_in(found[1]) is FileRole.UNKNOWN:
        return None
    return make(found[1], at, printed="0" if found[2] == "empty" else None)


def _short(line: str, at: Span) -> File | None:
    """Numbers, a digest or a time beside a name of a state directory: `du`, checksums, `stat -c`, `wc`, `unzip -l`."""
    words = line.split()
    if not 2 <= len(words) <= LISTED_WORDS_MAX:
        return None
    for name, others in ((words[-1], line.rstrip()[: -len(words[-1])]), (words[0], line.lstrip()[len(words[0]) :])):
        if role_in(name.lstrip("*")) is FileRole.UNKNOWN or not is_plausible(name):
            continue
        dated = find_when(f"{others} ") or _decimal_seconds(others)
        rest = (others[: dated.start] + " " + others[dated.end :] if dated else others).split()
        if file := _from_columns(name.lstrip("*"), rest, dated, at):
            return file
    return None


def _decimal_seconds(text: str) -> Dated | None:
    """Seconds with a fraction are no size."""
    dated = find_seconds(text)
    return dated if dated and "." in text[dated.start : dated.end] else None


def _from_columns(name: str, columns: list[str], dated: Dated | None, at: Span) -> File | None:
    if not (columns or dated):
        return None
    sizes = [word for word in columns if parse_size(word) and not raft_names.parse_closed(word)]
    others = [word for word in columns if word not in sizes and not _MEANS_NOTHING.fullmatch(word)]
    if not all(_METHOD.fullmatch(word) or (dated and _ZONE.fullmatch(word)) for word in others):
        return None
    owner = next((word for word in others if _OWNER.fullmatch(word) and "Defl" not in word), None)
    mode, sizes = _octal_mode(columns, sizes, owner)
    file = make(name, at, printed=sizes[0] if sizes else None, when=dated.when if dated else None, owner=owner)
    return replace(file, listed=replace(file.listed, mode=mode), counted=file.printed is not None)


def _octal_mode(columns: list[str], sizes: list[str], owner: str | None) -> tuple[int | None, list[str]]:
    """The mode of `600 root:root 32 metadata1`, and the sizes without it."""
    if len(sizes) > 1 and (owner or len(sizes) == 2) and sizes[0] == columns[0] and _OCTAL.fullmatch(sizes[0]):
        return int(sizes[0], 8), sizes[1:]
    return None, sizes


def _named(name: str, at: Span) -> File:
    return make(name, at)


def _kind(name: str, mode: str) -> Kind:
    if not mode:
        return Kind.DIRECTORY if name.endswith("/") else Kind.SOCKET if name.endswith("=") else Kind.FILE
    return {"d": Kind.DIRECTORY, "l": Kind.LINK, "s": Kind.SOCKET}.get(mode[0], Kind.FILE)


def _bits(mode: str) -> int:
    bits = 0
    for position, letter in enumerate(mode[1:10]):
        if letter not in "-ST":
            bits |= 1 << (8 - position)
    return bits


def without_remark(line: str) -> str:
    """A line without permissions, less what somebody wrote behind it: `open-3   <-- empty`."""
    return _REMARK.sub("", line)


def _cleaned(name: str) -> str:
    """Without a remark that somebody wrote behind the name."""
    name = name.strip()
    return without_remark(name) if role_in(name) is FileRole.UNKNOWN and " -> " not in name else name
