"""Properties of the answers that need no truth: they hold of every report, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics import pipeline
from forensics.case.answer import Consequence, Course
from forensics.election.state import Reason, State
from forensics.facts.cluster.cluster import Case as Facts
from forensics.facts.cluster.commit_proof import LimitReason
from forensics.fault_kind import OF_FILES
from forensics.limits import HEADLINE_CHARS_MAX
from forensics.plan.steps import StepKind
from forensics.report.document import Case, Document, Level, Recovery
from forensics.report.verdict import LEVELS
from forensics.severity import Severity
from tests.held.outputs import unlike_the_case

_HEX = re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b")
_OFFSET = re.compile(r"\boffset|\bbytes? \d{3,}")
_NO_WAY_ON = (Course.REPAIR, Course.RECOVER, Course.CHOOSE, Course.DEAD_END)
_GOES_ON = (Course.NOTHING, Course.REJOIN)
_RECOVERS = (StepKind.FORCE, StepKind.SPREAD)
_OF_ALL_NODES = (Course.RECOVER, Course.CHOOSE, Course.ASK, Course.DEAD_END)
_PREPARES = (StepKind.SAVE, StepKind.WATCH)


def violations(document: Document) -> Iterator[str]:
    """What the answers must never be; one line each."""
    case = document.case
    if case is None:
        yield "there is no case"
        return
    yield from _headline(case)
    yield from _nothing_to_do(case)
    yield from _against_the_plan(document, case)
    yield from _too_early(case)
    yield from _verdict(document, case)
    yield from unlike_the_case(document, case)


def _headline(case: Case) -> Iterator[str]:
    if len(case.headline) > HEADLINE_CHARS_MAX:
        yield f"headline of {len(case.headline)} characters: {case.headline}"
    if _HEX.search(case.headline) or _OFFSET.search(case.headline):
        yield f"headline with a checksum or an offset: {case.headline}"


def _nothing_to_do(case: Case) -> Iterator[str]:
    """A fault at medium or above has a first step, of its own or of its database's course, where it is."""
    whole = {one.database for one in case.recover_from if one.course in _OF_ALL_NODES}
    for fault in case.faults:
        serious = fault.severity.rank <= Severity.MEDIUM.rank
        steps = [case.first[number - 1] for number in fault.steps]
        named = [{*step.nodes, *step.then} for step in steps if step.kind not in _PREPARES]
        if serious and not any(not names or names & {*fault.nodes} or fault.database in whole for names in named):
            yield f"no first step: {fault.severity} {fault.kind} ({', '.join(fault.nodes)})"
    for step in case.first:
        if not step.do:
            yield "a step without words"


def _against_the_plan(document: Document, case: Case) -> Iterator[str]:
    """The case advises nothing that the plan rules out."""
    forced = any(one.course is Course.RECOVER for one in case.recover_from)
    kinds = [step.kind for step in case.first]
    if not forced and any(kind in _RECOVERS for kind in kinds):
        yield f"a configuration is forced, and no database has to be recovered: {', '.join(kinds)}"
    for cluster, one in zip(document.clusters, case.recover_from, strict=True):
        names = {node.name for node in cluster.nodes}
        nodes = [node for node in case.nodes if node.database == one.database and node.node in names]
        plans = [plan for other in document.clusters if (plan := other.recovery) and other.database == one.database]
        if one.node is not None and one.course is not Course.RECOVER:
            yield f"{one.database}: recover from {one.node}, where the course is {one.course}"
        if one.node is not None and plans and one.node not in _firsts(plans):
            yield f"{one.database}: recover from {one.node}, and the plan ranks {', '.join(_firsts(plans))} first"
        held_back = all(node.reason is Reason.OTHER_CLUSTER for node in nodes)  # a fault of its own says what to do
        if one.course is Course.NOTHING and not held_back and all(node.state is not State.SAFE for node in nodes):
            yield f"{one.database}: nothing to do, and no node is safe to start"


def _too_early(case: Case) -> Iterator[str]:
    """Nobody is started of whom more has to be asked first."""
    asked = {one.database for one in case.recover_from if one.course is Course.ASK}
    unknown = {one.node for one in case.nodes if one.database in asked and one.state is State.UNKNOWN}
    for step in case.first:
        names = unknown & {*step.nodes, *step.then}
        if names and step.kind is StepKind.START:
            yield f"{', '.join(sorted(names))}: to be started, and what comes of it cannot be told"


def _verdict(document: Document, case: Case) -> Iterator[str]:
    """The level of the whole, beside what is said of its parts."""
    level = document.verdict.level
    bad = [node.node for node in case.nodes if node.state not in (State.SAFE, State.UNKNOWN)]
    if level is Level.HEALTHY and [node for node in case.nodes if node.state is not State.SAFE]:
        yield "healthy, and not every node is safe to start"
    if level is Level.HEALTHY and [fault for fault in case.faults if fault.severity is not Severity.INFO]:
        yield "healthy, and there are faults"
    if bad and level not in (Level.BROKEN, Level.DEGRADED):
        yield f"{level}, and {', '.join(bad)} must not be started as they lie"
    if level is not Level.BROKEN and any(one.course in _NO_WAY_ON for one in case.recover_from):
        yield f"{level}, and no majority can be had: {', '.join(one.course for one in case.recover_from)}"
    if level is not Level.BROKEN and any(lost.certain for lost in case.lost):
        yield f"{level}, and something is lost"
    goes_on = {one.database for one in case.recover_from} - {
        one.database for one in case.recover_from if one.course not in _GOES_ON
    }
    for fault in case.faults:
        if fault.database in goes_on and fault.kind in OF_FILES and Consequence.NO_MAJORITY in fault.consequences:
            yield f"no majority by {fault.kind}, and {fault.database} needs nothing to be forced"
    worse = [cluster.verdict.level for cluster in document.clusters]
    yield from (f"{level}, and a database is {one}" for one in worse if LEVELS.index(one) < LEVELS.index(level))
    for cluster in document.clusters:
        plan = cluster.recovery
        if plan and plan.course in (*_GOES_ON, Course.MEND) and not plan.start_first:
            yield f"{cluster.name}: {plan.course}, and its plan does not begin with a start"


def _firsts(plans: Sequence[Recovery]) -> list[str]:
    return [candidate.node for plan in plans for candidate in plan.ranking if candidate.rank == 1]


def _nobody_is_away(facts: Facts) -> Iterator[str]:
    """What absent voters could hold is said only where voters are absent: no directory of theirs arrived.

    Of any configuration: who was replaced since voted on what came before.
    """
    for cluster in facts.clusters:
        limit = cluster.commit.limit if cluster.commit else None
        if limit is None or cluster.configuration is None:
            continue
        if limit.reason is LimitReason.NO_MAJORITY and not limit.absent:
            yield f"{cluster.name}: even if nobody held more"
        voters = {voter.id for event in cluster.membership for voter in event.configuration.voters()}
        away = voters - {node.id for node in cluster.nodes}
        if limit.missing > len(away):
            yield f"{cluster.name}: {limit.missing} voters are missing, and only of {len(away)} no directory arrived"


def violations_of_starts(facts: Facts, document: Document) -> Iterator[str]:
    """First steps start nobody whom a state or the plan says not to start: only after others, who are told apart."""
    yield from _nobody_is_away(facts)
    if document.case is None:
        return
    for answer in pipeline.decided(facts):
        bad = set(answer.named(State.REFUSES, State.LOSES, State.SPLITS))
        bad -= {one.node for one in answer.states if one.reason is Reason.OTHER_CLUSTER}  # well, and in the wrong place
        never = set(answer.plan.never_start) if answer.plan else set()  # with the directory that they have
        if answer.course in (Course.NOTHING, Course.MEND) and bad - set(answer.mendable):
            yield f"{answer.name}: {answer.course}, and {', '.join(sorted(bad))} must not be started"
        wrong = [name for name in (*answer.start, *answer.follow) if name in never - {*answer.rebuilt}]
        if wrong:
            yield f"{answer.name}: {', '.join(wrong)} are to be started, and the plan says never"
