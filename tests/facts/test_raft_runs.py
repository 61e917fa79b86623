"""What is said of a cluster against the truth of simulated runs: leaders, lost messages, crashes, changes, snapshots.

`RAFT_RUNS=20000 pytest tests/facts/test_raft_runs.py` goes deep.
"""

from __future__ import annotations

import os
from itertools import combinations

import pytest

from forensics.facts.cluster import Case, Cluster
from forensics.facts.matching import Kind
from forensics.rules.api import Severity
from forensics.rules.engine import catalogue, judge
from tests.made_clusters import clusters_of
from tests.raft_runs import Run, Server

RUNS = int(os.environ.get("RAFT_RUNS", "120"))
NEVER = (
    "CLU001",
    "CLU003",
    "CLU005",
    "CLU006",
    "CLU007",
    "CLU014",
    "CLU020",
    "CLU022",
)  # of a run in which raft did its work
QUIET = (Severity.LOW, Severity.INFO)
NORMAL = ("CLU008",)  # removed servers stay where they are in these runs
RULES = tuple(rule for rule in catalogue() if rule.id.startswith("CLU"))


@pytest.mark.parametrize("block", range(8))
def test_runs(block: int) -> None:
    """Every claim about a run holds, whichever of its directories arrived."""
    for seed in range(block, RUNS, 8):
        run = Run(seed)
        for _ in range(2):
            for _ in range(run.random.randint(20, 120)):
                run.step()
            check(run, seed)


def check(run: Run, seed: int) -> None:
    """Some directories of this moment, and then all."""
    servers = [server for server in run.servers.values() if server.log]
    some = run.random.sample(servers, run.random.randint(1, len(servers)))
    for shown in (some, servers):
        files: dict[str, bytes] = {}
        for server in shown:
            files |= run.files(server)
        clusters = clusters_of(files)
        try:
            assert len(clusters) == 1
            names = {f"n{server.id - (101 << 32) + 1}": server for server in shown}
            bounds(run, clusters[0], names)
            divergences(clusters[0], names)
            judged(clusters[0])
        except AssertionError as error:
            shown_ids = [server.id - (101 << 32) for server in shown]
            raise AssertionError(f"seed {seed}, shown {shown_ids}: {error}\n" + "\n".join(run.told)) from error


def bounds(run: Run, cluster: Cluster, names: dict[str, Server]) -> None:
    """What is called committed is, in that node's own history; what is not excluded contains what is committed."""
    safe, commit = run.safe(), cluster.commit
    assert commit is not None
    assert commit.at_least <= len(safe), f"at least {commit.at_least} ({commit.why}), in truth {len(safe)}"
    if commit.at_most is not None:
        assert commit.at_most >= len(run.committed), f"at most {commit.at_most}, in truth {len(run.committed)}"
    shown = {server.id for server in names.values()}
    assert commit.at_most is not None or any(server.voters() - shown for server in names.values()), "it could be told"
    for name, proof in commit.proofs.items():
        assert names[name].log[: proof.index] == safe[: proof.index], f"{name}: {proof}"
    for name, never in commit.never.items():
        index = never.index - 1
        assert run.committed[index : never.index] != names[name].log[index : never.index], f"{name}: {never}"


def divergences(cluster: Cluster, names: dict[str, Server]) -> None:
    """Each pair that holds different entries is parted at the first index where that shows; and no other pair is."""
    assert all(divergence.kind is Kind.CONFLICT for divergence in cluster.divergences)
    parted: dict[tuple[str, str], int] = {}
    for divergence in cluster.divergences:
        for one, other in combinations(divergence.sides, 2):
            for a in one.nodes:
                for b in other.nodes:
                    first, second = sorted((a, b))
                    parted.setdefault((first, second), divergence.index)
        for side in divergence.sides:
            assert side.last == max(len(names[name].log) for name in side.nodes)
    truth = {}
    for a, b in combinations(sorted(names), 2):
        mine, its = names[a], names[b]
        start = max(mine.trimmed, its.trimmed)
        for index in range(start, min(len(mine.log), len(its.log))):
            if mine.log[index] != its.log[index]:
                truth[a, b] = index + 1
                break
    assert parted.items() <= truth.items()
    for pair in truth.keys() - parted.keys():
        assert any(_follows(names, parted, a, b, truth[pair]) for a, b in (pair, pair[::-1])), f"{pair} is not told"


def _follows(names: dict[str, Server], parted: dict[tuple[str, str], int], a: str, b: str, index: int) -> bool:
    """`b` parted, earlier than the log of `a` starts, from one that has the history of `a`."""
    return any(
        parted.get((min(b, c), max(b, c)), index) < index
        and names[c].log[index - 1 : index] == names[a].log[index - 1 : index]
        for c in names
    )


def judged(cluster: Cluster) -> None:
    """Raft did its work: nothing is said at medium or above, and nothing of what never happened."""
    for judgement in judge(Case([cluster]), RULES):
        for finding in judgement.findings:
            words = f"{judgement.rule.id}: {finding.message}"
            assert judgement.rule.id not in NEVER, words
            severity = finding.severity or judgement.rule.severity
            assert severity in QUIET or judgement.rule.id in NORMAL, words
