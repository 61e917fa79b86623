"""What the rules about journals share: lines of a cause, by machine, with what happened since."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.facts.machine.log_lines import in_order, line_time
from forensics.facts.node.node import Node
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity

_SHOWN = 5  # lines given as evidence of one finding
_QUOTED_CHARS = 220
_FIELD = re.compile(r"\b(?:msg|error|err)=\"((?:[^\"\\]|\\.)*)\"")
_SOME_YEAR = 978220800.0  # 2000-12-31
_LATER_SECONDS = 900.0  # clocks of journal and file system agree better than this

Describe = Callable[[JournalLine], str]
Severities = Mapping[str, Severity]


def findings_of(
    case: Case,
    codes: tuple[str, ...],
    describe: Describe,
    severities: Severities | None = None,
    transient: tuple[str, ...] = (),
) -> Iterator[Finding | NotChecked]:
    """One finding a machine and description: the newest line quoted, all counted, the first ones as evidence.

    Where the machine's raft files are at hand and were written after the last such line, the line tells of the past:
    its finding is `info`. Nodes whose journals did not arrive are named as not checked. `severities`: of codes that do
    not have the rule's own. `transient`: codes that a service repeats as long as they hold; where its log
    goes on without them, they are over, and `info`.
    """
    without = [node.name for node in case.directories() if not any(host.journals for host in _hosts_of(case, node))]
    if not any(host.journals for host in case.hosts):
        yield NotChecked("no journal in the input")
    elif without:
        yield NotChecked(f"no journal of {', '.join(dict.fromkeys(without))}")
    for host in case.hosts:
        groups: dict[tuple[str, tuple[str, ...]], list[JournalLine]] = {}
        owners: dict[tuple[str, ...], list[Node]] = {}
        for journal in host.journals:
            for line in journal.lines:
                if line.code in codes:
                    nodes = case.nodes_of_line(host, line)
                    names = _names(nodes, host, line)
                    owners[names] = nodes
                    groups.setdefault((describe(line), names), []).append(line)
        for (text, names), lines in groups.items():
            ordered = in_order(lines, host.collected, host.utc_offset)
            severity = (severities or {}).get(ordered[-1].code)
            over = ordered[-1].code in transient and _went_on(host, ordered[-1])
            yield replace(_finding(host, owners[names], text, ordered, severity, over), nodes=names)


def _hosts_of(case: Case, node: Node) -> list[Host]:
    return [host for host in case.hosts if node in case.nodes_of(host)]


def _finding(
    host: Host, nodes: list[Node], text: str, lines: list[JournalLine], severity: Severity | None, over: bool
) -> Finding:
    newest = lines[-1]
    since = [node for node in nodes if _wrote_after(node, newest, host)]
    note = f"; the files of {', '.join(node.name for node in since)} were written after it" if since else ""
    note += "; the service's log goes on without it" if over else ""
    return Finding(
        f"{text}{_times(lines)}: “{_quoted(newest.text)}”{note}",
        tuple(line.at for line in lines[:_SHOWN]),
        severity=Severity.INFO if since or over else severity,
        effect=Effect.NONE if since or over else None,
    )


def _names(nodes: list[Node], host: Host, line: JournalLine) -> tuple[str, ...]:
    if nodes:
        return tuple(dict.fromkeys(node.name for node in nodes))
    name = host.name or line.host
    return (name,) if name else ()


def _times(lines: list[JournalLine]) -> str:
    if len(lines) == 1:
        return f" ({lines[0].time})" if lines[0].time else ""
    first, last = lines[0].time, lines[-1].time
    return f" ({len(lines)} times{f', {first} to {last}' if first and last else ''})"


def _quoted(text: str) -> str:
    """The message itself: of structured logs what `msg` and `error` say."""
    fields = [found[1].replace('\\"', '"') for found in _FIELD.finditer(text)]
    text = ": ".join(fields) or text
    return text if len(text) <= _QUOTED_CHARS else text[: _QUOTED_CHARS - 1] + "…"


def _wrote_after(node: Node, line: JournalLine, host: Host) -> bool:
    """A raft file of known time is newer than the line."""
    said = line_time(line.time, host.collected, host.utc_offset)
    files = [part.file for part in node.log.closed] + [part.file for part in node.log.open]
    known = [file.mtime for file in files if file.mtime and file.mtime_year and not file.listed]
    return said is not None and bool(known) and max(known) > said + _LATER_SECONDS


def _went_on(host: Host, line: JournalLine) -> bool:
    """The unit wrote other lines later: long after this one, it still ran and had no more to say of it."""
    journal = next((journal for journal in host.journals if journal.path == line.at.path), None)
    last = journal.last.get(line.unit or "") if journal else None
    if last is None or line.logged is None:
        return False
    if host.utc_offset is None and last[:1].isdigit() != line.logged[:1].isdigit():
        return False  # one may be in UTC, the other by the machine's clock
    reference = _SOME_YEAR if host.collected is None else host.collected  # for the distance any year will do
    times = [line_time(text, reference, host.utc_offset) for text in (line.logged, last)]
    return None not in times and (times[1] or 0.0) - (times[0] or 0.0) > _LATER_SECONDS
