"""Which node is repaired, and by what: only what is proved; else the reason why nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from forensics.case.answer import Course, DatabaseAnswer
from forensics.election.state import NodeState, Reason, State
from forensics.facts.cluster.build import told_by_names
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node
from forensics.facts.start.library_choice import choose_library
from forensics.facts.start.repair import Repair
from forensics.forecast.result import LibraryChoice, NodeForecast
from forensics.ingest.roles import RAFT_ROLES
from forensics.repair.configuration import only, told_id
from forensics.repair.contents import Contents, LeftOut, Span, contents_of
from forensics.repair.history import against, history_of, may_lack, stored
from forensics.repair.identity import identified, is_all
from forensics.repair.log import Wish, log_of
from forensics.repair.pieces import Piece, pieces_of
from forensics.repair.rebuild import rebuilt
from forensics.repair.term import NAMES, term_files


class Why(StrEnum):
    """Why a node is not repaired."""

    TWO_HISTORIES = "two-histories"
    CUT = "cut"  # files or contents did not arrive
    TORN = "torn"  # copied while the node was writing
    SAFE = "safe"
    PRODUCT = "product"  # sound, but the product ends its start at files that are none of dqlite's
    MAJORITY = "majority"  # others start without it
    OTHERS = "others"  # with others repaired, this one needs none
    NOT_REACHED = "not-reached"  # nothing leads to the entry that is asked for
    LACKS = "lacks"  # the cluster may have committed what is in no file that arrived
    NOT_KNOWN = "not-known"  # who it is: to be the only member it needs its ID and address
    NOT_PROVED = "not-proved"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a node is not repaired.

    Attributes:
        files: that it is about, by name.
        others: of MAJORITY, the nodes that are started first; of OTHERS, those that are repaired.
        last: of LACKS and NOT_REACHED, the last entry that can be had.
    """

    node: str
    why: Why
    files: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    last: int = 0


class Choices:
    """What is written for one cluster's nodes: what they hold is compared once, and asked for each."""

    def __init__(self, cluster: Cluster, answer: DatabaseAnswer) -> None:
        self._cluster = told_by_names(cluster)
        self._answer = answer
        self._pieces: dict[str, list[Piece]] = {}  # by the node whose history they are of

    @cached_property
    def _holders(self) -> LogHolders:
        return LogHolders(list(self._cluster.nodes))

    def of(self, name: str, wish: Wish) -> Contents | Refused:
        """What is written for the node of that name, or why nothing is."""
        node = self._cluster.node(name)
        made = self._of(node, wish)
        return made if isinstance(made, Refused) else identified(made, self._cluster, node)

    def _of(self, node: Node, wish: Wish) -> Contents | Refused:
        cluster, answer, name = self._cluster, self._answer, node.name
        wish = replace(wish, keep=cluster.node(wish.keep.name)) if wish.keep else wish
        refused = _refused(cluster, answer, node, wish)
        if refused is not None:
            return refused
        found = {repair.node: repair for repair in (*answer.repairs, *answer.later)}
        own = found.get(name)
        if own is None and found and not wish.forced:
            return Refused(name, Why.OTHERS, others=tuple(found))
        made = self._rebuilt(node, wish)
        if own is not None and not wish.forced and _reaches(own, made):
            return _in_place(self._cluster, node, own)
        return made

    def _rebuilt(self, node: Node, wish: Wish) -> Contents | Refused:
        cluster, holders = self._cluster, self._holders
        history = wish.keep or history_of(cluster, holders, self._answer)
        log = log_of(cluster, holders, history, self._pieces_of(history), node, wish)
        if wish.at is not None and log.last != wish.at:
            return Refused(node.name, Why.NOT_REACHED, last=log.last)
        if not wish.forced and may_lack(cluster, holders, history, log.last):
            return Refused(node.name, Why.LACKS, last=log.last)
        if wish.forced and only(cluster, node) is None:
            return Refused(node.name, Why.NOT_KNOWN)
        made = rebuilt(cluster, node, log, _library(node), wish)
        if made is None:
            return Refused(node.name, Why.NOT_PROVED)
        end = stored(cluster, holders, history)
        lost = (Span(log.last + 1, end),) if end > log.last else ()
        return replace(made, lost=lost, history=history.name, against=against(cluster, holders, history))

    def _pieces_of(self, history: Node) -> list[Piece]:
        if history.name not in self._pieces:
            self._pieces[history.name] = pieces_of(self._cluster, self._holders, history)
        return self._pieces[history.name]


def _in_place(cluster: Cluster, node: Node, repair: Repair) -> Contents:
    """Its own files, repaired; with metadata made anew where something is missing of it."""
    made, loaded = contents_of(node, repair), repair.after.said.loaded
    terms = [max(part.segment.terms) for part in loaded.log.parts if len(part.segment)] if loaded else []
    term = {file.name: file for file in term_files(cluster.nodes, node, terms)}
    files = {file.name: file for file in made.files if file.name not in NAMES} | term
    gone = [(name, LeftOut.MADE_ANEW) for name in NAMES if name in node.state.files and name not in files]
    out = [(name, why) for name, why in made.left_out if name not in NAMES]
    return replace(made, files=tuple(files[name] for name in sorted(files)), left_out=(*out, *gone))


def _reaches(repair: Repair, made: Contents | Refused) -> bool:
    """The node's own files, repaired in place, give as much as a directory put together anew."""
    loaded = repair.after.said.loaded
    if isinstance(made, Refused) or made.last is None:
        return True
    return loaded is not None and loaded.log.last >= made.last


def _library(node: Node) -> LibraryChoice:
    made = node.forecast
    return made.choice if isinstance(made, NodeForecast) else choose_library(node, {})


def _refused(cluster: Cluster, answer: DatabaseAnswer, node: Node, wish: Wish) -> Refused | None:
    name = node.name
    if wish.keep is None and _has_rivals(cluster):
        return Refused(name, Why.TWO_HISTORIES)
    cut = _cut(node)
    if cut or node.names_cut:
        return Refused(name, Why.CUT, cut)
    state = next((one for one in answer.states if one.node == name), None)
    if name in _torn(cluster) or (state is not None and state.reason is Reason.TORN_COPY):
        return Refused(name, Why.TORN)
    return _not_needed(cluster, answer, node, wish, state) if wish.at is None else None


def _not_needed(
    cluster: Cluster, answer: DatabaseAnswer, node: Node, wish: Wish, state: NodeState | None
) -> Refused | None:
    """It can be started as it is, or others go on without it."""
    name = node.name
    if state is not None and not wish.alone and wish.keep is None and _needs_nothing(state, answer):
        return _of_sound(cluster, node, wish)
    if name in answer.start and answer.course is not Course.REPAIR:
        return _of_sound(cluster, node, wish)
    returns = any(repair.node == name for repair in answer.later)
    if answer.course is not Course.REPAIR and answer.start and not returns:
        return Refused(name, Why.MAJORITY, others=answer.start)
    return None


def _of_sound(cluster: Cluster, node: Node, wish: Wish) -> Refused | None:
    """Nothing for a node whose data is well, unless its info.yaml or its like is missing."""
    if not node.unmet:
        return Refused(node.name, Why.SAFE)
    if wish.alone or not is_all(node.unmet):
        return Refused(node.name, Why.PRODUCT, tuple(dict.fromkeys(one.file for one in node.unmet)))
    return Refused(node.name, Why.NOT_KNOWN) if told_id(cluster, node) is None else None


def _needs_nothing(state: NodeState, answer: DatabaseAnswer) -> bool:
    """It is safe; not so one that drops entries where nobody can lead who has them, or before its own repair."""
    if state.node in answer.rebuilt or any(repair.node == state.node for repair in answer.repairs):
        return False
    drops = state.reason is Reason.DROPS_HELD_ELSEWHERE and not answer.start
    return state.state is State.SAFE and not drops


def _has_rivals(cluster: Cluster) -> bool:
    """Committed histories part, or entries differ and nothing shows which are right."""
    return any(cluster.histories()) or bool(cluster.disputed())


def _cut(node: Node) -> tuple[str, ...]:
    """Raft files whose content is not at hand, or not whole."""
    files: Iterable[tuple[str, bool]] = (
        (name, file.cut or file.blob is None) for name, file in node.state.files.items() if file.role in RAFT_ROLES
    )
    return tuple(sorted(name for name, missing in files if missing))


def _torn(cluster: Cluster) -> frozenset[str]:
    return frozenset(torn.node for torn in cluster.torn)
