"""What is said of simulated runs whose files were damaged afterwards: the truth is what the servers had stored.

`RAFT_RUNS=20000 pytest tests/facts/cluster/test_damaged_runs.py` goes deep.
"""

from __future__ import annotations

import os
import random

import pytest

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Kind
from tests.facts.cluster.test_raft_runs import name_of
from tests.made_clusters import clusters_of
from tests.raft_runs import Run, Server

RUNS = int(os.environ.get("RAFT_RUNS", "160"))


@pytest.mark.parametrize("block", range(8))
def test_damage_makes_nothing_up(block: int) -> None:
    """What is proved committed was; what is committed is not excluded; and logs differ only where they did before."""
    for seed in range(block, RUNS, 8):
        run = Run(seed)
        run.steps(run.random.randint(20, 160))
        servers = [server for server in run.servers.values() if server.log]
        shown = run.random.sample(servers, run.random.randint(1, len(servers)))
        files = {path: data for server in shown for path, data in run.files(server).items()}
        told = damage(files, run.random)
        for cluster in clusters_of(files):
            try:
                check(run, cluster, {name_of(server): server for server in shown})
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, {told}: {error}\n" + "\n".join(run.told)) from error


def check(run: Run, cluster: Cluster, names: dict[str, Server]) -> None:
    """See the test."""
    safe, commit = run.safe(), cluster.commit
    assert all(one.kind is Kind.CONFLICT for one in cluster.divergences), cluster.divergences
    if commit is None:
        return
    for name, proof in commit.proofs.items():
        assert names[name].log[: proof.index] == safe[: proof.index], f"{name}: {proof}"
    if commit.at_most is not None:
        assert commit.at_most >= len(run.committed), f"at most {commit.at_most}, in truth {len(run.committed)}"
    for name, never in commit.never.items():
        index = never.index - 1
        assert run.committed[index : never.index] != names[name].log[index : never.index], f"{name}: {never}"


def damage(files: dict[str, bytes], source: random.Random) -> list[str]:
    """Change one to four segments; says what was done.

    An open segment is not cut, nor zeroed to its end: nothing on a disk tells that from one that got no further.
    """
    segments = sorted(path for path in files if path.rpartition("/")[2][:1] in "0o")
    told = []
    for path in source.sample(segments, min(len(segments), source.randint(1, 4))):
        data = bytearray(files[path])
        at = source.randrange(len(data))
        is_open = path.rpartition("/")[2].startswith("open")
        kind = source.choice(("bit", "zeros", "noise") if is_open else ("bit", "zeros", "noise", "cut"))
        if kind == "bit":
            data[at] ^= 1 << source.randrange(8)
        elif kind == "zeros":
            limit = len(bytes(data).rstrip(b"\0")) - 1 if is_open else len(data)
            end = min(limit, at + source.choice((8, 64, 512)))
            data[at:end] = bytes(max(end - at, 0))
        elif kind == "noise":
            end = min(len(data), at + 16)
            data[at:end] = source.randbytes(end - at)
        else:
            del data[at:]
        files[path] = bytes(data)
        told.append(f"{kind} at {at} of {path}")
    return told
