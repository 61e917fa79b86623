"""The verdict: a level for what the case decided, and its headline as a sentence (docs/reference/report.md#verdict)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from forensics.case.answer import Answers, Consequence, Course, DatabaseAnswer, Fault
from forensics.case.words import headline
from forensics.election.state import NodeState, State
from forensics.report.document import Cluster, Document, Finding, Level, Verdict
from forensics.severity import Effect, Severity

LEVELS = tuple(Level)  # worst first, for the case as a whole
_NO_WAY_ON = {Course.REPAIR, Course.RECOVER, Course.CHOOSE, Course.DEAD_END}
_BREAKS = {Consequence.DATA_LOST, Consequence.NO_MAJORITY}
_DEGRADES = {Consequence.COMMITTED_AT_RISK, Consequence.NODE_DOWN, Consequence.REDUNDANCY}
_NOT_AS_IT_LIES = {State.REFUSES, State.LOSES, State.SPLITS}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one database, or with no one database.

    Attributes:
        faults: worst first.
        findings: that these are made of.
    """

    faults: Sequence[Fault]
    findings: Sequence[Finding]


def with_verdicts(document: Document, answers: Answers) -> Document:
    """The document with the verdict of each database, and of the case: the worst of theirs.

    Args:
        document: with its case.
        answers: that the case was made of; its databases are the document's clusters.
    """
    clusters = tuple(
        replace(cluster, verdict=_of_cluster(document, cluster, answer, answers.faults))
        for cluster, answer in zip(document.clusters, answers.databases, strict=True)
    )
    of_none = _trouble(document, [fault for fault in answers.faults if fault.database is None])
    levels = [*(cluster.verdict.level for cluster in clusters), *_of_trouble(of_none)]
    level = min(levels, key=LEVELS.index, default=Level.HEALTHY)
    if level is Level.HEALTHY and (document.incomplete or not clusters):
        level = Level.UNKNOWN
    said = document.case.headline if document.case else ""
    return replace(document, clusters=clusters, verdict=Verdict(level=level, summary=f"{said}."))


def level_of(answer: DatabaseAnswer, trouble: Trouble, *, incomplete: bool) -> Level:
    """The level of one database: the worst that holds.

    Args:
        answer: what was decided of it.
        trouble: what is wrong with it.
        incomplete: something of it is missing for a whole answer.
    """
    levels = [*_of_answer(answer, trouble), *_of_trouble(trouble)]
    if not levels and (incomplete or answer.course is Course.ASK):
        return Level.UNKNOWN
    if any(fault.severity is not Severity.INFO for fault in trouble.faults):
        levels.append(Level.ATTENTION)  # `healthy` is for nothing above info
    return min(levels, key=LEVELS.index, default=Level.HEALTHY)


def _of_cluster(document: Document, cluster: Cluster, answer: DatabaseAnswer, faults: Sequence[Fault]) -> Verdict:
    near = [fault for fault in faults if _concerns(fault, cluster)]
    mine = [fault for fault in near if fault.database or _is_of_one(fault, document.clusters)]
    trouble = _trouble(document, mine)
    incomplete = any(gap.database in (None, cluster.database) for gap in document.missing)
    problems = {finding.key: finding.problem for finding in trouble.findings if finding.key}
    accepted = sum(finding.database == cluster.database for finding in document.suppressed)
    said = headline(
        trouble.faults, [answer], problems, incomplete=incomplete, accepted=accepted, files_only=mine != near
    )
    return Verdict(level=level_of(answer, trouble, incomplete=incomplete), summary=f"{said}.")


def _trouble(document: Document, faults: Sequence[Fault]) -> Trouble:
    keys = {key for fault in faults for key in fault.findings}
    return Trouble(faults, [finding for finding in document.findings if finding.key in keys])


def _is_of_one(fault: Fault, clusters: Sequence[Cluster]) -> bool:
    return sum(_concerns(fault, cluster) for cluster in clusters) == 1


def _concerns(fault: Fault, cluster: Cluster) -> bool:
    """It can be of this database: a log often does not say whose line it is."""
    if fault.database not in (None, cluster.database):
        return False
    names = {node.name for node in cluster.nodes}
    return not fault.nodes or bool(names & set(fault.nodes))


def _of_answer(answer: DatabaseAnswer, trouble: Trouble) -> Iterator[Level]:
    if answer.course in _NO_WAY_ON or _no_majority(answer, trouble):
        yield Level.BROKEN
    if not answer.safe and any(Consequence.COMMITTED_AT_RISK in fault.consequences for fault in trouble.faults):
        yield Level.BROKEN
    if any(map(_drops, answer.states)):
        yield Level.DEGRADED


def _of_trouble(trouble: Trouble) -> Iterator[Level]:
    for fault in trouble.faults:
        if _BREAKS & set(fault.consequences):
            yield Level.BROKEN
        if _DEGRADES & set(fault.consequences):
            yield Level.DEGRADED
    for finding in trouble.findings:
        if finding.effect is Effect.ATTENTION and finding.severity is not Severity.INFO:
            yield Level.ATTENTION


def _no_majority(answer: DatabaseAnswer, trouble: Trouble) -> bool:
    """Too few voters run."""
    down = {one.node for one in answer.states if one.state is State.REFUSES}
    down |= {name for finding in trouble.findings if finding.effect is Effect.NODE_DOWN for name in finding.nodes}
    return answer.needs(down)


def _drops(one: NodeState) -> bool:
    """A start as it lies takes committed entries out of the log, or does not come to an end."""
    return one.state in _NOT_AS_IT_LIES
