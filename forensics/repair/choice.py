"""Which node is repaired, and by what: only what is proved; else the reason why nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from forensics.case.answer import Course, DatabaseAnswer
from forensics.election.state import Reason, State
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.ingest.roles import RAFT_ROLES
from forensics.repair.contents import Contents, contents_of


class Why(StrEnum):
    """Why a node is not repaired."""

    TWO_HISTORIES = "two-histories"
    CUT = "cut"  # files or contents did not arrive
    TORN = "torn"  # copied while the node was writing
    SAFE = "safe"
    MAJORITY = "majority"  # others start without it
    OTHERS = "others"  # with others repaired, this one needs none
    NOT_PROVED = "not-proved"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a node is not repaired.

    Attributes:
        files: that it is about, by name.
        others: of MAJORITY, the nodes that are started first; of OTHERS, those that are repaired.
    """

    node: str
    why: Why
    files: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def choose(cluster: Cluster, answer: DatabaseAnswer, node: Node) -> Contents | Refused:
    """The repair of one node that the answer counts on, or why there is none."""
    refused = _refused(cluster, answer, node)
    if refused is not None:
        return refused
    found = {repair.node: repair for repair in answer.repairs}
    if node.name in found:
        return contents_of(node, found[node.name])
    return Refused(node.name, Why.OTHERS if found else Why.NOT_PROVED, others=tuple(found))


def _refused(cluster: Cluster, answer: DatabaseAnswer, node: Node) -> Refused | None:
    name = node.name
    if answer.course is Course.CHOOSE:
        return Refused(name, Why.TWO_HISTORIES)
    cut = _cut(node)
    if cut or node.names_cut:
        return Refused(name, Why.CUT, cut)
    state = next((one for one in answer.states if one.node == name), None)
    if name in _torn(cluster) or (state is not None and state.reason is Reason.TORN_COPY):
        return Refused(name, Why.TORN)
    if state is not None and state.state is State.SAFE:
        return Refused(name, Why.SAFE)
    if answer.course is not Course.REPAIR and answer.start:
        return Refused(name, Why.MAJORITY, others=answer.start)
    return None


def _cut(node: Node) -> tuple[str, ...]:
    """Raft files whose content is not at hand, or not whole."""
    files: Iterable[tuple[str, bool]] = (
        (name, file.cut or file.blob is None) for name, file in node.state.files.items() if file.role in RAFT_ROLES
    )
    return tuple(sorted(name for name, missing in files if missing))


def _torn(cluster: Cluster) -> frozenset[str]:
    return frozenset(torn.node for torn in cluster.torn)
