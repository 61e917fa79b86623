"""What has to be taken for committed, when it is asked what a start may lose."""

from __future__ import annotations

from collections.abc import Container

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.commit import CommitIndex
from forensics.facts.cluster.forgotten_votes import ForgottenVotes
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.lost_logs import voters_without_log
from forensics.facts.cluster.unknown_voters import with_unknown_voters
from forensics.facts.node.node import Node


def committed_of(cluster: Cluster, forgotten: ForgottenVotes | None) -> tuple[int, Node | None]:
    """The highest index that has to be taken for committed, and a node whose history that is: not one that contradicts
    what provably is.

    That is what provably is committed. Where votes were forgotten, so were acknowledgements: all that the leader of
    that term wrote may be committed. Where a voter lost its log, so may be what the log holds that goes furthest;
    and where that log has a hole that nobody fills, no other node bounds it, for the voters may have changed there.
    """
    if forgotten is not None:
        return forgotten.last, cluster.node(forgotten.holder)
    if cluster.commit is None:
        return 0, None
    odd = cluster.contradicted()
    furthest = next((node for node in with_unknown_voters(cluster) if node.name not in odd), None)
    if furthest is not None:
        return furthest.last_index or 0, furthest
    proved = _proved(cluster, cluster.commit, odd)
    possible = _possible(cluster, cluster.commit, odd) if voters_without_log(cluster) else None
    return possible if possible is not None and possible[0] > proved[0] else proved


def _proved(cluster: Cluster, commit: CommitIndex, odd: Container[str]) -> tuple[int, Node | None]:
    """Of several, the one that has most of its history: with it all others can be compared."""
    proofs = commit.proofs
    read = {name: cluster.node(name).log.count() for name in proofs}
    name = min(proofs, key=lambda one: (one in odd, -proofs[one].index, -read[one], one), default=None)
    return (proofs[name].index, cluster.node(name)) if name is not None else (0, None)


def _possible(cluster: Cluster, commit: CommitIndex, odd: Container[str]) -> tuple[int, Node] | None:
    logs = [node for node in cluster.originals() if node.last_index is not None and node.name not in odd]
    holder = max(logs, key=log_position, default=None)
    if holder is None or holder.last_index is None:
        return None
    limit = commit.at_most
    return (holder.last_index if limit is None else min(holder.last_index, limit)), holder
