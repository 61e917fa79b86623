"""The verdict's levels (docs/reference/report.md#verdict), worked out by hand for each case."""

from __future__ import annotations

from typing import Any

import pytest

from forensics.report.document import Document
from forensics.report.verdict import verdict_of_case, verdict_of_cluster
from tests.report.documents import cluster, finding, node

ABSENT = {"kind": "absent", "database": "k8s-dqlite", "subject": "voter 10.0.0.3:9000", "detail": "no evidence"}
NODES = (node("n1", "1"), node("n2", "2"), node("n3", "3"))


def level(database: Document, findings: list[Document] | None = None, missing: list[Document] | None = None) -> str:
    return str(verdict_of_cluster(database, findings or [], missing or [])["level"])


def forecast(outcome: str = "starts", **changes: Any) -> Document:
    base: Document = {"outcome": outcome, "message": None, "lost": [], "changes": [], "lastIndex": 10}
    return base | changes


def test_nothing_found_on_full_evidence_is_healthy() -> None:
    assert level(cluster(*NODES)) == "healthy"


def test_info_stays_healthy() -> None:
    assert level(cluster(*NODES), [finding(severity="info", effect="none")]) == "healthy"


def test_nothing_found_on_part_of_the_evidence_decides_nothing() -> None:
    assert level(cluster(*NODES[:2]), [], [ABSENT]) == "unknown"


def test_another_databases_gap_does_not_cloud_this_one() -> None:
    assert level(cluster(*NODES), [], [ABSENT | {"database": "k8sd"}]) == "healthy"


@pytest.mark.parametrize(
    ("effect", "expected"), [("attention", "attention"), ("degraded", "degraded"), ("broken", "broken")]
)
def test_a_finding_says_what_it_does(effect: str, expected: str) -> None:
    assert level(cluster(*NODES), [finding(effect=effect)], [ABSENT]) == expected


@pytest.mark.parametrize(
    ("down", "voters", "expected"),
    [
        (["n1"], 3, "degraded"),  # two of three are a majority
        (["n1", "n2"], 3, "broken"),  # one of three is not
        (["n1", "n2"], 5, "degraded"),  # three of five are
        (["n1"], 1, "broken"),
        (["n1"], 2, "broken"),  # of two, both are needed
    ],
)
def test_nodes_that_are_down_break_it_where_they_cost_the_majority(down: list[str], voters: int, expected: str) -> None:
    findings = [finding(effect="node-down", nodes=[name]) for name in down]
    assert level(cluster(*NODES, voters=voters), findings) == expected


def test_a_stand_by_that_is_down_costs_no_majority() -> None:
    nodes = (node("n1", "1"), node("n2", "2"))
    assert level(cluster(*nodes, voters=1), [finding(effect="node-down", nodes=["n2"])]) == "degraded"


def test_a_forecast_of_no_start_counts_as_down() -> None:
    nodes = (node("n1", "1", forecast=forecast("fails", message="closed segment is corrupt")), *NODES[1:])
    verdict = verdict_of_cluster(cluster(*nodes), [], [])
    assert verdict["level"] == "degraded"
    assert "n1: does not start (closed segment is corrupt)" in verdict["summary"]


def test_losing_what_was_committed_and_nobody_else_holds_is_broken() -> None:
    lost = [{"firstIndex": 8, "lastIndex": 10, "reason": "set aside"}]
    loser = node("n1", "1", forecast=forecast(lost=lost, lastIndex=7))
    others = [node(name, number, forecast=forecast(lastIndex=7)) for name, number in (("n2", "2"), ("n3", "3"))]
    assert level(cluster(loser, *others, commitIndex={"atLeast": 9, "atMost": None, "why": ""})) == "broken"
    assert level(cluster(loser, *others, commitIndex={"atLeast": 7, "atMost": None, "why": ""})) == "healthy"
    keeper = node("n2", "2", forecast=forecast(lastIndex=12))
    assert level(cluster(loser, keeper, others[1], commitIndex={"atLeast": 9, "atMost": None, "why": ""})) == "healthy"


def test_the_case_is_as_bad_as_its_worst_database() -> None:
    one, two = cluster(*NODES), cluster(*NODES, database="k8sd")
    one["verdict"] = {"level": "healthy", "summary": "k8s-dqlite is healthy."}
    two["verdict"] = {"level": "broken", "summary": "k8sd is broken: why."}
    verdict = verdict_of_case([one, two], [], [])
    assert verdict == {"level": "broken", "summary": "k8sd is broken: why; k8s-dqlite is healthy."}


def test_no_state_at_all_is_unknown() -> None:
    assert verdict_of_case([], [], [])["level"] == "unknown"


def _yaml_node(name: str, members: list[str]) -> Document:
    rows = [{"id": str(n), "address": address, "role": "voter"} for n, address in enumerate(members, 1)]
    return node(name, "1") | {"clusterYaml": rows}


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ([["a:1", "b:1", "c:1"]] * 2, "all 2 cluster.yaml name the same 3 members, 3 of them voters"),
        ([["a:1"]], "its cluster.yaml names 1 member, 1 of them voters"),
        ([["a:1", "b:1"], ["a:1", "c:1"]], None),
    ],
)
def test_yaml_alone_tells_of_the_members(lists: list[list[str]], said: str | None) -> None:
    """Only where nothing tells more, and where the files agree."""
    database = cluster(*(_yaml_node(f"n{n}", members) for n, members in enumerate(lists))) | {"configuration": None}
    summary = str(verdict_of_cluster(database, [], [ABSENT])["summary"])
    assert (said in summary) if said else ("cluster.yaml" not in summary)


def test_the_first_clause_keeps_its_brackets() -> None:
    message = "n1 has 1 entry (309; 3 pages of k8s): key /a; n2 has others: they are dropped"
    summary = verdict_of_cluster(cluster(*NODES), [finding(effect="attention", message=message)], [])["summary"]
    assert "n1 has 1 entry (309; 3 pages of k8s): key /a" in summary
    assert "n2 has others" not in summary
