"""What damage leaves: which entries can still be read and where, and what they prove.

`trimmed`, by its manifest: n1 has closed segments 257–320 and 321–384, and 385 to 414 in open-7; n2 has 194–257,
258–321, 322–385 and 386–414; both have snapshots at 320 and 384. The batches of 16488 bytes and more have one entry
each.
"""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.commit_proof import LimitReason
from forensics.facts.cluster.intact_copies import IntactCopies, IntactCopy, joined, missing
from forensics.facts.cluster.words import limit_words
from forensics.report.parts.log import build_log
from tests.made_clusters import base, clusters_of, metadata

ONE_CLOSED = "n1/0000000000000321-0000000000000384"
TWO_CLOSED = "n2/0000000000000386-0000000000000414"
OPEN = "n1/open-7"


def trimmed(nodes: tuple[str, ...] = ("n1", "n2")) -> dict[str, bytes]:
    """Some directories of the recording."""
    return base("trimmed", nodes)


def flip(files: dict[str, bytes], path: str, *bits: tuple[int, int]) -> None:
    """Change bits, by byte and number."""
    data = bytearray(files[path])
    for byte, bit in bits:
        data[byte] ^= 1 << bit
    files[path] = bytes(data)


def zero(files: dict[str, bytes], path: str, offset: int, length: int) -> None:
    """Overwrite with zeros."""
    files[path] = files[path][:offset] + bytes(length) + files[path][offset + length :]


def only(files: dict[str, bytes]) -> Cluster:
    """The one cluster."""
    (cluster,) = clusters_of(files)
    return cluster


def bounds(cluster: Cluster) -> tuple[int, int | None]:
    """Both ends of the commit index."""
    assert cluster.commit is not None
    return cluster.commit.at_least, cluster.commit.at_most


def test_two_nodes_damaged_in_different_places_lose_nothing() -> None:
    """n1 lacks 324 (byte 60000 is in batch 4 of 321–384), n2 lacks 387; each has what the other lacks."""
    files = trimmed()
    flip(files, ONE_CLOSED, (60000, 0), (60001, 3), (60002, 5))
    flip(files, TWO_CLOSED, (30000, 0), (30001, 3), (30002, 5))
    cluster = only(files)
    assert bounds(cluster) == (414, 414)
    assert not cluster.divergences
    copies, one, two = IntactCopies(cluster), cluster.node("n1"), cluster.node("n2")
    assert copies.nowhere(one, 1, 414) == []
    assert copies.on(one, 385, 386) == (IntactCopy("n1", False), IntactCopy("n2", False))
    assert copies.on(one, 387, 387) == (IntactCopy("n1", False),)
    assert copies.on(one, 386, 414) == (IntactCopy("n1", False),)
    assert copies.on(two, 388, 414) == (IntactCopy("n1", False), IntactCopy("n2", True))


def test_one_known_bit_gives_a_batch_back() -> None:
    """n2 alone: bit 3 of byte 30000, in the payload of 387, is all that is wrong."""
    files = trimmed(("n2",))
    flip(files, TWO_CLOSED, (30000, 3))
    cluster = only(files)
    copies, two = IntactCopies(cluster), cluster.node("n2")
    assert copies.nowhere(two, 385, 414) == []
    assert copies.on(two, 387, 387) == (IntactCopy("n2", True),)


def test_several_bits_give_nothing_back() -> None:
    """As before, with three bits: 387 is gone, and nothing else."""
    files = trimmed(("n2",))
    flip(files, TWO_CLOSED, (30000, 0), (30001, 3), (30002, 5))
    cluster = only(files)
    assert IntactCopies(cluster).nowhere(cluster.node("n2"), 1, 414) == [(387, 387)]


def test_the_name_of_a_closed_segment_proves_what_it_stored() -> None:
    """Nothing of 386–414 can be read on n2, but it ends at 414 in term 2, the term of its metadata: n1 has the same."""
    files = trimmed()
    zero(files, TWO_CLOSED, 0, len(files[TWO_CLOSED]))
    assert bounds(only(files)) == (414, 414)


def test_a_later_term_in_the_metadata_leaves_open_what_a_segment_held() -> None:
    """As before, but n2 has seen term 3: 386 to 414 may have been of a leader of that term, and n1's not committed."""
    files = trimmed()
    zero(files, TWO_CLOSED, 0, len(files[TWO_CLOSED]))
    files["n2/metadata1"], files["n2/metadata2"] = metadata(3, 0, 9), metadata(3, 0, 8)
    at_least, at_most = bounds(only(files))
    assert (at_least, at_most) == (384, None)


def test_entries_behind_a_stretch_that_cannot_be_counted_are_found_in_another_log() -> None:
    """A block of zeros at the end of 386's batch and the beginning of 387's (byte 41192): 388 to 414 follow on n1."""
    files = trimmed()
    zero(files, OPEN, 40960, 4096)
    cluster = only(files)
    assert bounds(cluster) == (414, 414)
    assert IntactCopies(cluster).of(cluster.node("n2"), cluster.node("n1"))[-1] == (388, 414)
    assert not cluster.divergences


def test_without_another_log_such_entries_have_no_index() -> None:
    """The same on n1 alone: how many entries the zeros held is not known."""
    files = trimmed(("n1",))
    zero(files, OPEN, 40960, 4096)
    cluster = only(files)
    assert IntactCopies(cluster).of(cluster.node("n1"), cluster.node("n1")) == [(1, 385)]


def test_a_voter_that_arrived_damaged_is_not_called_missing() -> None:
    """n1's open segment is bad from 386 to its end, in bytes of no batch: what it held is not known to its end."""
    files = trimmed(("n1", "n2", "n3"))
    data = files[OPEN]
    files[OPEN] = data[:16496] + bytes([0xA5]) * (601352 - 16496) + data[601352:]
    commit = only(files).commit
    assert commit is not None
    assert (commit.limit.reason, commit.limit.missing, commit.limit.unsure) == (LimitReason.NO_MAJORITY, 0, ("n1",))
    assert limit_words(commit.limit) == "after entry 414 there is no majority, even if n1 held more"


def test_the_entries_of_a_log_are_those_of_its_range() -> None:
    """n1's log, as loading could use it, is 385 to 414: what lies before the damage is of no use to it."""
    files = trimmed(("n1",))
    flip(files, ONE_CLOSED, (60000, 0), (60001, 3), (60002, 5))
    log = build_log(only(files).node("n1"))
    assert log is not None
    assert (log.first_index, log.last_index, log.entries) == (385, 414, 30)


def test_spans() -> None:
    """By hand."""
    assert joined([(5, 6), (1, 2), (3, 3), (8, 7)]) == [(1, 3), (5, 6)]
    assert missing((1, 10), [(2, 3), (5, 12)]) == [(1, 1), (4, 4)]
    assert missing((1, 10), []) == [(1, 10)]
    assert missing((4, 6), [(1, 9)]) == []
