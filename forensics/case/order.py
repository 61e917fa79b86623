"""One order for everything: copies, then causes, then raft, of all databases of a machine at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forensics.case.about import about, with_taken_over
from forensics.case.answer import Course, DatabaseAnswer, Fault, Told, Wanted
from forensics.case.copies import Copies, leave_alone, of_copies
from forensics.case.fitting import fitted
from forensics.case.machines import ANY
from forensics.case.meanwhile import with_meanwhile
from forensics.case.merge import in_phases, merged
from forensics.case.moves import collect_the_rest
from forensics.case.steps import collects, course_steps, joint_steps
from forensics.case.treatments import Treatment, treatment
from forensics.fault_kind import OF_FILES
from forensics.fault_kind import FaultKind as Kind
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import on
from forensics.plan.steps.product_commands import ProductCommands, commands_of
from forensics.severity import Severity
from forensics.wording import listed

_STEPS_MAX = 5
_EARLY_MAX = 2

_OF_RAFT = frozenset({
    Kind.LOG_DAMAGED, Kind.LOG_INCOMPLETE, Kind.LOG_INCONSISTENT, Kind.SNAPSHOT_DAMAGED, Kind.METADATA_DAMAGED,
    Kind.TWO_HISTORIES, Kind.COMMITTED_MISSING, Kind.NODE_BEHIND, Kind.REPLACED_ENTRIES,
})  # fmt: skip
"""What a course answers, wherever the directories are at hand."""

_OF_PRODUCT_FILES = frozenset({Kind.IDENTITY_FILES, Kind.CONTROL_FILES, Kind.ADDRESS})
"""What the product reads before it starts dqlite: one of them is often told by another."""

_OF_SAFE = _OF_RAFT - {Kind.TWO_HISTORIES, Kind.COMMITTED_MISSING}
"""What is answered where every node is safe: the order of the start."""

_OF_ASKING = _OF_RAFT | {Kind.COPY}
"""What the rest of the evidence will tell."""

_OF_OTHER_COURSES = _OF_RAFT | {
    Kind.FILE_NAMES, Kind.DATA_DIFFERS, Kind.DATABASE_DAMAGED, Kind.FORCED_CONFIGURATION, Kind.START_FAILED,
    Kind.NO_LEADER, Kind.ROLES, Kind.IDENTITY, Kind.COPY,
}  # fmt: skip
"""And what it answers where a node comes back as a new member, or is recovered from."""


def first_steps(
    databases: Sequence[DatabaseAnswer],
    faults: Sequence[Fault],
    told: Mapping[str, Told],
    wanted: Sequence[Wanted],
    machines: Mapping[str, str],
) -> tuple[Step, ...]:
    """Two to five steps; none where nothing needs doing.

    Args:
        databases: what is decided of each.
        faults: worst first.
        told: the findings, by key.
        wanted: what did not arrive.
        machines: see machine_databases.
    """
    serious = [fault for fault in faults if fault.severity.rank <= Severity.MEDIUM.rank]
    suspects = [_suspect(fault, _product(fault, databases, machines)) for fault in serious if _is_shared(fault)]
    copies = leave_alone(serious, databases)
    raft = in_phases(merged([*_of_courses(databases, serious, wanted), *suspects[:1], *copies], databases))
    answered = [fault for fault in serious if any(_answers(answer, fault) for answer in databases)]
    alone = {key for step in copies for key in step.faults}
    left = [fault for fault in serious if fault not in answered and fault.key not in alone]
    cures = _cures(left, of_copies(serious, databases), databases, told, machines)
    made = with_meanwhile(with_taken_over(_one_order(raft, cures, databases), answered), databases)
    return tuple(made) or (() if databases else _without_directories(faults, wanted))


def _cures(
    faults: Sequence[Fault],
    copies: Copies,
    databases: Sequence[DatabaseAnswer],
    told: Mapping[str, Told],
    machines: Mapping[str, str],
) -> list[Treatment]:
    """What these faults need beside the courses, but for those that are told along with others."""
    along = {key for keys in copies.values() for key in keys}
    return [
        treatment(
            fault,
            told.get(fault.findings[0]) if fault.findings else None,
            _product(fault, databases, machines),
            at_hand=any(_covers(answer, fault) for answer in databases),
            also=copies.get(fault.key, ()),
        )
        for fault in faults
        if fault.key not in along
    ]


def _without_directories(faults: Sequence[Fault], wanted: Sequence[Wanted]) -> tuple[Step, ...]:
    """What to send where no directory arrived; nothing where what arrived is known to be of another product."""
    another = bool(faults) and all(fault.kind is Kind.COPY for fault in faults)
    made = [*collects(wanted)][:_STEPS_MAX] or ([] if another else [collect_the_rest()])
    keys = tuple(fault.key for fault in faults)
    return tuple(replace(step, faults=keys) for step in made)


def _is_shared(fault: Fault) -> bool:
    """Every node has damaged files, or several have what a full disk leaves: that is rarely chance."""
    several = len(fault.nodes) > 1 and Kind.DISK_FULL in fault.suspects
    return (fault.everywhere or several) and fault.kind in OF_FILES


def _suspect(fault: Fault, product: ProductCommands) -> Step:
    """What these nodes have in common is looked at before anything is started on it again."""
    nodes = () if fault.everywhere else fault.nodes
    share = (
        "the nodes share, for all have it" if fault.everywhere else f"{listed(nodes)} share, for each of them has it"
    )
    disk = (f"df -h {product.directory}", f"df -i {product.directory}") if product.directory else ()
    return Step(
        StepKind.MEND,
        f"Before anything starts, find out what {share}: a full disk, one storage, one copy",
        on(nodes, *disk),
        "Every disk has room and free inodes, and reports no errors.",
        "A disk is full: free space first, but touch nothing in the state directory.",
        cause=fault.kind,
        suspects=True,
    )


def _of_courses(databases: Sequence[DatabaseAnswer], serious: Sequence[Fault], wanted: Sequence[Wanted]) -> list[Step]:
    made: list[Step] = []
    joint = joint_steps(databases)
    for answer in databases:
        answered = [fault for fault in serious if _answers(answer, fault)]
        if joint and answer.course is Course.RECOVER:
            joint = about(joint, answer, answered)
            continue
        missing = [one for one in wanted if one.database == answer.database]
        made += about(course_steps(answer, _troubled(answer, serious), missing), answer, answered)
    return [*joint, *made]


def _troubled(answer: DatabaseAnswer, serious: Sequence[Fault]) -> list[str]:
    """Nodes of this database that a fault of its log, snapshots or history is about."""
    return [name for fault in serious if fault.kind in _OF_RAFT and _covers(answer, fault) for name in fault.nodes]


def _covers(answer: DatabaseAnswer, fault: Fault) -> bool:
    """The fault is about nodes of this database."""
    if fault.database is not None and fault.database != answer.database:
        return False
    names = {one.node for one in answer.states}
    return fault.database is not None or bool(names & set(fault.nodes))


def _answers(answer: DatabaseAnswer, fault: Fault) -> bool:
    """The course of the database says what to do about the fault."""
    if not _covers(answer, fault):
        return False
    like = _OF_PRODUCT_FILES if fault.kind in _OF_PRODUCT_FILES else {fault.kind}
    mended = {name for step in answer.mends if step.cause in like for name in step.nodes}
    if mended and mended >= set(fault.nodes):
        return True
    if answer.course in (Course.NOTHING, Course.MEND):
        return fault.kind in _OF_SAFE and any(one.node in fault.nodes for one in answer.states)
    if answer.course is Course.RECOVER and fault.kind is Kind.MEMBER_RECORDS:
        return fault.database is not None  # the members are written anew, with their addresses
    return fault.kind in (_OF_ASKING if answer.course is Course.ASK else _OF_OTHER_COURSES)


def _product(fault: Fault, databases: Sequence[DatabaseAnswer], machines: Mapping[str, str]) -> ProductCommands:
    """Of the database that the fault is about, else of the directories on its nodes, else of its machine."""
    names = [fault.database] if fault.database else []
    names += [answer.database for answer in databases if _covers(answer, fault)]
    names += [machines[name] for name in (*fault.nodes, ANY) if name in machines]
    return commands_of(next((name for name in names if commands_of(name).database), ""))


def _one_order(raft: list[Step], cures: list[Treatment], databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """Copies first; causes before anything is started; what is not urgent last. Where there is no room, causes are
    mended in one step.
    """
    body = _without(raft, StepKind.SAVE)
    before = _before(body, cures)
    after = [cure for cure in cures if cure not in before]
    chosen: list[Treatment] = []
    made = raft
    for cure in (*before[:_EARLY_MAX], *after):
        longer = _with_cures(raft, before, [*chosen, cure], databases)
        if len(longer) <= _STEPS_MAX or not (chosen or body) or (cure in before and not chosen):
            chosen.append(cure)
            made = longer
    for cure in _others((*before, *after), chosen):
        every = [one for one in (*before, *after) if one in (*chosen, cure)]
        longer = fitted(_with_cures(raft, before, every, databases), _STEPS_MAX)
        if len(longer) <= _STEPS_MAX:
            chosen, made = every, longer
    return fitted(made, _STEPS_MAX)


def _before(body: Sequence[Step], cures: Sequence[Treatment]) -> list[Treatment]:
    """Those that come before raft's steps: all, where there are none."""
    if not body:
        return list(cures)
    collects = _only_collects(body)
    return [cure for cure in cures if cure.early and (cure.urgent or not collects)]


def _with_cures(
    raft: Sequence[Step], before: Sequence[Treatment], chosen: Sequence[Treatment], databases: Sequence[DatabaseAnswer]
) -> list[Step]:
    """Copies, what comes before, raft's steps, what comes behind; and a start or a look where nothing starts yet.

    Args:
        raft: its steps.
        before: all that come before them, chosen or not.
        chosen: who gets steps.
        databases: what is decided of each.
    """
    before = [cure for cure in chosen if cure in before]
    saves = [*_only(raft, StepKind.SAVE), *(cure.save for cure in chosen if cure.save)]
    body = _without(raft, StepKind.SAVE)
    late = [cure for cure in chosen if cure not in before]
    ends = [] if _only(body, StepKind.START) else [cure.after for cure in chosen]
    if _only_collects(body):
        soon = _only([cure.after for cure in before], StepKind.START)
        later = [] if soon else ends[:1]
        return merged([*saves, *_steps_of(before), *soon, *body, *_steps_of(late), *later], databases)
    starts = _only(ends, StepKind.START)
    behind = _asking_members(chosen) if starts or not ends else []
    first, second = (_others(cures, behind) for cures in (before, late))
    made = [*saves, *_steps_of(first), *body, *_steps_of(second), *(starts or ends[:1])]
    return merged([*(in_phases(made) if body else made), *_steps_of(behind)], databases)


def _asking_members(cures: Sequence[Treatment]) -> list[Treatment]:
    return [cure for cure in cures if cure.asks_members]


def _others(cures: Sequence[Treatment], than: Sequence[Treatment]) -> list[Treatment]:
    return [cure for cure in cures if cure not in than]


def _only(steps: Sequence[Step], kind: StepKind) -> list[Step]:
    return [step for step in steps if step.kind is kind]


def _without(steps: Sequence[Step], kind: StepKind) -> list[Step]:
    return [step for step in steps if step.kind is not kind]


def _only_collects(body: Sequence[Step]) -> bool:
    """What arrived does not decide: all that can be done is to ask for more."""
    return bool(body) and not _without(body, StepKind.COLLECT)


def _steps_of(cures: Sequence[Treatment]) -> list[Step]:
    return [step for cure in cures for step in cure.steps]
