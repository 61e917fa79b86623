"""Journals and other logs: the lines that are known messages, with their time, host and unit.

Formats: journalctl (short, ISO), syslog, logrus (`time=… level=… msg=…`), LXD's (`t=… lvl=… msg=…`), klog, and bare
text. One pass over the bytes finds the lines that hold a needle; only these are decoded. 200 MB take about a second.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forensics.evidence import Blob, Span
from forensics.limits import IO_CHUNK_BYTES, JOURNAL_LINES_MAX, LINE_CHARS_MAX, TEXT_BYTES_MAX
from forensics.parsers.messages import held, match, occurrences

_SYSLOG = re.compile(
    r"[\s>]*(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) (?:(?P<host>[\w.-]+) )?"
    r"(?P<unit>[\w@.:/-]+)(?:\[\d+\])?: "
)
_FIELD_TIME = re.compile(r"\b(?:time|t|ts)=\"?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s\"]*)")
_ISO = re.compile(r"\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*)")
_LONG = re.compile(r"\b[A-Za-z0-9+=_-]{40,}|\b[A-Za-z0-9+/=_-]{64,}")
_SECRET = re.compile(
    r"(?i)((?:token|secret|password|passwd|authorization|bearer|key)[\"']?\s*[:=]\s*[\"']?)([^\s\"',]{6,})"
)
_PLAIN_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
# Of a line that a terminal broke, the first half may be one of these; the whole line then tells more.
_OUTER = ("start-failed", "start-no-reason", "recovery-refused")
_MAY_GO_ON = (*_OUTER, "segment-no-reason")
_NARROWEST_CHARS = 60  # no terminal breaks lines before
_OF_RAFT = re.compile(rb"raft_|segment |snapshot|dqlite")
_BEGINS = re.compile(
    rb"\s*(?:[A-Z][a-z]{2} [ \d]\d |\d{4}[-/]\d\d|(?:time|t|ts|level|lvl)=|[IWEF]\d{4} |[\[{`#$>]|- |\S+\[\d+\]: )"
)
_HEAD_BYTES = 16384
_HEAD_LINES = 50
_TAIL_BYTES = 1 << 18
_RAFT_NAME = re.compile(r"\d{16}-\d{16}|snapshot-\d+-\d+-\d+(?:\.meta)?|corrupt-\d+-.+")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line that is one of the known messages.

    Attributes:
        code: which message it is, see forensics/parsers/messages.
        text: the line without its prefix, secrets taken out.
        time: as written, None where the line has none.
        unit, host: from its prefix; the unit else the journal's.
        named: what the message names: files, addresses, numbers, by the names of its pattern's groups.
        logged: the time of its prefix, else its own: by the clock that the lines around it have, too.
    """

    code: str
    text: str
    at: Span
    time: str | None = None
    unit: str | None = None
    host: str | None = None
    named: dict[str, str | int] = field(default_factory=dict)
    logged: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What of one log concerns dqlite.

    Attributes:
        lines: in file order; of each code at most JOURNAL_LINES_MAX, the first half and the last.
        counts: of all lines, by code.
        cut: the log is larger than what is searched.
        looks_like_log: so its first lines are. A text that does not, and has no known message, is no log.
        last_times: by unit the time of its last line (see JournalLine.logged), where that stands near the log's end.
    """

    path: str
    unit: str
    lines: tuple[JournalLine, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    cut: bool = False
    looks_like_log: bool = False
    last_times: Mapping[str, str] = field(default_factory=dict)


def parse_journal(blob: Blob, unit: str = "") -> Journal:
    """Search a whole log.

    Args:
        blob: the log.
        unit: where its lines come from, unless they say themselves.
    """
    counts: dict[str, int] = {}
    kept: dict[str, list[JournalLine]] = {}
    for raw, following, holds, at in _candidates(blob):
        text = _text(raw)
        found = match(_plain(text), holds)
        if (found is None or found[0] in _MAY_GO_ON) and (whole := _unwrapped(raw, following)):
            better = match(_plain(_text(whole)), held(whole))
            if better and better[0] not in _OUTER:
                found, text = better, _text(whole)
        if found is None:
            continue
        code, named = found
        counts[code] = counts.get(code, 0) + 1
        lines = kept.setdefault(code, [])
        lines.append(_line(code, named, text, at, unit))
        if len(lines) > JOURNAL_LINES_MAX:
            del lines[JOURNAL_LINES_MAX // 2]
    return Journal(
        blob.path,
        unit,
        lines=tuple(sorted((line for lines in kept.values() for line in lines), key=lambda line: line.at)),
        counts=counts,
        cut=blob.size > TEXT_BYTES_MAX,
        looks_like_log=_looks_like_a_log(blob),
        last_times=_last_times(blob, unit),
    )


def _text(raw: bytes) -> str:
    """A line without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", raw[:LINE_CHARS_MAX].decode("utf-8", "replace")).rstrip("\r")


def _plain(text: str) -> str:
    """A line with its quotes as the program wrote them: forums and mail set typographic ones, JSON and HTML escape."""
    if "&" in text:
        text = html.unescape(text)
    return re.sub(r"\\+\"", '"', text).translate(_PLAIN_QUOTES)


def _unwrapped(raw: bytes, following: bytes) -> bytes | None:
    """A line that a terminal broke, with the rest behind it; None where the next line is one of its own."""
    if len(raw) < _NARROWEST_CHARS or not _OF_RAFT.search(raw) or not following.strip() or _BEGINS.match(following):
        return None
    return raw.rstrip(b"\r") + following.rstrip(b"\r")


def without_secrets(text: str) -> str:
    """A line with everything that may be key material, a token or a password replaced.

    See docs/reference/secrets.md#what-is-secret.
    """
    text = _SECRET.sub(lambda found: found[1] + "<hidden>", text)
    return _LONG.sub(
        lambda found: found[0] if _RAFT_NAME.fullmatch(found[0]) or found[0].isdigit() else "<hidden>", text
    )


def _looks_like_a_log(blob: Blob) -> bool:
    head = blob.read(0, _HEAD_BYTES).decode("utf-8", "replace").splitlines()[:_HEAD_LINES]
    dated = sum(bool(_SYSLOG.match(line) or _FIELD_TIME.search(line) or _ISO.match(line)) for line in head)
    return dated * 2 >= max(len(head), 1)


def _last_times(blob: Blob, unit: str) -> dict[str, str]:
    start = max(blob.size - _TAIL_BYTES, 0)
    lines = blob.read(start, _TAIL_BYTES).decode("utf-8", "replace").splitlines()[start > 0 :]
    told = [(found, stamp) for line in lines if (stamp := _stamp(line, found := _SYSLOG.match(line)))]
    return {(found["unit"] if found else None) or unit: stamp for found, stamp in told}


def _stamp(text: str, prefix: re.Match[str] | None) -> str | None:
    """The time of a line's prefix, else its own."""
    found = prefix or _FIELD_TIME.search(text) or _ISO.match(text)
    return found["time"].rstrip(",:]") if found else None


def _candidates(blob: Blob) -> Iterator[tuple[bytes, bytes, list[bytes], Span]]:
    """Lines that hold needles, each once, in order, with the line after it and these needles."""
    offset, rest = 0, b""
    limit = min(blob.size, TEXT_BYTES_MAX)
    while offset + len(rest) < limit:
        chunk = rest + blob.read(offset + len(rest), IO_CHUNK_BYTES)
        last = offset + len(chunk) >= limit or len(chunk) == len(rest)
        end = len(chunk) if last else chunk.rfind(b"\n") + 1
        if not last and end == 0:
            end = max(len(chunk) - LINE_CHARS_MAX, 0)  # one endless line: give up its head, keep what a match may need
        yield from _holding(chunk[:end], blob.path, offset)
        offset, rest = offset + end, chunk[end:]
        if last:
            return


def _holding(chunk: bytes, path: str, offset: int) -> Iterator[tuple[bytes, bytes, list[bytes], Span]]:
    found: dict[tuple[int, int], dict[bytes, None]] = {}
    start, end = 0, -1
    for needle, at in occurrences(chunk):  # by their ends, and none goes over a line's end: line after line
        if at > end:
            start, end = chunk.rfind(b"\n", 0, at) + 1, chunk.find(b"\n", at)
            end = end if end >= 0 else len(chunk)
        found.setdefault((start, end), {})[needle] = None
    for (start, end), holds in found.items():
        after = chunk.find(b"\n", end + 1, end + LINE_CHARS_MAX)
        behind = chunk[end + 1 : after if after >= 0 else end + LINE_CHARS_MAX]
        yield chunk[start:end], behind, list(holds), Span(path, offset + start, end - start)


def _line(code: str, named: dict[str, str | int], text: str, at: Span, unit: str) -> JournalLine:
    prefix = _SYSLOG.match(text)
    message = text[prefix.end() :] if prefix else text
    inner = _FIELD_TIME.search(message) or (None if prefix else _ISO.match(message))
    time = inner["time"] if inner else prefix["time"] if prefix else None
    return JournalLine(
        code,
        without_secrets(message.strip()),
        at,
        time.rstrip(",:]") if time else None,
        (prefix["unit"] if prefix else None) or unit or None,
        prefix["host"] if prefix else None,
        {name: without_secrets(value) if isinstance(value, str) else value for name, value in named.items()},
        _stamp(text, prefix),
    )
