"""The case as lines: the one place that the terminal, the page and the Markdown have their answers from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from forensics.case.answer import Consequence, Course
from forensics.election.state import NOT_AS_IT_IS, State
from forensics.fault_kind import OF_FILES, FaultKind
from forensics.report.document import (
    Case,
    CaseFault,
    CaseNode,
    CaseQuestion,
    CaseStep,
    CopyKind,
    Document,
    Finding,
    GapKind,
    Step,
)
from forensics.severity import Severity
from forensics.wording import listed

_OF_DATA = frozenset({FaultKind.DATABASE_DAMAGED, FaultKind.DATA_DIFFERS})
_OF_CONTENT = _OF_DATA | OF_FILES | {FaultKind.LOG_INCONSISTENT, FaultKind.COMMITTED_MISSING}
_WORTH_STEPS = frozenset({Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM})
_CAN_WAIT = frozenset({Consequence.REDUNDANCY, Consequence.HYGIENE})
_COLLECTOR = "dqlite-forensics collector > collect.sh"
_COPIES = {
    CopyKind.IDENTICAL: "the same state as {of}, with its raft ID",
    CopyKind.OLDER: "an earlier state of {of}, with its raft ID",
    CopyKind.FORKED: "has the raft ID of {of}, and went on by itself",
    CopyKind.UNKNOWN: "has the raft ID of {of}; whether it is the same state cannot be told",
}
"""Directories that are judged as one node; a report beside a copy of the same directory goes without saying."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer.

    Attributes:
        text: what is said, whom it is about included.
        runs: what is typed: where, with a colon behind it, and the commands; where that is not known, nothing.
        values: what to put in the place of the words in capitals; empty where there are none.
        expect: what must be seen then.
        stop: when to stop.
        tone: of a node whose start it tells: see start_tone; empty where it tells of none.
    """

    text: str
    runs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    values: str = ""
    expect: str | None = None
    stop: str | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of a night, and its answer; `ordered` where the lines are steps."""

    question: str
    lines: tuple[Line, ...]
    ordered: bool = False


def headline_of(document: Document) -> str:
    """What happened. A report of version 1 has no case, but its verdict says it."""
    return document.case.headline if document.case else document.verdict.summary


def answers_of_case(document: Document) -> tuple[Answer, ...]:
    """The answers, in the order in which they are asked; none of a report of version 1."""
    case = document.case
    if case is None:
        return ()
    several = len(document.clusters) > 1
    return (
        Answer("Will it start?", tuple(_starts(document, case))),
        Answer("What is lost, or at risk?", tuple(_losses(document, case, several=several))),
        Answer("Which node to recover from?", tuple(_recoveries(document, case))),
        Answer("What to do first?", tuple(_steps(case)), ordered=bool(case.first)),
        Answer("What to ask for?", tuple(_questions(document, case))),
    )


def faults_with_findings(document: Document) -> Iterator[tuple[CaseFault | None, list[Finding]]]:
    """Each fault with its findings, the telling one first; at last those of none, as in a report of version 1."""
    left = {finding.key: finding for finding in document.findings if finding.key}
    for fault in document.case.faults if document.case else ():
        yield fault, [left.pop(key) for key in fault.findings if key in left]
    rest = [finding for finding in document.findings if finding.key is None or finding.key in left]
    if rest:
        yield None, rest


def told_first(document: Document) -> frozenset[str]:
    """Keys of the findings of which the first steps say what to do: what their rules advise could be against these."""
    case = document.case
    if case is None or not case.first:
        return frozenset()
    return frozenset(key for fault in case.faults if _is_in_first(fault) for key in fault.findings)


def _is_in_first(fault: CaseFault) -> bool:
    return fault.severity in _WORTH_STEPS or fault.consequences[0] not in _CAN_WAIT


def start_tone(node: CaseNode) -> str:
    """How a start looks: `healthy` only where it is safe and of use as it is; `info`, `unknown` or `critical` else."""
    if node.state is State.UNKNOWN:
        return "unknown"
    if node.state is not State.SAFE or node.along:
        return "critical"
    return "info" if node.twins or node.reason in NOT_AS_IT_IS else "healthy"


def copy_words(kind: CopyKind, of: str) -> str:
    """Of a directory that carries another's ID, whether to start it; empty where it is a member's of its own."""
    return f"{_COPIES[kind].format(of=of)}: never start both" if kind in _COPIES else ""


def _starts(document: Document, case: Case) -> Iterator[Line]:
    """Nodes of which the same is said share a line."""
    names = {(cluster.database, node.name): cluster.name for cluster in document.clusters for node in cluster.nodes}
    groups: dict[tuple[str, str, str], list[str]] = {}
    for node in case.nodes:
        name = names.get((node.database, node.node), node.database)
        groups.setdefault((name, node.words, start_tone(node)), []).append(node.node)
    for (cluster, words, tone), nodes in groups.items():
        of = f" of {cluster}" if len(document.clusters) > 1 else ""
        yield Line(f"{listed(nodes)}{of}: {words}", tone=tone)
    for copy in (copy for cluster in document.clusters for copy in cluster.copies):
        if words := copy_words(copy.kind, copy.of):
            yield Line(f"{copy.node}: {words}")
    if not groups:
        yield Line("cannot be told: no state directory arrived")


def _losses(document: Document, case: Case, *, several: bool) -> Iterator[Line]:
    for lost in case.lost:
        yield Line(f"{lost.database}: {lost.what}" if several else lost.what)
    if not case.lost:
        yield Line(_no_loss(document, case))


def _no_loss(document: Document, case: Case) -> str:
    """Where a majority at hand elects a leader, what is committed is on one of any majority; its content may be bad."""
    serious = {fault.kind for fault in case.faults if fault.severity.rank <= Severity.MEDIUM.rank}
    if any(one.course is Course.ASK for one in case.recover_from) or not case.nodes:
        shown = "" if serious & _OF_CONTENT else "; nothing in it shows a loss"
        return f"cannot be told from this upload{shown}"
    if serious & _OF_DATA:
        return "no entry of the log; but what is in the database is damaged"
    absent = any(gap.kind is GapKind.ABSENT for gap in document.missing)
    return "nothing: those that arrived are enough to tell" if absent else "nothing"


def _recoveries(document: Document, case: Case) -> Iterator[Line]:
    """Databases of which the same is said share a line; where that is all of them, they go without saying."""
    groups: dict[str, list[str]] = {}
    for number, one in enumerate(case.recover_from):
        name = document.clusters[number].name if len(case.recover_from) == len(document.clusters) else one.database
        groups.setdefault(one.words, []).append(name)
    for words, names in groups.items():
        yield Line(f"{listed(names)}: {words}" if len(groups) > 1 else words)
    if not groups:
        yield Line("cannot be told: no state directory arrived")


def _steps(case: Case) -> Iterator[Line]:
    for step in case.first:
        yield Line(step.do, runs_of(step), values_of(step), step.expect, step.stop)
    if not case.first:
        later = any(fault.severity is not Severity.INFO for fault in case.faults)
        yield Line(f"nothing has to be done{_LATER if later else _ELSEWHERE if case.nodes else ''}")


_LATER = " now; what can wait is told below"
_ELSEWHERE = "; if it does not work all the same, look at the journal of its service"


def _says_nothing(case: Case) -> bool:
    """Neither a directory nor a product was recognised; a text of another product is one that was."""
    another = bool(case.faults) and all(fault.kind is FaultKind.COPY for fault in case.faults)
    return not case.nodes and not case.ask and not another


def runs_of(step: CaseStep | Step) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a step has somebody type, place by place; without places in a report that knows none."""
    return tuple((f"{run.where}:", run.commands) for run in step.runs) or _run("", step.commands)


def _run(where: str, commands: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((f"{where}:" if where else "", commands),) if commands else ()


def values_of(step: CaseStep | Step) -> str:
    """What to put in the place of the words in capitals."""
    return "; ".join(f"{value.name}: {value.what}" for value in step.values)


def _questions(document: Document, case: Case) -> Iterator[Line]:
    for wanted in case.ask:
        same = _step_of(wanted, case.first)
        whose = listed(wanted.nodes)
        told = f"{whose}: {wanted.what}" if whose else wanted.what
        yield (
            Line(f"{told} (step {same})") if same else Line(told, _run(f"on {whose}" if whose else "", wanted.commands))
        )
    if case.ask:
        yield Line(
            "all of it at once: write collect.sh with this command, and run `sudo sh collect.sh` on each node",
            _run("", (_COLLECTOR,)),
        )
    if _says_nothing(case):
        yield Line("the name of the product: none was recognised, so no command that collects the rest can be told")
    elif not case.ask:
        yield Line(_nothing_to_ask({gap.kind for gap in document.missing}))


def _nothing_to_ask(missing: Set[GapKind]) -> str:
    if not missing:
        return "nothing: everything arrived"
    earlier = missing == {GapKind.EARLIER}
    return "nothing: the rest arrived earlier" if earlier else "nothing more that a command could collect"


def _step_of(wanted: CaseQuestion, steps: Iterable[CaseStep]) -> int | None:
    """The step that collects it already."""
    return next((number for number, step in enumerate(steps, 1) if set(wanted.commands) <= set(step.commands)), None)
