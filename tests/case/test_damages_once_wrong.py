"""Random damages whose answers were once wrong, held to what the recordings' own bytes say (`python -m tests.held`)."""

from __future__ import annotations

import pytest

from tests.held.run import held

DAMAGES = [
    # damage in an older copy of a directory, beside the directory: no step said what becomes of it
    "seed kine-sick/501985 (k8s-dqlite): older copy beside (n1); lost metadata (n1-older)",
    # the recovery writes the members anew: their records had no step of their own where five were taken
    "seed address-change/180727 (plain): zeroed block (n1, n2, n3)",
    # three of five lost closed segments: 72 to 111 lie ten indexes too low in their open ones, and were given up
    "seed two-voters-down/77957 (plain): removed last closed (n1, n2, n3)",
    # segments of one entry more than their names say: a whole third node was said to lack committed entries
    "seed k8sd/448041 (k8s-dqlite): renamed segment (n1, n2)",
    # the history was measured by the node that has only its end, so nobody seemed to hold anything
    "seed old-leader/196619 (plain): empty file (n2)",
    # the first steps had a node rebuilt that `repair` called safe
    "seed restored-backup/709977 (plain): removed file (n1, n2); zeroed block (n1, n2)",
]


@pytest.mark.parametrize("title", DAMAGES)
def test_it_holds(title: str) -> None:
    outcome = held(title.split()[1])
    assert outcome.title == title
    assert outcome.wrong == ()
