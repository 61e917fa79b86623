"""What one line of a log is: a known message, or an error that is read by its structure; with what it names."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forensics.evidence import Span
from forensics.limits import LINE_CHARS_MAX, TEXTS_REMEMBERED_BYTES_MAX
from forensics.masking.text import masked_line
from forensics.parsers.errors.concern import Concern, concern_of, may_concern, of_kubernetes
from forensics.parsers.errors.diagnose import code_of, diagnose
from forensics.parsers.errors.kind import OF_A_CLUSTER, VAGUE, WITHOUT_CAUSE, Kind
from forensics.parsers.errors.layer import layer_of
from forensics.parsers.errors.record import take_apart
from forensics.parsers.listed_members import LISTS_MEMBERS, listed_twice
from forensics.parsers.log_lines import without_ids, without_numbers
from forensics.parsers.log_times import SYSLOG, own_time, stamp
from forensics.parsers.messages import HARMLESS, held, match
from forensics.parsers.named_products import speaker_of
from forensics.parsers.wrapped_lines import NARROWEST_BYTES, begins_a_line

_Found = tuple[str, dict[str, str | int]]

_TELLS_LITTLE = frozenset(code_of(kind) for kind in (Kind.UNKNOWN, Kind.NO_REASON, *VAGUE))
_OF_A_CONNECTION = frozenset(
    code_of(kind) for kind in (Kind.REFUSED, Kind.UNREACHABLE, Kind.CONNECTION_LOST, Kind.PANIC)
)
# A change of a schema that fails: what SQLite says of a table or a row, of too many rows, and what nothing tells.
_OF_A_SCHEMA = (
    *(Kind.UNKNOWN, Kind.NO_REASON, Kind.LOCKED, Kind.TABLE_MISSING, Kind.MEMBER_DUPLICATE, Kind.MALFORMED),
    *(Kind.CONFIGURATION, Kind.FILE_MISSING, Kind.MEMBER_UNKNOWN),
)
# What is said of these is the outside of a chain: its inner end is the cause, unless it tells no more than they do.
_WRAPPERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("start-failed", "join-failed", "bootstrap-failed", "first-query-failed"), _TELLS_LITTLE),
    **dict.fromkeys(("peer-connection-broken", "member-silent"), _TELLS_LITTLE | _OF_A_CONNECTION),
    "query-failed": _TELLS_LITTLE | {code_of(kind) for kind in (Kind.BUSY, Kind.SLOW)},
    "schema-not-ensured": frozenset(code_of(kind) for kind in _OF_A_SCHEMA),
    "sqlite-io-error": _TELLS_LITTLE | {code_of(Kind.INPUT_OUTPUT)},
    "certificate-refused": _TELLS_LITTLE | {code_of(kind) for kind in (Kind.CERTIFICATE, Kind.PANIC, Kind.MALFORMED)},
}
# Messages that other databases write, too: in doubt where a pasted text names nothing that carries dqlite.
_OF_ANY_DATABASE = frozenset((
    *("query-failed", "disk-full", "disk-error", "sqlite-io-error", "peer-connection-broken", "certificate-refused"),
    *("segment-checksum", "database-malformed", "crash", *(code_of(kind) for kind in OF_A_CLUSTER)),
))  # fmt: skip
_KIND_CODES = frozenset(code_of(kind) for kind in Kind)
ENDINGS = frozenset(("crash", "assertion", *(code_of(kind) for kind in (Kind.PANIC, Kind.ASSERTION, Kind.SIGNAL))))
"""That a program ended itself, or was ended."""
_NEED_NOT_END_IT = _KIND_CODES - ENDINGS | {
    "query-failed", "disk-full", "disk-error", "sqlite-io-error", "database-malformed"
}  # fmt: skip
_GENERAL = frozenset(code_of(kind) for kind in Kind if kind not in OF_A_CLUSTER)
PANICKED = code_of(Kind.PANIC)
OF_ANOTHER = "of-another-product"
"""The code of a line that a program of a product without dqlite wrote: nothing else is concluded from it."""
_PANIC = re.compile(rb"(?:^|[\s\]\"'=])panic: ")
_PLAIN_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
# Of a line that a terminal broke, the first half may be one of these; the whole line then tells more.
_OUTER = ("start-failed", "start-no-reason", "recovery-refused")
_MAY_GO_ON = (*_OUTER, "segment-no-reason", "yaml-unreadable")
# Of an error that a terminal broke, the first half tells no cause.
_HALF = frozenset(code_of(kind) for kind in WITHOUT_CAUSE)
_OF_RAFT = re.compile(rb"raft_|segment |snapshot|dqlite")
_EXIT_CODE = re.compile(rb"exit\w* (?:with )?(?:code|status)\W{1,3}13\d")  # its number names a signal


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


def product_of(raw: bytes) -> str:
    """Of a line OF_ANOTHER the product."""
    return speaker_of(_plain(_text(raw))) or ""


def panicked_over(raw: bytes, code: str) -> bool:
    """The program ended itself over an error that need not end one: that it ended is told as well."""
    return code in _NEED_NOT_END_IT and bool(_PANIC.search(raw))


class LineReader:
    """What each line is. The answer for a text is kept: with other numbers and ids in it, it means the same."""

    def __init__(self, unit: str, *, pasted: bool, named: bool) -> None:
        self._unit = unit
        self._asked = pasted
        self._named = named
        self._known: dict[bytes, tuple[str | None, bool]] = {}
        self._bytes_known = 0

    def code(self, raw: bytes, following: bytes) -> tuple[str | None, bool]:
        """Which message it is, None for an everyday line; and whether the line behind it is its rest."""
        code, goes_on = self._remembered(raw)
        if goes_on and (whole := self._rejoined(raw, following, code)):
            return whole[0][0], True
        return code, False

    def _remembered(self, raw: bytes) -> tuple[str | None, bool]:
        """Its code, and whether the line behind it may belong to it. Of lists of members and exits the numbers tell."""
        if LISTS_MEMBERS.search(raw) or _EXIT_CODE.search(raw):
            return self._fresh(raw)
        line = raw[:LINE_CHARS_MAX]
        key = without_numbers(line)
        known = self._known.get(key)
        if known is None:
            general = without_ids(line)
            known = self._known.get(general) or self._fresh(raw)
            self._remember(known, key, general)
        return known

    def _remember(self, known: tuple[str | None, bool], *keys: bytes) -> None:
        self._bytes_known += sum(map(len, keys))
        if self._bytes_known > TEXTS_REMEMBERED_BYTES_MAX:
            self._known.clear()
            self._bytes_known = sum(map(len, keys))
        self._known.update(dict.fromkeys(keys, known))

    def _fresh(self, raw: bytes) -> tuple[str | None, bool]:
        found = self._alone(raw)
        return found[0] if found else None, _may_go_on(found, raw)

    def line(self, raw: bytes, following: bytes, at: Span) -> JournalLine | None:
        """A line that has a code, with everything that it names."""
        found, text = self._alone(raw), _text(raw)
        half = found[0] if found else None
        if _may_go_on(found, raw) and (whole := self._rejoined(raw, following, half)):
            found, text = whole
        if found is None:
            return None
        return replace(_line(*found, text, at, self._unit), doubtful=self._doubtful(_plain(text), found[0]))

    def _alone(self, raw: bytes) -> _Found | None:
        written = _text(raw)
        text = _plain(written)
        if speaker_of(text):
            return OF_ANOTHER, {}
        holds = held(raw)
        if twice := listed_twice(text):
            return "member-listed-twice", {"member": twice.id, "address": twice.first, "other_address": twice.second}
        found = match(text, holds) if holds else None
        if found is None:
            return self._error(written)
        inner = self._error(written) if found[0] in _WRAPPERS else None
        if inner and inner[0] not in _WRAPPERS[found[0]]:
            return inner
        return None if found[0] == HARMLESS else found

    def _rejoined(self, raw: bytes, following: bytes, half: str | None) -> tuple[_Found, str] | None:
        """Of a line that a terminal broke the whole, where that tells more, or the same with its reason."""
        whole = _unwrapped(raw, following)
        better = self._alone(whole) if whole is not None else None
        if whole is None or better is None or better[0] in (*_OUTER, *_HALF):
            return None
        if better[0] == half and half not in _MAY_GO_ON:  # two lines, one below the other
            return None
        return better, _text(whole)

    def _error(self, text: str) -> _Found | None:
        """An error in a wording of its own: by its structure. A link may be a secret, and no longer look like one."""
        text = _readable(text)
        if not may_concern(text, self._unit, asked=self._asked):
            return None
        text = masked_line(text)
        record = take_apart(text)
        concern = concern_of(text, record, self._unit, asked=self._asked)
        asked = self._asked and not of_kubernetes(record)
        found = diagnose(record, text, asked=asked) if concern is not Concern.OTHERS else None
        if found is None:
            return None
        layer = layer_of(record, self._unit) if found.kind in WITHOUT_CAUSE else None
        return code_of(found.kind), found.named() | ({"layer": layer.value} if layer else {})

    def _doubtful(self, text: str, code: str) -> bool:
        if code not in _GENERAL and not (code in _OF_ANY_DATABASE and self._asked and not self._named):
            return False
        return concern_of(text, take_apart(text), self._unit, asked=self._asked) is not Concern.DATABASE


def _may_go_on(found: _Found | None, raw: bytes) -> bool:
    """The line may be half of one: what it tells wraps a cause that the next has, or it is of raft and tells none."""
    if found is not None and (found[0] in _HALF or found[0] in _WRAPPERS):
        return True
    return (found is None or found[0] in _MAY_GO_ON or found[0] in _KIND_CODES) and bool(_OF_RAFT.search(raw))


def _text(raw: bytes) -> str:
    """A line without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", raw[:LINE_CHARS_MAX].decode("utf-8", "replace")).rstrip("\r")


def _plain(text: str) -> str:
    """A line as `_readable` gives it, its escaped quotes plain, too."""
    return re.sub(r"\\+\"", '"', _readable(text))


def _readable(text: str) -> str:
    """A line with the quotes that the program wrote: forums and mail set typographic ones, HTML has names for them."""
    return (html.unescape(text) if "&" in text else text).translate(_PLAIN_QUOTES)


def _unwrapped(raw: bytes, following: bytes) -> bytes | None:
    """A line that a terminal broke, with the rest behind it; None where the next line is one of its own."""
    if len(raw) < NARROWEST_BYTES or not following.strip() or begins_a_line(following):
        return None
    return raw.rstrip(b"\r") + following.rstrip(b"\r")


# systemd tells of a unit under its own name; the unit's own lines have the name without `snap.` and `.service`.
_OF_UNIT = re.compile(r"(?:snap\.)?(?P<unit>[\w.@-]{1,200})\.service: ")


def _unit_of(prefix: re.Match[str] | None, message: str) -> str | None:
    """Whose line it is."""
    speaker = prefix["unit"] if prefix else None
    named = _OF_UNIT.match(message) if speaker == "systemd" else None
    return named["unit"] if named else speaker


def _line(code: str, named: dict[str, str | int], text: str, at: Span, unit: str) -> JournalLine:
    prefix = SYSLOG.match(text)
    message = text[prefix.end() :] if prefix else text
    return JournalLine(
        code,
        masked_line(message.strip()),
        at,
        own_time(message, prefix),
        _unit_of(prefix, message) or unit or None,
        prefix["host"] if prefix else None,
        {name: masked_line(value) if isinstance(value, str) else value for name, value in named.items()},
        stamp(text, prefix),
    )
