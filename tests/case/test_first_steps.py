"""What to do first: courses, nodes and steps, worked out by hand from what each fixture says was done to it."""

from __future__ import annotations

import pytest

from forensics.case.answer import Course
from forensics.case.cures import BY_KIND
from forensics.fault_kind import FaultKind
from forensics.plan.steps import StepKind as Kind
from forensics.report.document import Case
from forensics.severity import Severity
from tests.fixtures import known, report

SAVE, START, REJOIN, MEND, COLLECT = Kind.SAVE, Kind.START, Kind.REJOIN, Kind.MEND, Kind.COLLECT

EXPECTED: list[tuple[str, list[Course], list[str | None], list[Kind]]] = [
    # one of three nodes is damaged, the two others are whole: nothing is forced
    ("segment/flipped-bit-last", [Course.NOTHING], [None], [SAVE, START]),  # self-repair drops what n1 and n3 keep
    ("segment/flipped-bit-middle", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n2 does not start
    ("segment/open-shift-zeroed", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1 would renumber entries
    ("segment/first-missing", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    ("snapshot/data-flipped", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    ("metadata/lost-founder", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1 would found the cluster again
    ("metadata/swapped", [Course.NOTHING], [None], [SAVE, START]),  # both files are whole, and n2 starts
    ("cluster/altered-entry", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    # n2 and n3 would elect each other without 1473 to 2048; beside n1, n2 votes for n1 and gets them
    ("cluster/restored-backups", [Course.REJOIN], [None], [SAVE, START]),
    ("cluster/forced-recovery", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n2 and n3 have the old members
    ("cluster/split-brain", [Course.CHOOSE], [None], [SAVE, Kind.EXPORT, Kind.DECIDE, REJOIN]),
    # no fault: nothing to do
    ("cluster/leader-ahead", [Course.NOTHING], [None], []),
    ("cluster/roles", [Course.NOTHING], [None], []),
    ("healthy/stopped-111", [Course.NOTHING], [None], []),
    # causes that are not raft's
    ("certificate/all-expired", [Course.NOTHING], [None], [MEND, START]),
    ("certificate/other-key", [Course.MEND], [None], [MEND, START]),
    (
        "control/init-with-state",
        [Course.ASK],
        [None],
        [MEND, START, COLLECT, COLLECT],
    ),  # the file is moved, not deleted
    ("cluster/moved-address", [Course.NOTHING], [None], [MEND, START]),
    ("cluster/copied-directory", [Course.NOTHING], [None], [SAVE, Kind.DECIDE, REJOIN, Kind.WATCH]),
    ("cluster/removed-node", [Course.NOTHING], [None], [SAVE, Kind.LEAVE_BEHIND, Kind.WATCH]),
    ("kine/compacted-ahead", [Course.NOTHING], [None], [SAVE, Kind.DECIDE, Kind.WATCH]),
    # logs of a machine alone
    ("journal/disk-full", [], [], [MEND, START]),
    ("journal/clock-skew", [], [], []),  # low
    ("journal/crash", [], [], [SAVE, MEND, START]),
    # what arrived does not decide: the rest is collected
    ("start/listing-gap", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("start/journal-agrees", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("sosreport/yaml-only", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("shape/huge-snapshot", [Course.ASK], [None], [COLLECT, COLLECT, COLLECT, Kind.WATCH]),
    # the only voter: nobody else has what it loses
    ("start/founder-without-metadata", [Course.RECOVER], ["n1"], [SAVE, Kind.RESTORE, Kind.ACCEPT_LOSS]),
    # two databases on the same machines
    ("sosreport/flipped-bit", [Course.REJOIN, Course.NOTHING], [None, None], [SAVE, START, REJOIN]),
]


def case_of(name: str) -> Case:
    """Of a fixture."""
    return known(report(name).case)


@pytest.mark.parametrize(("name", "courses", "nodes", "kinds"), EXPECTED, ids=[name for name, *_ in EXPECTED])
def test_the_first_steps(name: str, courses: list[Course], nodes: list[str | None], kinds: list[Kind]) -> None:
    """As data: what each database needs, from which node, and which steps in which order."""
    case = case_of(name)
    assert [answer.course for answer in case.recover_from] == courses
    assert [answer.node for answer in case.recover_from] == nodes
    assert [step.kind for step in case.first] == kinds


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_two_to_five_steps_where_something_is_wrong(name: str) -> None:
    """And none that says nothing."""
    case = case_of(name)
    serious = [fault for fault in case.faults if fault.severity.rank <= Severity.MEDIUM.rank]
    assert not serious or 2 <= len(case.first) <= 5
    assert all(step.do for step in case.first)


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_a_copy_comes_before_anything_is_given_up(name: str) -> None:
    """Who joins again, accepts a loss or is recovered from has been copied."""
    kinds = [step.kind for step in case_of(name).first]
    for drops in (REJOIN, Kind.FORCE, Kind.SPREAD, Kind.ACCEPT_LOSS, Kind.MOVE_AWAY):
        assert drops not in kinds or SAVE in kinds[: kinds.index(drops)]


def test_the_damaged_node_is_started_last() -> None:
    """n2's start drops entries that n1 and n3 keep: these two elect a leader first."""
    save, start = case_of("segment/flipped-bit-last").first
    assert save.node == "n2"
    assert "n1 and n3" in start.do
    assert start.node is None


def test_every_kind_of_fault_has_a_cure() -> None:
    """No fault stands there without a first step."""
    assert BY_KIND.keys() == set(FaultKind)


@pytest.mark.parametrize("name", ["segment/gap", "casebook/dqlite-194"])
def test_no_command_of_a_product_that_was_not_recognised(name: str) -> None:
    """A directory of an unknown application; lines of an unknown service."""
    steps = case_of(name).first
    assert steps
    assert not [command for step in steps for command in step.commands if not command.startswith("dqlite-forensics ")]


def test_the_commands_of_the_product_that_a_log_is_of() -> None:
    """No directory arrived, but the lines are of the unit snap.k8s.k8s-dqlite."""
    steps = case_of("journal/crash").first
    assert steps[0].commands[0] == "sudo snap stop k8s"
