"""Whom `--node` means in a directory that does not say whose it is: LXD has neither info.yaml nor cluster.yaml."""

from __future__ import annotations

import pytest

from forensics import pipeline
from forensics.check.build import build, pack
from forensics.evidence import BytesBlob
from forensics.facts.cluster.selection import select
from forensics.ingest.source import Source
from tests.fixtures import fixture

# of the recording `k8sd`, from which the fixture has its members
IDS = {"n1": "3297041220608546238", "n2": "7272509667001283000", "n3": "4478950094485496412"}
ADDRESSES = {"n1": "127.20.2.1:6400", "n2": "127.20.2.2:6400", "n3": "127.20.2.3:6400"}


def named(wanted: str, without: tuple[str, ...] = ()) -> list[str]:
    """The nodes of the fixture that are selected; `without`: of whom local.db is taken away."""
    tree = {
        path: file
        for path, file in build(fixture("healthy/lxd")).items()
        if not (path.endswith("local.db") and path.startswith(tuple(f"{node}/" for node in without)))
    }
    blob = BytesBlob("lxd.tar", pack(tree, "tar"))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        return [directory.node for directory in select(pipeline.directories(evidence), wanted)]


@pytest.mark.parametrize("node", ["n1", "n2", "n3"])
def test_local_db_says_who_a_server_is(node: str) -> None:
    assert named(node) == named(IDS[node]) == named(ADDRESSES[node]) == [node]


def test_the_founder_is_known_by_its_log_alone() -> None:
    """n1 founded the cluster: its first segment holds one entry, with itself as the only member."""
    everyone = ("n1", "n2", "n3")
    assert named(IDS["n1"], everyone) == named(ADDRESSES["n1"], everyone) == ["n1"]
    assert named(IDS["n2"], everyone) == []  # nothing tells n2 from n3
    assert named(IDS["n2"], ("n1",)) == ["n2"]


def test_nobody_else_is_meant() -> None:
    assert named("127.20.2.9:6400") == named("5") == []
