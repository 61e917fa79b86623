"""What a choice gives up, and where that still can be read.

`trimmed`: see tests/facts/cluster/test_intact_copies.py. n1's start moves 321–384 and its open segment away, and keeps
its snapshot at 384; n2's moves 386–414 away, and keeps 385.
"""

from __future__ import annotations

from forensics.facts.cluster.intact_copies import IntactCopy
from forensics.plan.expected_start import expected_starts
from forensics.plan.plan import Plan, plan
from forensics.plan.words import loss_words
from tests.facts.cluster.test_intact_copies import ONE_CLOSED, TWO_CLOSED, flip
from tests.fixtures import known, report
from tests.made_clusters import base, clusters_of

BITS = ((0, 0), (1, 3), (2, 5))


def planned(files: dict[str, bytes]) -> Plan:
    """The plan of the one cluster, starts included."""
    (cluster,) = clusters_of(files)
    made = plan(cluster, expected_starts(cluster))
    assert made is not None
    return made


def test_two_nodes_damaged_in_different_places() -> None:
    """n2 keeps more. What it gives up, 386 to 414, can all be read in n1's open segment, which its start drops."""
    files = base("trimmed", ("n1", "n2"))
    flip(files, ONE_CLOSED, *((60000 + byte, bit) for byte, bit in BITS))
    flip(files, TWO_CLOSED, *((30000 + byte, bit) for byte, bit in BITS))
    made = planned(files)
    assert made.node == "n2"
    (own,) = made.own_loss
    assert (own.of, own.given_up, own.committed, own.nowhere) == ("n1", ((386, 414),), 414, ())
    assert own.intact_on == (IntactCopy("n1", False),)
    (other,) = made.losses
    assert (other.node, other.given_up, other.nowhere) == ("n1", ((385, 414),), ())


def test_what_is_nowhere_is_told() -> None:
    """Entry 387 is damaged on both; its place in n1's open segment is byte 41192 to 57679."""
    files = base("trimmed", ("n1", "n2"))
    flip(files, "n1/open-7", *((50000 + byte, bit) for byte, bit in BITS))
    flip(files, TWO_CLOSED, *((30000 + byte, bit) for byte, bit in BITS))
    made = planned(files)
    assert made.node == "n1"  # its start cuts the open segment behind 386
    (own,) = made.own_loss
    assert (own.given_up, own.nowhere, own.intact_on) == (((387, 414),), ((387, 387),), ())
    assert loss_words(own).where == "entry 387 can be read on no node that arrived"


def test_a_node_that_does_not_start_lacks_what_cannot_be_read_on_it() -> None:
    """n2's 322–385 is damaged at 324 (batch 3, bytes 32984 to 49471): it does not start, and has all the rest."""
    files = base("trimmed", ("n1", "n2", "n3"))
    flip(files, "n2/0000000000000322-0000000000000385", *((40000 + byte, bit) for byte, bit in BITS))
    made = planned(files)
    (loss,) = [loss for loss in made.losses if loss.node == "n2"]
    assert (loss.given_up, loss.entries) == ((), 0)  # its snapshot at 384 covers 324


def test_what_did_not_arrive_is_not_lacking() -> None:
    """The upload breaks off before n3's snapshots: its log, 321 to 414, ends as theirs do. n1's copy is torn."""
    for name, node, lacks in (("snapshot/cut-away", "n3", (1, 320)), ("healthy/copied-under-load", "n1", (120, 165))):
        made = known(report(name).clusters[0].recovery)
        (loss,) = [loss for loss in made.losses if loss.node == node]
        assert (loss.at_most, (loss.first_index, loss.last_index), made.official.trap) == (True, lacks, False)
