"""One index and term twice: which of damage, rewriting and two leaders it was, and what it changed (CLU003)."""

from __future__ import annotations

import pytest

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.log_matching import Kind
from forensics.facts.log.payload_difference import Alteration, alteration
from forensics.rules.api import Problem, Severity
from forensics.rules.cluster.clu003_same_term import AlteredEntries, TwoLeaders
from forensics.rules.engine import catalogue, judge
from tests.made_clusters import (
    CHANGE,
    COMMAND,
    ONE,
    TWO,
    Entry,
    clusters_of,
    command,
    configuration,
    directory,
    history,
    nodes_of,
)

RULE = tuple(rule for rule in catalogue() if rule.id == "CLU003")
ROWS = [(1, f"row {number}") for number in range(20)]  # indexes 4 to 23


def found(cluster: Cluster) -> tuple[Severity | None, Problem]:
    """What CLU003 finds: one thing."""
    (finding,) = [finding for one in judge(Case((cluster,)), RULE) for finding in one.findings]
    return finding.severity, finding.problem


def pair(first: list[Entry], second: list[Entry]) -> Cluster:
    """Two nodes with these logs."""
    (cluster,) = clusters_of(directory("n1", ONE, first, 9) | directory("n2", TWO, second, 9))
    return cluster


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("row 7", "row 6", Alteration((16, 16), 12, 12, 1)),  # 8 bytes before the text; '7' and '6' differ in bit 0
        ("row 7", "ROW 7", Alteration((16, 16), 8, 10, 3)),  # upper and lower case differ in bit 5, three times
        ("row 7", "a much longer row", Alteration((16, 32))),
        ("row 7", "row 7", Alteration((16, 16))),
    ],
)
def test_how_payloads_differ(one: str, other: str, expected: Alteration) -> None:
    """By hand: the text starts at byte 8 of the payload."""
    start = history()
    files = directory("n1", ONE, [*start, (1, COMMAND, command(one))], 1)
    files |= directory("n2", TWO, [*start, (1, COMMAND, command(other))], 1)
    first, second = nodes_of(files)
    assert alteration(first, second, 4) == expected


def test_a_bit_that_failed_in_memory() -> None:
    """Entry 10 ('row 6' as 'row 7'); behind it the logs are equal."""
    other = history(*ROWS)
    other[9] = (1, COMMAND, command("row 7"))
    severity, problem = found(pair(history(*ROWS), other))
    assert severity is Severity.HIGH  # both have seen term 9: nothing proves the entry committed
    assert isinstance(problem, AlteredEntries)
    assert (problem.first_index, problem.last_index) == (10, 10)
    assert problem.alteration == Alteration((16, 16), 12, 12, 1)


def test_a_term_that_was_rewritten() -> None:
    """Entry 10 of term 2, equal to its neighbour's in all else, and equal logs behind: no two leaders do that."""
    other = history(*ROWS)
    other[9] = (2, COMMAND, command("row 6"))
    cluster = pair(history(*ROWS), other)
    assert [divergence.kind for divergence in cluster.divergences] == [Kind.ALTERED]
    _, problem = found(cluster)
    assert isinstance(problem, AlteredEntries)
    assert problem.terms == (2, 1)
    assert problem.alteration == Alteration((16, 16))


def test_two_leaders_of_one_term_behind_different_ones() -> None:
    """24 of term 2 against term 1, but 25 of term 2 on both: a leader of term 2 has one log, and only one entry 24."""
    start = history(*ROWS)
    first = [*start, (2, COMMAND, command("a")), (2, COMMAND, command("b"))]
    second = [*start, (1, COMMAND, command("c")), (2, COMMAND, command("d"))]
    cluster = pair(first, second)
    assert [(one.index, one.kind, one.term) for one in cluster.divergences] == [(24, Kind.FORK, 2)]
    _, problem = found(cluster)
    assert isinstance(problem, TwoLeaders)
    assert (problem.index, problem.term, problem.voters) == (24, 2, 3)


def test_a_sole_voter_that_leads_without_a_new_term() -> None:
    """ONE demotes itself by 5, and still leads when TWO, the only voter, starts: both write a 6 in term 1."""
    start = [
        (1, CHANGE, configuration((*ONE, 1))),
        (1, CHANGE, configuration((*ONE, 1), (*TWO, 2))),
        (1, CHANGE, configuration((*ONE, 1), (*TWO, 1))),
        (1, COMMAND, command("both")),
        (1, CHANGE, configuration((*ONE, 0), (*TWO, 1))),
    ]
    cluster = pair([*start, (1, COMMAND, command("a"))], [*start, (1, COMMAND, command("b"))])
    assert [(one.index, one.kind) for one in cluster.divergences] == [(6, Kind.FORK)]
    _, problem = found(cluster)
    assert isinstance(problem, TwoLeaders)
    assert (problem.term, problem.voters) == (1, 1)
