"""Journals and other logs: the lines that are known messages, with their time, host and unit.

Formats: journalctl (short, ISO), syslog, logrus (`time=… level=… msg=…`), LXD's (`t=… lvl=… msg=…`), klog, and bare
text. A line that is no known message is read by its structure (forensics/parsers/errors). Each text is looked at once,
however often it stands in the log with other numbers.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from forensics.evidence import Blob, Span
from forensics.limits import JOURNAL_LINES_MAX, LINE_CHARS_MAX, TEXT_BYTES_MAX, TEXTS_REMEMBERED_MAX
from forensics.parsers.errors.concern import PASTED_BYTES_MAX, Concern, concern_of, names_a_cluster
from forensics.parsers.errors.diagnose import code_of, diagnose
from forensics.parsers.errors.kind import OF_A_CLUSTER, VAGUE, Kind
from forensics.parsers.errors.record import take_apart
from forensics.parsers.listed_members import listed_twice
from forensics.parsers.log_lines import lines_of, without_numbers
from forensics.parsers.messages import held, is_harmless, match
from forensics.parsers.named_products import other_product_in, products_in

_Raw = tuple[int, bytes, bytes]
_Found = tuple[str, dict[str, str | int]]

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
# What is said of these is the outside of a chain: its inner end is the cause, where that is told.
_WRAPPERS = frozenset(("start-failed", "join-failed", "bootstrap-failed", "first-query-failed"))
_TELLS_LITTLE = frozenset(code_of(kind) for kind in (Kind.UNKNOWN, *VAGUE))
# Messages that other databases write, too: in doubt where a pasted text names nothing that carries dqlite.
_OF_ANY_DATABASE = frozenset((
    *("query-failed", "disk-full", "disk-error", "sqlite-io-error", "peer-connection-broken", "certificate-refused"),
    *("segment-checksum", "database-malformed", "crash", *(code_of(kind) for kind in OF_A_CLUSTER)),
))  # fmt: skip
_KIND_CODES = frozenset(code_of(kind) for kind in Kind)
_GENERAL = frozenset(code_of(kind) for kind in Kind if kind not in OF_A_CLUSTER)
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
        doubtful: an error that any program can have, and nothing in the line says that it is the database's.
    """

    code: str
    text: str
    at: Span
    time: str | None = None
    unit: str | None = None
    host: str | None = None
    named: dict[str, str | int] = field(default_factory=dict)
    logged: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """What of one log concerns dqlite.

    Attributes:
        lines: in file order; of each code at most JOURNAL_LINES_MAX, the first half and the last.
        counts: of all lines, by code.
        cut: the log is larger than what is searched.
        looks_like_log: so its first lines are. A text that does not, and has no known message, is no log.
        last_times: by unit the time of its last line (see JournalLine.logged), where that stands near the log's end.
        products: on dqlite that its beginning names, by their databases.
        of_another: the product that it is of, where that carries no dqlite; nothing else is concluded from it.
    """

    path: str
    unit: str
    lines: tuple[JournalLine, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    cut: bool = False
    looks_like_log: bool = False
    last_times: Mapping[str, str] = field(default_factory=dict)
    products: tuple[str, ...] = ()
    of_another: str | None = None


def parse_journal(blob: Blob, unit: str = "") -> Journal:
    """Search a whole log.

    Args:
        blob: the log.
        unit: where its lines come from, unless they say themselves.
    """
    head = blob.read(0, PASTED_BYTES_MAX).decode("utf-8", "replace")
    if not unit and (other := other_product_in(head)):
        return Journal(blob.path, unit, looks_like_log=_looks_like_a_log(blob), of_another=other)
    reader = _Reader(unit, pasted=not unit and blob.size <= PASTED_BYTES_MAX, named=names_a_cluster(head))
    counts: Counter[str] = Counter()
    kept: dict[str, _Kept] = defaultdict(_Kept)
    for offset, raw, following in lines_of(blob):
        code = reader.code(raw, following)
        if code is not None:
            counts[code] += 1
            kept[code].add((offset, raw, following))
    found = (
        reader.line(raw, following, Span(blob.path, offset, len(raw)))
        for lines in kept.values()
        for offset, raw, following in lines
    )
    return Journal(
        blob.path,
        unit,
        lines=tuple(sorted((line for line in found if line is not None), key=lambda line: line.at)),
        counts=dict(counts),
        cut=blob.size > TEXT_BYTES_MAX,
        looks_like_log=_looks_like_a_log(blob),
        last_times=_last_times(blob, unit),
        products=products_in(head),
    )


class _Kept:
    """Of a flood the first lines and the last ones."""

    def __init__(self) -> None:
        self._first: list[_Raw] = []
        self._last: deque[_Raw] = deque(maxlen=JOURNAL_LINES_MAX // 2)

    def add(self, line: _Raw) -> None:
        """The next one."""
        (self._first if len(self._first) < JOURNAL_LINES_MAX // 2 else self._last).append(line)

    def __iter__(self) -> Iterator[_Raw]:
        return chain(self._first, self._last)


class _Reader:
    """What each line is. The answer for a text is kept: with other numbers in it, it means the same."""

    def __init__(self, unit: str, *, pasted: bool, named: bool) -> None:
        self._unit = unit
        self._asked = pasted
        self._named = named
        self._known: dict[bytes, tuple[str | None, bool]] = {}

    def code(self, raw: bytes, following: bytes) -> str | None:
        """Which message it is; None for an everyday line."""
        key = without_numbers(raw[:LINE_CHARS_MAX])
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= TEXTS_REMEMBERED_MAX:
                self._known.clear()
            found = self._alone(raw)
            broken = _may_go_on(found) and bool(_OF_RAFT.search(raw))
            known = self._known[key] = (found[0] if found else None, broken)
        code, broken = known
        if broken and (whole := self._rejoined(raw, following)):
            return whole[0][0]
        return code

    def line(self, raw: bytes, following: bytes, at: Span) -> JournalLine | None:
        """A line that has a code, with everything that it names."""
        found, text = self._alone(raw), _text(raw)
        if _may_go_on(found) and (whole := self._rejoined(raw, following)):
            found, text = whole
        if found is None:
            return None
        return replace(_line(*found, text, at, self._unit), doubtful=self._doubtful(_plain(text), found[0]))

    def _alone(self, raw: bytes) -> _Found | None:
        text = _plain(_text(raw))
        holds = held(raw)
        if "{" in text and (twice := listed_twice(text)):
            return "member-listed-twice", {"member": twice.id, "address": twice.first, "other_address": twice.second}
        found = match(text, holds) if holds else None
        if found is None:
            return None if holds and is_harmless(text, holds) else self._error(text)
        inner = self._error(text) if found[0] in _WRAPPERS else None
        return inner if inner and inner[0] not in _TELLS_LITTLE else found

    def _rejoined(self, raw: bytes, following: bytes) -> tuple[_Found, str] | None:
        """Of a line that a terminal broke the whole, where that tells more."""
        whole = _unwrapped(raw, following)
        better = match(_plain(_text(whole)), held(whole)) if whole else None
        return (better, _text(whole)) if whole and better and better[0] not in _OUTER else None

    def _error(self, text: str) -> _Found | None:
        """An error in a wording of its own: by its structure."""
        record = take_apart(text)
        concern = concern_of(text, record, self._unit, asked=self._asked)
        found = diagnose(record, text) if concern is not Concern.OTHERS else None
        return (code_of(found.kind), found.named()) if found else None

    def _doubtful(self, text: str, code: str) -> bool:
        if code not in _GENERAL and not (code in _OF_ANY_DATABASE and self._asked and not self._named):
            return False
        return concern_of(text, take_apart(text), self._unit, asked=self._asked) is not Concern.DATABASE


def _may_go_on(found: _Found | None) -> bool:
    return found is None or found[0] in _MAY_GO_ON or found[0] in _KIND_CODES


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
