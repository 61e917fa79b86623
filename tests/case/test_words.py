"""Every answer has words: a new state, reason, course or cause without them would end a run."""

from __future__ import annotations

import pytest

from forensics.case import state_words, words
from forensics.case.answer import Course
from forensics.election.state import Reason, State
from forensics.fault_kind import FaultKind
from tests.fixtures import known, report


def tables() -> list[tuple[str, object, set[object]]]:
    """Name, enum and keys of each table of words that is keyed by a whole enum."""
    whole = {"Course": Course, "Reason": Reason, "State": State, "FaultKind": FaultKind}
    found: list[tuple[str, object, set[object]]] = []
    for name, table in (vars(words) | vars(state_words)).items():
        if isinstance(table, dict) and table:
            kind = type(next(iter(table))).__name__
            if kind in whole and len(table) > len(whole[kind]) // 2:
                found.append((name, whole[kind], set(table)))
    return found


@pytest.mark.parametrize(
    ("name", "members", "keys"), tables(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_nothing_is_without_words(name: str, members: type[Course], keys: set[object]) -> None:
    assert set(members) - keys == set(), name


def test_there_are_such_tables() -> None:
    assert {kind for _, kind, _ in tables()} >= {Course, Reason}


def test_who_has_its_address_gets_what_is_sent_there() -> None:
    """n3 of replaced-node came back at its old address with another ID; nobody has that of removed-node's."""
    reasons = {
        name: {one.node: one.reason for one in known(report(f"cluster/{name}").case).nodes}
        for name in ("replaced-node", "removed-node")
    }
    assert reasons["replaced-node"]["n3-before"] is Reason.REPLACED
    assert reasons["removed-node"]["n3"] is Reason.OUTSIDE
