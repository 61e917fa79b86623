"""What the rules about logs share: a finding of lines of one cause on one machine, and what it says.

A rule of this kind is a header (`log_rule`), its page, and a table of clauses (`Cause`). One place says for all of them
that logs tell of the past.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.log_lines import line_time
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.diagnose import code_of
from forensics.parsers.errors.kind import WITHOUT_CAUSE
from forensics.parsers.journal_line import JournalLine
from forensics.rules.api import HEADINGS, Check, Effect, Finding, NotChecked, Rule, Severity, rule
from forensics.rules.error_kinds import KIND_CODES, LAYERS, OPERATIONS
from forensics.rules.log_endings import NOTHING_ENDS, Ending, Logged, Since, ending_of
from forensics.rules.numbers_of_text import numbers_of_text
from forensics.wording import Words, count, listed, segment, sentences

_LINES_SHOWN = 5  # as evidence of one finding
_QUOTED_CHARS = 220
_FIELD = re.compile(r"\b(?:msg|error|err)=\"((?:[^\"\\]|\\.)*)\"")
_SOME_YEAR = 978220800.0  # 2000-12-31
_LATER_SECONDS = 900.0  # clocks of a log and of a file system agree better than this

_OVER = (
    "The cause is over: logs keep old lines. Where raft files of the node were written later, or a later line of"
    " the same service shows that it is over (it is up, or has a leader), the finding is `info`."
)
_SINCE = {
    Since.SERVICE_WENT_ON: "The same service logged other things afterwards, and this no more.",
    Since.SERVICE_READY: "The same log says afterwards that the service is up.",
    Since.LEADER_FOUND: "The same log says afterwards that a leader was found.",
    Since.JOINED: "The same log says afterwards that the node joined the cluster.",
    Since.MEMBER_ANSWERED: "The same log has an answer of that member afterwards.",
}
_WITHOUT_CAUSE = frozenset(map(code_of, WITHOUT_CAUSE))
_DOUBT = "Nothing in the line says that the database's own service wrote it."
_WHOSE = "See which program wrote it. If it was the service that carries the database, collect its whole journal."
_NOTHING_NOW = "Nothing, as long as it does not come back: the evidence shows that it is over."


@dataclass(frozen=True, slots=True)
class Milder:
    """A message of a rule that weighs less than the rule's others, and what to do about it."""

    severity: Severity
    steps: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Which messages a rule takes, and what is said of them.

    Attributes:
        clauses: by the message's code the problem in one clause, with the names of what the line names in braces.
            Where a line may name less, several: the first that it can fill is used.
        milder: messages that do not have the rule's own severity.
        ended_by: lines of the same service that show that it is over.
        transient: a service repeats such lines for as long as they hold; where it logs on without them, it is over.
        lasting: what such a line tells stays true, whatever happened afterwards.
        refine: what a line names beyond its own words.
    """

    clauses: Mapping[str, str | tuple[str, ...]]
    milder: Mapping[str, Milder] = field(default_factory=dict)
    ended_by: Ending = NOTHING_ENDS
    transient: bool = False
    lasting: bool = False
    refine: Callable[[JournalLine], JournalLine] = lambda line: line

    def clause(self, code: str, named: Mapping[str, str | int]) -> str:
        """The clause of a message, filled in."""
        clauses = self.clauses[code]
        names = {name: segment(value) if isinstance(value, str) else value for name, value in named.items()}
        names |= {"operation": OPERATIONS[str(named["operation"])]} if "operation" in named else {}
        names |= {"layer": LAYERS[str(named["layer"])]} if "layer" in named else {}
        for clause in (clauses,) if isinstance(clauses, str) else clauses:
            try:
                return clause.format_map(names)
            except KeyError:  # the line names less than this clause says
                continue
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class LogLines:
    """Lines of one message on one machine.

    Attributes:
        code: which message they are: see forensics/parsers/messages.
        named: what the newest line names: files, addresses, ids (texts), indexes and sizes (numbers).
        lines: how many they are; of a flood in one log, JOURNAL_LINES_MAX are kept.
        first, last: when the oldest and the newest was logged, as the log writes it; None where it does not say.
        quote: the newest line, without secrets, shortened.
        since: what happened afterwards; None: nothing that is known.
        written: nodes whose raft files were written afterwards.
        doubtful: nothing in the newest line says that it is of the database: see JournalLine.
        cause: what is said of them; no value of the finding.
        texts: numbers of the newest line whose eight bytes are text, with what each reads as.
    """

    code: str
    named: Mapping[str, str | int]
    lines: int
    first: str | None
    last: str | None
    quote: str
    since: Since | None
    written: tuple[str, ...]
    doubtful: bool
    cause: Cause = field(repr=False, compare=False)
    texts: tuple[tuple[int, str], ...] = ()

    @property
    def kind(self) -> str:
        """The message's code."""
        return self.code

    def words(self, _: Severity) -> Words:
        """See Problem."""
        milder = self.cause.milder.get(self.code)
        steps = _NOTHING_NOW if self.since else _WHOSE if self.doubtful else milder.steps if milder else None
        doubt = "" if self.since or not self.doubtful else _DOUBT
        read = (f"The number {number} is text: its bytes read “{text}”." for number, text in self.texts)
        told = sentences(self._logged(), *read, self._since(), doubt)
        return Words(self.cause.clause(self.code, self.named), told, steps)

    def _logged(self) -> str:
        if self.lines == 1:
            return f"Logged{f' on {self.last}' if self.last else ''}: “{self.quote}”."
        times = f" from {self.first} to {self.last}" if self.first and self.last else ""
        return f"Logged {count(self.lines, 'time')}{times}, most recently: “{self.quote}”."

    def _since(self) -> str:
        if self.since is Since.FILES_WRITTEN:
            return f"Raft files of {listed(self.written)} were written afterwards."
        return _SINCE[self.since] if self.since else ""


def log_rule(
    rule_id: str,
    title: str,
    severity: Severity,
    *,
    fault: FaultKind,
    effect: Effect,
    fires_on: tuple[str, ...],
    consequence: bool = False,
) -> Callable[[Check], Rule]:
    """The header of a rule about logs. Its page gets the sentence that holds for all of them: logs tell of the past."""

    def wrap(check: Check) -> Rule:
        made = rule(
            rule_id,
            title,
            severity,
            fault=fault,
            scope=Case,
            effect=effect,
            consequence=consequence,
            fires_on=fires_on,
            silent_on=("journal/everyday",),
        )(check)
        return replace(made, text=_with_the_past(made.text))

    return wrap


def _with_the_past(text: Mapping[str, str]) -> dict[str, str]:
    paragraphs = (*filter(None, [text.get("False alarm if")]), _OVER)
    return {heading: "\n\n".join(paragraphs) if heading == "False alarm if" else text[heading] for heading in HEADINGS}


def findings_of(case: Case, cause: Cause) -> Iterator[Finding | NotChecked]:
    """One finding for each machine, message and set of names; `info` where it is over.

    Nodes whose logs did not arrive are named as not checked.
    """
    yield from _not_checked(case)
    groups: dict[tuple[object, ...], list[Logged]] = {}
    for logged in _lines_of(case, cause):
        groups.setdefault((logged.line.code, logged.where, logged.names), []).append(logged)
    for group in groups.values():
        yield _finding(case, sorted(group, key=lambda logged: logged.time or 0.0), cause)


def _not_checked(case: Case) -> Iterator[NotChecked]:
    if not any(host.journals for host in case.hosts):
        yield NotChecked("no journal in the input", "no-journal")
        return
    told = {id(node) for host in case.hosts if host.journals for node in case.nodes_of(host)}
    without = tuple(dict.fromkeys(node.name for node in case.directories() if id(node) not in told))
    if without:
        yield NotChecked(f"no journal of {listed(without)}", "no-journal-of-node", without)


def _lines_of(case: Case, cause: Cause) -> Iterator[Logged]:
    for host in case.hosts:
        for journal in host.journals:
            for line in journal.lines:
                if line.code in cause.clauses:
                    yield Logged(cause.refine(line), host, tuple(case.nodes_of_line(host, line)))


def _finding(case: Case, group: list[Logged], cause: Cause) -> Finding:
    """Of lines in order of time: all are counted; the newest is quoted, and comes first in the evidence."""
    first, newest = group[0].line, group[-1].line
    written = tuple(dict.fromkeys(node.name for node in group[-1].nodes if _wrote_after(node, group[-1])))
    by_kind = newest.code in KIND_CODES
    ended_by = cause.ended_by.or_a_leader() if by_kind else cause.ended_by
    ending = ending_of(case, group[-1], ended_by)
    passing = cause.transient or by_kind
    since = (
        None
        if cause.lasting
        else _since(written, ended_by.codes[ending.code] if ending else None, group[-1], passing=passing)
    )
    milder = cause.milder.get(newest.code)
    problem = LogLines(
        newest.code,
        newest.named,
        len(group),
        first.time,
        newest.time,
        _quoted(newest.text),
        since,
        written,
        newest.doubtful,
        cause,
        tuple(numbers_of_text(newest.text)) if not since else (),
    )
    return Finding(
        problem,
        (
            *(logged.line.at for logged in (group[-1], *group[:-1][: _LINES_SHOWN - 1])),
            *([ending.at] if ending else []),
        ),
        severity=_severity(newest, milder, since),
        nodes=group[-1].names,
        effect=Effect.NONE if since or newest.doubtful else None,
        where=group[-1].where,
    )


def _severity(newest: JournalLine, milder: Milder | None, since: Since | None) -> Severity | None:
    if since:
        return Severity.INFO
    if newest.doubtful:
        return Severity.INFO if newest.code in _WITHOUT_CAUSE else Severity.LOW
    return milder.severity if milder else None


def _since(written: tuple[str, ...], ended: Since | None, newest: Logged, *, passing: bool) -> Since | None:
    if ended:
        return ended
    if written:
        return Since.FILES_WRITTEN
    return Since.SERVICE_WENT_ON if passing and _went_on(newest) else None


def _quoted(text: str) -> str:
    """The message itself: of structured logs what `msg` and `error` say."""
    fields = [found[1].replace('\\"', '"') for found in _FIELD.finditer(text)]
    text = ": ".join(fields) or text
    return text if len(text) <= _QUOTED_CHARS else text[: _QUOTED_CHARS - 1] + "…"


def _wrote_after(node: Node, logged: Logged) -> bool:
    """A raft file of known time is newer than the line."""
    files = [part.file for part in node.log.closed] + [part.file for part in node.log.open]
    known = [file.mtime for file in files if file.mtime and file.mtime_year and not file.listed]
    return logged.time is not None and bool(known) and max(known) > logged.time + _LATER_SECONDS


def _went_on(logged: Logged) -> bool:
    """The unit logged other things later: long after this line it still ran, and had no more to say of it."""
    line, host = logged.line, logged.host
    journal = next((journal for journal in host.journals if journal.path == line.at.path), None)
    last = journal.last_times.get(line.unit or "") if journal else None
    if last is None or line.logged is None:
        return False
    if host.utc_offset is None and last[:1].isdigit() != line.logged[:1].isdigit():
        return False  # one may be in UTC, the other by the machine's clock
    reference = _SOME_YEAR if host.collected is None else host.collected  # for the distance any year will do
    times = [line_time(text, reference, host.utc_offset) for text in (line.logged, last)]
    return None not in times and (times[1] or 0.0) - (times[0] or 0.0) > _LATER_SECONDS
