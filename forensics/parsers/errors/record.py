"""One line of a log, whoever wrote it: its prefix, its level, and what it says.

Formats, and whose they are: journalctl and syslog; klog (Kubernetes); logfmt (logrus: k8s-dqlite, microcluster, LXD
since 4.0; `t= lvl= msg=`: LXD before); JSON (zap, controller-runtime); juju's `machine-0: 12:00:00 ERROR module text`;
dqlite's and raft's C (`LIBDQLITE 1690000000 function:12 text`); command lines (`Error: text`, `error: text`);
containers (`name | text`); `message repeated 3 times: [ text]`. A prefix that is none of these stays in the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from forensics.limits import LINE_CHARS_MAX


class Level(StrEnum):
    """How bad its writer found it."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class Record:
    """A line taken apart.

    Attributes:
        message: what is said; fields that carry an error stand behind it, as the next links of its chain.
        level: None where the line has none.
        source: the unit, program or module that speaks; None where nothing tells.
    """

    message: str
    level: Level | None = None
    source: str | None = None


_LEVELS = {
    **dict.fromkeys(("debug", "dbug", "trace", "d"), Level.DEBUG),
    **dict.fromkeys(("info", "notice", "i"), Level.INFO),
    **dict.fromkeys(("warn", "warning", "w"), Level.WARNING),
    **dict.fromkeys(("error", "eror", "err", "e"), Level.ERROR),
    **dict.fromkeys(("fatal", "panic", "crit", "critical", "emerg", "alert", "f"), Level.FATAL),
}
_LEVEL = r"(?P<level>[A-Za-z]{1,8})"
_TIME = r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d)?\]?"

# Each is taken off the front, as long as one fits.
_PREFIXES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[>\s]+",
        r"[-*$#] ",
        r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[\w.-]+ )?(?P<source>[\w@./-]+)(?:\[\d+\])?: ",
        rf"{_TIME} [\w.-]+ (?P<source>[\w@./-]+)\[\d+\]: ",
        rf"{_TIME} (?P<source>[\w@./-]+)\[\d+\]: ",
        rf"(?P<source>machine-\d+|controller-\d+|unit-[\w-]+): \d\d:\d\d:\d\d {_LEVEL} [\w.]+ ",
        _TIME + r" (?P<level>[A-Z]{4,8}) (?P<source>(?:juju|unit)[\w./-]*) (?:\w+\.go:\d+ )?(?:[\w-]+:\d+: )?",
        rf"{_TIME}[ \t]+",
        r"(?P<level>[IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?P<source>[\w.-]+:\d+)\] ",
        r"(?P<source>LIBDQLITE|LIBRAFT|LIBCOWSQL)\s+\d+ \S+:\d+ ",
        r"(?P<source>[\w.-]{1,60})\s+\| ",
        r"message repeated \d+ times: \[ ?",
        r"\[(?P<level>TRACE|DEBUG|INFO|WARN|WARNING|ERROR|ERR|FATAL|PANIC)\]:? *",
        r"(?P<level>DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b:?\s+",
        r"(?P<level>(?i:error|fatal))(?: \(\w+\))?: ",
        r"(?P<source>[\w.-]+\.go:\d+):? ",
    )
)
_FIELD = re.compile(
    r"(?<![\w.-])(?P<key>[A-Za-z_][\w.-]{0,40})=(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)(?:\"|$)|(?P<bare>[^\s\"]*))"
)
_QUOTE_ESCAPED = re.compile(r"\\+\"")
_SAYS = ("msg", "message")
_CARRIES = ("error", "err", "reason", "cause", "exception", "errorCause", "errorVerbose")
_LEVEL_KEYS = ("level", "lvl", "severity")
_SOURCE_KEYS = ("logger", "component", "unit", "service")
_STEPS_MAX = 8  # prefixes of one line: a container's, a journal's, a time, a level


def take_apart(text: str, *, nested: bool = True) -> Record:
    """A line without its prefix, and what the prefix tells."""
    outer = _without_prefixes(text[:LINE_CHARS_MAX].strip())
    inner = _of_json(outer.message) or _of_fields(outer.message)
    if inner is None:
        return Record(_QUOTE_ESCAPED.sub('"', outer.message.strip()), outer.level, outer.source)
    if nested and inner.message != text:  # k3s and k0s log the lines of the programs that they run
        own = take_apart(inner.message, nested=False)
        inner = Record(own.message, own.level or inner.level, inner.source or own.source)
    return Record(inner.message, inner.level or outer.level, inner.source or outer.source)


def _without_prefixes(text: str) -> Record:
    """As long as one fits; the last that names a level or a source counts."""
    rest, level, source = text, None, None
    for _ in range(_STEPS_MAX):
        found = next((match for prefix in _PREFIXES if (match := prefix.match(rest))), None)
        if found is None or found.end() == 0:
            break
        groups = found.groupdict()
        level = _LEVELS.get((groups.get("level") or "").lower(), level)
        source = groups.get("source") or source
        rest = rest[found.end() :]
    return Record(rest, level, source)


def _of_json(text: str) -> Record | None:
    """`{"level":"error","msg":…,"error":…}`; also behind `text<tab>{…}`, as zap writes; `{"log":…}` of Docker."""
    at = text.find('{"')
    if at < 0 or not text.rstrip().endswith("}"):
        return None
    try:
        said = json.loads(text[at:])
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    before = text[:at].strip(" \t-:")
    parts = [before] if before else []
    parts += [str(said[key]) for key in (*_SAYS, "log", *_CARRIES) if isinstance(said.get(key), str)]
    level = next((str(said[key]).lower() for key in _LEVEL_KEYS if key in said), "")
    source = next((str(said[key]) for key in _SOURCE_KEYS if isinstance(said.get(key), str)), None)
    return Record(": ".join(filter(None, parts)), _LEVELS.get(level), source) if parts else None


def _of_fields(text: str) -> Record | None:
    """`level=error msg="…" error="…"`, also `"text" err="…"` of klog; None where no field says or carries anything."""
    fields = list(_fields(text))
    said = [value for key, value, _ in fields if key in _SAYS]
    carried = [value for key, value, _ in fields if key in _CARRIES]
    if not said and not carried:
        return None
    first = min(at for _, _, at in fields)
    before = text[:first].strip().strip('"').strip()
    level = next((value.lower() for key, value, _ in fields if key in _LEVEL_KEYS), "")
    source = next((value for key, value, _ in fields if key in _SOURCE_KEYS), None)
    return Record(": ".join(filter(None, (before, *said, *carried))), _LEVELS.get(level), source)


def _fields(text: str) -> Iterator[tuple[str, str, int]]:
    for found in _FIELD.finditer(text):
        quoted = found["quoted"]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found["bare"]
        yield found["key"], value, found.start()
