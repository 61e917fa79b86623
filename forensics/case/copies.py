"""Directories that are nobody's own: raft's files of theirs are not mended, for another fault tells whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from forensics.case.answer import DatabaseAnswer, Fault
from forensics.fault_kind import OF_FILES, FaultKind

Copies: TypeAlias = dict[str, tuple[str, ...]]
"""By key of the fault that tells whose they are: keys of those that it answers."""


def of_copies(faults: Sequence[Fault], databases: Sequence[DatabaseAnswer]) -> Copies:
    """Damage of directories that were not judged, for they have the identity of another one."""
    own = {one.node for answer in databases for one in answer.states}
    return {
        one.key: tuple(fault.key for fault in faults if _is_of(fault, {*one.nodes} - own))
        for one in faults
        if one.kind is FaultKind.IDENTITY
    }


def _is_of(fault: Fault, copies: set[str]) -> bool:
    return fault.kind in OF_FILES and bool(fault.nodes) and copies >= {*fault.nodes}
