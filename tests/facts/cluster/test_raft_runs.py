"""What is said of a cluster against the truth of simulated runs: leaders, lost messages, crashes, changes, snapshots.

`RAFT_RUNS=20000 pytest tests/facts/cluster/test_raft_runs.py` goes deep.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from copy import deepcopy
from itertools import combinations

import pytest

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.log_matching import Kind
from forensics.rules.api import Severity
from forensics.rules.engine import catalogue, judge, words_of
from tests.made_clusters import clusters_of
from tests.raft_runs import Run, Server, Stored

RUNS = int(os.environ.get("RAFT_RUNS", "80"))
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
            run.steps(run.random.randint(20, 120))
            check(run, seed)


def check(run: Run, seed: int) -> None:
    """Some directories of this moment, and then all."""
    servers = [server for server in run.servers.values() if server.log]
    some = run.random.sample(servers, run.random.randint(1, len(servers)))
    for shown in (some, servers):
        try:
            cluster = only(run, shown)
            names = {name_of(server): server for server in shown}
            bounds(run, cluster, names)
            divergences(cluster, names)
            judged(cluster)
        except AssertionError as error:
            shown_ids = [server.id - (101 << 32) for server in shown]
            raise AssertionError(f"seed {seed}, shown {shown_ids}: {error}\n" + "\n".join(run.told)) from error


def only(run: Run, servers: Iterable[Server]) -> Cluster:
    """The one cluster that these servers' directories are."""
    files: dict[str, bytes] = {}
    for server in servers:
        files |= run.files(server)
    clusters = clusters_of(files)
    assert len(clusters) == 1
    return clusters[0]


def name_of(server: Server) -> str:
    """Of its directory."""
    return f"n{server.id - (101 << 32) + 1}"


def bounds(run: Run, cluster: Cluster, names: dict[str, Server]) -> None:
    """What is called committed is, in that node's own history; what is not excluded contains what is committed."""
    safe, commit = run.safe(), cluster.commit
    assert commit is not None
    assert commit.at_least <= len(safe), f"at least {commit.at_least} ({commit.proof}), in truth {len(safe)}"
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
    for judgement in judge(Case((cluster,)), RULES):
        for finding in judgement.findings:
            words = f"{judgement.rule.id}: {words_of(judgement, finding).message}"
            assert judgement.rule.id not in NEVER, words
            severity = finding.severity or judgement.rule.severity
            assert severity in QUIET or judgement.rule.id in NORMAL, words


@pytest.mark.parametrize("block", range(4))
def test_runs_with_directories_put_back(block: int) -> None:
    """Older copies put in place: nothing is called committed that never was, a loss only where it is one."""
    for seed in range(block, RUNS, 4):
        run = Run(seed)
        run.steps(run.random.randint(20, 80))
        older = {key: deepcopy(server) for key, server in run.servers.items() if server.log}
        run.steps(run.random.randint(5, 60))
        safe = run.safe()
        for key in run.random.sample(sorted(older), run.random.randint(1, min(2, len(older)))):
            run.servers[key] = older[key]
        cluster = only(run, run.servers.values())
        assert cluster.commit is not None
        for server in run.servers.values():
            proof = cluster.commit.proofs.get(name_of(server))
            assert proof is None or server.log[: proof.index] == safe[: proof.index], f"seed {seed}, {proof}"
        missing = cluster.commit.missing
        if missing is not None:
            index = missing.proof.index
            lacking = [server for server in run.servers.values() if server.log[:index] != safe[:index]]
            assert set(missing.behind) <= {name_of(server) for server in lacking}, f"seed {seed}"
            assert len(missing.behind) > (missing.voters - 1) // 2, f"seed {seed}: {missing.proof}"
        said = {judgement.rule.id for judgement in judge(Case((cluster,)), RULES) if judgement.findings}
        assert not said & {"CLU001", "CLU003", "CLU014", "CLU020"}, f"seed {seed}: {said}"


@pytest.mark.parametrize("block", range(4))
def test_runs_with_forced_configurations(block: int) -> None:
    """Some recovered to themselves alone, and wrote on: two committed histories are told of where there are two."""
    for seed in range(block, RUNS, 4):
        run = Run(seed)
        run.steps(run.random.randint(20, 80))
        voters = [server for server in run.servers.values() if server.id in server.voters()]
        alone = run.random.sample(voters, run.random.randint(1, min(2, len(voters))))
        before, safe = [deepcopy(server) for server in alone], run.safe()
        for server in alone:
            run.force(server, run.random.randint(0, 3))
        cluster = only(run, run.servers.values())
        histories = [safe, *(server.log for server in alone)]
        apart = [pair for pair in combinations(histories, 2) if differ(*pair)]
        said = {judgement.rule.id for judgement in judge(Case((cluster,)), RULES) if judgement.findings}
        assert "CLU004" in said or any(len(server.voters()) < 3 for server in before), f"seed {seed}"
        assert ("CLU001" in said) <= bool(apart), f"seed {seed}: {[len(history) for history in histories]}"
        if len(alone) == 2 and all(server.trimmed == 0 for server in alone) and differ(alone[0].log, alone[1].log):
            assert said & {"CLU001", "CLU003"}, f"seed {seed}: two histories and {said}"


def differ(one: list[Stored], other: list[Stored]) -> bool:
    """Neither is the other's beginning."""
    return any(a != b for a, b in zip(one, other, strict=False))
