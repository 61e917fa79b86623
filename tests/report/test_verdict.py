"""docs/reference/report.md#verdict: worked out by hand for each case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from forensics.forecast.reasons import Outcome, Stage
from forensics.report.document import (
    Cluster,
    CommitIndex,
    Finding,
    Forecast,
    Gap,
    GapKind,
    Level,
    Lost,
    Node,
    Verdict,
)
from forensics.report.verdict import judge, verdict_of_case, verdict_of_cluster
from forensics.report.verdict_reasons import NodesDown
from tests.report.documents import changed, cluster, finding, node

ABSENT = Gap(kind=GapKind.ABSENT, database="k8s-dqlite", subject="voter 10.0.0.3:9000", detail="no evidence")
NODES = (node("n1", "1"), node("n2", "2"), node("n3", "3"))


def level(database: Cluster, findings: Iterable[Finding] = (), missing: Iterable[Gap] = ()) -> Level:
    return verdict_of_cluster(database, findings, missing).level


def forecast(outcome: Outcome = Outcome.STARTS, **changes: Any) -> Forecast:
    base = Forecast(
        node="n1",
        dqlite_version="1.18",
        outcome=outcome,
        stage=Stage.START,
        code=None,
        message=None,
        term=1,
        voted_for="0",
        start_index=1,
        entries=10,
        last_index=10,
        last_term=1,
        entries_digest=0,
        snapshot=None,
        changes=(),
        lost=(),
        proposals=(),
    )
    return changed(base, **changes)


def test_nothing_found_on_full_evidence_is_healthy() -> None:
    assert level(cluster(*NODES)) == "healthy"


def test_info_stays_healthy() -> None:
    assert level(cluster(*NODES), [finding(severity="info", effect="none")]) == "healthy"


def test_nothing_found_on_part_of_the_evidence_decides_nothing() -> None:
    assert level(cluster(*NODES[:2]), [], [ABSENT]) == "unknown"


def test_another_databases_gap_does_not_cloud_this_one() -> None:
    assert level(cluster(*NODES), [], [changed(ABSENT, database="k8sd")]) == "healthy"


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
    nodes = (node("n1", "1", forecast=forecast(Outcome.FAILS, message="closed segment is corrupt")), *NODES[1:])
    verdict = verdict_of_cluster(cluster(*nodes), [], [])
    assert verdict.level == "degraded"
    assert "n1: does not start (closed segment is corrupt)" in verdict.summary


def test_losing_what_was_committed_and_nobody_else_holds_is_broken() -> None:
    lost = (Lost(first_index=8, last_index=10, reason="moved away"),)
    loser = node("n1", "1", forecast=forecast(lost=lost, last_index=7))
    others = [node(name, number, forecast=forecast(last_index=7)) for name, number in (("n2", "2"), ("n3", "3"))]
    nine, seven = (CommitIndex(at_least=index, at_most=None, why="") for index in (9, 7))
    assert level(cluster(loser, *others, commit_index=nine)) == "broken"
    assert level(cluster(loser, *others, commit_index=seven)) == "healthy"
    keeper = node("n2", "2", forecast=forecast(last_index=12))
    assert level(cluster(loser, keeper, others[1], commit_index=nine)) == "healthy"


def test_the_case_is_as_bad_as_its_worst_database() -> None:
    one, two = cluster(*NODES), cluster(*NODES, database="k8sd")
    why = finding(effect="broken", database="k8sd", scope="cluster", nodes=["n1", "n2"], problem="why")
    verdict = verdict_of_case([one, two], [why], [])
    assert verdict == Verdict(level=Level.BROKEN, summary="k8sd is broken: why; k8s-dqlite is healthy.")


def test_no_state_at_all_is_unknown() -> None:
    assert verdict_of_case([], [], []).level == "unknown"


def _yaml_node(name: str, members: list[str]) -> Node:
    rows = [{"id": str(n), "address": address, "role": "voter"} for n, address in enumerate(members, 1)]
    return node(name, "1", cluster_yaml=rows)


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
    nodes = [_yaml_node(f"n{n}", members) for n, members in enumerate(lists)]
    database = cluster(*nodes, configuration=None)
    summary = verdict_of_cluster(database, [], [ABSENT]).summary
    assert (said in summary) if said else ("cluster.yaml" not in summary)


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("node", "k8s-dqlite needs attention: n1: it ends; here: (not cut)."),
        ("cluster", "k8s-dqlite needs attention: it ends; here: (not cut)."),
    ],
)
def test_a_problem_is_quoted_whole(scope: str, said: str) -> None:
    """A rule about a node may leave its name out; one about the cluster says whom it means."""
    told = finding(effect="attention", scope=scope, problem="it ends; here: (not cut)", message="it ends. And more.")
    assert verdict_of_cluster(cluster(*NODES), [told], []).summary == said


def test_no_wording_decides() -> None:
    """The reason is the finding itself, whatever it says."""
    one, two = (
        finding(effect="node-down", scope="node"),
        finding(effect="node-down", scope="node", problem="n1; n2; n3"),
    )
    reasons = [judge(cluster(*NODES), [told], []) for told in (one, two)]
    assert [level for level, _ in reasons] == [Level.DEGRADED] * 2
    down = [reason for _, reason in reasons if isinstance(reason, NodesDown)]
    assert [(reason.lost, reason.voters, reason.majority) for reason in down] == [(1, 3, True)] * 2
