"""Directories that are nobody's own: raft's files of theirs are not mended, for another fault tells whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from forensics.case.answer import DatabaseAnswer, Fault
from forensics.fault_kind import OF_FILES, FaultKind
from forensics.plan.steps import Step, StepKind
from forensics.wording import listed, verb

Copies: TypeAlias = dict[str, tuple[str, ...]]
"""By key of the fault that tells whose they are: keys of those that it answers."""


def of_copies(faults: Sequence[Fault], databases: Sequence[DatabaseAnswer]) -> Copies:
    """Damage of directories that were not judged, for they have the identity of another one."""
    copies = _copies(databases)
    return {
        one.key: tuple(fault.key for fault in faults if _is_of(fault, copies & {*one.nodes}))
        for one in faults
        if one.kind is FaultKind.IDENTITY
    }


def leave_alone(faults: Sequence[Fault], databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """For damaged copies that no fault of identity tells of, for they are older than the directory that counts."""
    told = {key for keys in of_copies(faults, databases).values() for key in keys}
    return [_leave(one) for one in faults if one.key not in told and _is_of(one, _copies(databases))]


def _copies(databases: Sequence[DatabaseAnswer]) -> frozenset[str]:
    return frozenset(name for answer in databases for name in answer.copies)


def _leave(fault: Fault) -> Step:
    who = listed(fault.nodes, None)
    each = verb(len(fault.nodes), "it is a damaged copy", "they are damaged copies")
    return Step(
        StepKind.LEAVE_BEHIND,
        f"Leave {who} alone: {each} of a directory that another one is newer than. Put nothing of that in its place",
        nodes=fault.nodes,
        what=fault.nodes,
        faults=(fault.key,),
    )


def _is_of(fault: Fault, copies: frozenset[str]) -> bool:
    return fault.kind in OF_FILES and bool(fault.nodes) and copies >= {*fault.nodes}
