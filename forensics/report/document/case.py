"""The case: one answer to each question of a night. Every output says the same words."""

from __future__ import annotations

import msgspec

from forensics.case.answer import Consequence, Course, Need
from forensics.election.state import Reason, State
from forensics.fault_kind import FaultKind
from forensics.plan.steps import StepKind
from forensics.report.document.history import Written
from forensics.report.document.part import Count, Part
from forensics.report.document.runs import Run, Value
from forensics.severity import Severity


class CaseNode(Part):
    """Will it start.

    Attributes:
        database: whose.
        node: its name.
        state: `safe`, `refuses`, `loses`, `splits` or `unknown`, of a start of the directory as it lies.
        reason: why, stable.
        why: why, in words.
        words: state and reason, in words.
        with_: with whom a start loses or splits.
        along: databases that the same service starts on that node, and whose start loses or splits.
        twins: other directories with its raft ID: only one of them may ever run.
    """

    database: str
    node: str
    state: State
    reason: Reason
    why: str
    words: str
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    along: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


class CaseLoss(Part):
    """Entries that are lost, or at risk.

    Attributes:
        database: whose.
        nodes: whose start drops them, or lets the others drop them.
        first_index: the first of them.
        last_index: the last; null where the end is not known.
        what: in words.
        also_on: other nodes whose files still hold all of them.
        certain: no file that arrived holds them readable.
        written: what they wrote; null where that cannot be told, or where nothing else differs.
    """

    database: str
    nodes: tuple[str, ...]
    first_index: Count | None
    last_index: Count | None
    what: str
    also_on: tuple[str, ...] = ()
    certain: bool
    written: Written | None = None


class CaseRecovery(Part):
    """Which node to recover one database from.

    Attributes:
        database: whose.
        node: null where none is needed, or none can be told.
        why: `needed`, `not-needed` or `cannot-be-told`.
        course: what the database needs, stable.
        words: all of it in words.
    """

    database: str
    node: str | None
    why: Need
    course: Course
    words: str


class CaseStep(Part):
    """One step, in order.

    Attributes:
        kind: what it does, stable.
        do: what to do.
        commands: all that is typed, wherever.
        runs: the same, with where it is typed; empty in reports that know no places.
        values: what to put in the place of the words in capitals.
        node: where; null where the step says it, or it is not about one node.
        nodes: whom it is about; empty where every node, where none, and in older reports.
        then: of a start: who follows once there is a leader.
        fault: the kind of fault that it removes or looks after; null for a step of a recovery.
        expect: what must be seen then.
        stop: when to stop.
    """

    kind: StepKind
    do: str
    commands: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    values: tuple[Value, ...] = ()
    node: str | None = None
    nodes: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    fault: FaultKind | None = None
    expect: str | None = None
    stop: str | None = None


class CaseQuestion(Part):
    """What to ask for.

    Attributes:
        what: could not be told without it.
        commands: that collect it; they only read.
        node: of which node or member; null where of several.
        nodes: of which.
    """

    what: str
    commands: tuple[str, ...] = ()
    node: str | None = None
    nodes: tuple[str, ...] = ()


class CaseFault(Part):
    """Findings of one cause.

    Attributes:
        key: what is wrong and where.
        kind: what is wrong, stable.
        cause: in words.
        severity: the worst of its findings.
        database: null where it is about no one database.
        nodes: where.
        everywhere: every node has it, and there are several.
        consequences: what it comes to, worst first.
        findings: their keys, the telling one first.
        repairable: the first steps repair its files, by a known bit or by moving a file away whose entries others have.
        repair: commands that write a directory without it, one a node; empty where that would be a guess.
        suspects: kinds of fault that it may follow from: what was found points there, and proves nothing.
        steps: numbers of the first steps that are about it, from 1 on; never empty at medium or above.
    """

    key: str
    kind: FaultKind
    cause: str
    severity: Severity
    database: str | None
    nodes: tuple[str, ...]
    everywhere: bool = False
    consequences: tuple[Consequence, ...]
    findings: tuple[str, ...]
    repairable: bool = False
    repair: tuple[str, ...] = ()
    suspects: tuple[FaultKind, ...] = ()
    steps: tuple[int, ...] = ()


class Case(Part):
    """The one voice.

    Attributes:
        headline: what happened, in at most 120 characters.
        nodes: will it start, node by node.
        lost: what is lost, or at risk.
        recover_from: which node, database by database.
        first: what to do, in order.
        ask: what to ask for.
        faults: worst consequence first.
    """

    headline: str
    nodes: tuple[CaseNode, ...]
    lost: tuple[CaseLoss, ...]
    recover_from: tuple[CaseRecovery, ...]
    first: tuple[CaseStep, ...]
    ask: tuple[CaseQuestion, ...]
    faults: tuple[CaseFault, ...]
