"""The case in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forensics.case.about import numbers
from forensics.case.answer import Answers, DatabaseAnswer, Fault, Lost, answer_about
from forensics.case.one_service import harmful_along
from forensics.case.state_words import state_words, why_words
from forensics.case.words import cause_words, headline, lost_words, recovery_words
from forensics.election.state import NodeState, State
from forensics.fault_kind import OF_FILES
from forensics.plan.steps import Step
from forensics.report import document as doc
from forensics.report.parts.encoding import written
from forensics.report.parts.runs import encode_runs, encode_values


def build_case(
    document: doc.Document, answers: Answers, repairable: Mapping[str, tuple[str, ...]] | None = None
) -> doc.Case:
    """The one voice, from what was decided of a document that has everything else; `repairable` by answer."""
    mended = repairable or {}
    problems = {finding.key: finding.problem for finding in document.findings if finding.key}
    return doc.Case(
        headline=headline(
            answers.faults,
            answers.databases,
            problems,
            incomplete=document.incomplete,
            accepted=len(document.suppressed),
        ),
        nodes=tuple(
            encode_state(state, harmful_along(answer, state.node, answers.databases))
            for answer in answers.databases
            for state in answer.states
        ),
        lost=tuple(_lost(lost, answer) for answer in answers.databases for lost in answer.lost),
        recover_from=tuple(map(_recovery, answers.databases)),
        first=tuple(_step(step) for step in answers.first),
        ask=tuple(_questions(document.collect)),
        faults=tuple(
            _fault(fault, answer_about(fault.database, fault.nodes, answers.databases), problems, mended, answers.first)
            for fault in answers.faults
        ),
    )


def encode_state(state: NodeState, along: tuple[str, ...] = ()) -> doc.CaseNode:
    """What starting a node comes to, alone or beside the others; `along` as in CaseNode."""
    return doc.CaseNode(
        database=state.database,
        node=state.node,
        state=state.state,
        reason=state.reason,
        why=why_words(state),
        words=state_words(state, along),
        with_=state.others if state.state in (State.LOSES, State.SPLITS) else (),
        along=along,
        twins=state.twins,
    )


def _recovery(answer: DatabaseAnswer) -> doc.CaseRecovery:
    return doc.CaseRecovery(
        database=answer.database,
        node=answer.recover_from,
        why=answer.need,
        course=answer.course,
        words=recovery_words(answer),
    )


def _lost(lost: Lost, answer: DatabaseAnswer) -> doc.CaseLoss:
    return doc.CaseLoss(
        database=lost.database,
        nodes=lost.nodes,
        first_index=lost.first_index,
        last_index=lost.last_index,
        what=lost_words(lost, answer),
        also_on=lost.also_on,
        certain=lost.certain,
        written=written(lost.wrote) if lost.wrote else None,
    )


def _step(step: Step) -> doc.CaseStep:
    return doc.CaseStep(
        kind=step.kind,
        do=step.title,
        commands=step.commands,
        runs=encode_runs(step),
        values=encode_values(step),
        node=step.nodes[0] if len(step.nodes) == 1 and not step.then else None,
        nodes=step.nodes,
        then=step.then,
        fault=step.cause,
        expect=step.expect or None,
        stop=step.stop or None,
    )


def _questions(collect: Sequence[doc.Collect]) -> Iterator[doc.CaseQuestion]:
    for wanted in collect:
        node = wanted.nodes[0] if len(wanted.nodes) == 1 else None
        yield doc.CaseQuestion(what=wanted.cannot_tell, commands=wanted.commands, node=node, nodes=wanted.nodes)


_TOGETHER = frozenset({"k8s-dqlite", "k8sd"})  # both databases of one machine


def _repair(fault: Fault, answer: DatabaseAnswer | None, repairable: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """One command a node of the fault, where it is damage of files that a repair sets right."""
    names = repairable.get(answer.name, ()) if answer is not None and fault.kind in OF_FILES else ()
    of = f"--database {fault.database} " if fault.database in _TOGETHER else ""
    return tuple(
        f"dqlite-forensics repair UPLOAD {of}--node {name} -o {name}-repaired" for name in names if name in fault.nodes
    )


def _fault(
    fault: Fault,
    answer: DatabaseAnswer | None,
    problems: Mapping[str, str],
    repairable: Mapping[str, tuple[str, ...]],
    first: Sequence[Step],
) -> doc.CaseFault:
    return doc.CaseFault(
        key=fault.key,
        kind=fault.kind,
        cause=cause_words(fault, answer, problems),
        severity=fault.severity,
        database=fault.database,
        nodes=fault.nodes,
        everywhere=fault.everywhere,
        consequences=fault.consequences,
        findings=fault.findings,
        repairable=fault.repairable,
        repair=_repair(fault, answer, repairable),
        suspects=fault.suspects,
        steps=tuple(numbers(fault, first)),
    )
