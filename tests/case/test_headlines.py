"""What the headline and the first step say, where a careless word would mislead."""

from __future__ import annotations

import pytest

from tests.fixtures import known, report


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        # the low finding is that n3 is behind: nobody is down for it
        ("snapshot/empty-beside-a-laggard", "k8s-dqlite: a snapshot of n1 and n2 cannot be used as it is"),
        # the copy of n1 is no second voter that is down
        (
            "cluster/damaged-beside-its-copy",
            (
                "k8s-dqlite: segments of the log are missing on first/n1; it does not start; first/n2 and first/n3 can "
                "go on"
            ),
        ),
        # n2 is kept from starting, too: n1 alone is no majority of three
        ("microcluster/two-of-three-out", "k8sd: n3: cluster.yaml is empty (0 bytes)"),
        # two of three are damaged, each in another way: both are named
        (
            "casebook/microk8s-1578",
            "microk8s: the log of n3 is damaged; no leader can be elected; a snapshot of n1 cannot be used as it is",
        ),
        # a stand-by is no voter: one of three is at hand
        (
            "cluster/one-voter-of-three",
            "k8s-dqlite: 1 of 3 voters arrived; whether a leader can be elected cannot be told",
        ),
    ],
)
def test_the_headline(name: str, headline: str) -> None:
    """Of faults and of what arrived."""
    assert known(report(name).case).headline == headline


def test_one_stopped_node_is_not_told_to_be_started() -> None:
    """n2 stays stopped until n1 and n3 have a leader."""
    save = known(report("segment/flipped-bit-last").case).first[0]
    assert "; do not start it before step 2; n1 and n3 may run meanwhile" in save.do
