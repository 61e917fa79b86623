"""What is committed: no node stores it, so it is proved from what several hold.

Source: docs/reference/raft.md#the-commit-index.

Everything is said of one node's own history: the highest index up to which *its* entries provably are committed. Where
two histories part, each has its own; two proofs on both sides of a divergence are a split brain. Both bounds are
those of the directories as they are: what was copied while the cluster ran is judged as if it had stopped then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from forensics.facts.cluster.commit_proof import Ground, Limit, LimitReason, Never, Proof, Undecided
from forensics.facts.cluster.log_holders import LogHolders, Reign
from forensics.facts.log.transactions import last_followed
from forensics.facts.node.node import Node


@dataclass(frozen=True, slots=True)
class Missing:
    """Committed entries that a majority cannot hold.

    Attributes:
        proof: that they are committed.
        holders, behind: voters whose directories are in the input and that hold them, or do not, by name.
        voters: how many there were when they were committed.
    """

    proof: Proof
    holders: tuple[str, ...]
    behind: tuple[str, ...]
    voters: int


@dataclass(frozen=True, slots=True)
class CommitIndex:
    """The cluster's commit index, as an interval.

    Attributes:
        at_least: everything up to here provably is committed.
        at_most: nothing behind here can be; None where voters that are absent or damaged could have committed more.
        proof, limit: why so, of either bound.
        proofs: the best proof of each node's own history, by name; nodes with none are left out.
        never: by name, what of a node's history provably never was committed; nodes without are left out.
        undecided: what lies between, and who would tell; None where nothing does.
        missing: where a majority lost what is committed.
    """

    at_least: int
    at_most: int | None
    proof: Proof
    limit: Limit
    proofs: dict[str, Proof]
    never: dict[str, Never] = field(default_factory=dict)
    undecided: Undecided | None = None
    missing: Missing | None = None


def commit_index(nodes: list[Node], misplaced: Sequence[Node] = ()) -> CommitIndex | None:
    """The bounds of a cluster. None where no log and no snapshot is at hand.

    Args:
        nodes: one directory a server: copies and older states of the same server left out.
        misplaced: those of other servers, whose entries do not have their indexes: what they held is not known.
    """
    view = LogHolders(nodes, misplaced)
    proofs = {node.name: best for node in nodes if (best := max(_proofs(view, node), key=_strength, default=None))}
    if not proofs:
        return None
    _share(proofs, view)
    node = min((node for node in nodes if node.name in proofs), key=lambda one: (-proofs[one.name].index, one.name))
    best = proofs[node.name]
    missing = _missing(view, node, best)
    if missing is not None:
        view.lost(missing.behind)
    limit = _limit(view, node, proofs)
    return CommitIndex(
        best.index,
        limit.index,
        best,
        limit,
        proofs,
        {one.name: never for one in nodes if (never := _never(view, one, proofs.get(one.name)))},
        _undecided(view, node, best.index, limit.index),
        missing,
    )


def common_history(node: Node, other: Node) -> int:
    """The last index up to which `other` holds the history of `node`: its log is equal, or a snapshot covers it."""
    return LogHolders([node, other]).agrees_to(node, other)


def _strength(proof: Proof) -> int:
    return proof.index


def _share(proofs: dict[str, Proof], view: LogHolders) -> None:
    """What is committed in one history is so in every other, as far as the two are equal."""
    own = dict(proofs)
    for node in view.nodes:
        for other in view.nodes:
            if other.name in own:
                proof = own[other.name]
                index = min(proof.index, view.agrees_to(other, node))
                if index > (proofs[node.name].index if node.name in proofs else 0):
                    proofs[node.name] = replace(proof, index=index, seen_on=other.name)


def _proofs(view: LogHolders, node: Node) -> Iterator[Proof]:
    """Every reason to call entries of this node's history committed."""
    if view.arrays[node.name].key(1) is not None:
        yield Proof(1, Ground.BOOTSTRAP, 1)
    yield from _of_snapshots(view, node)
    yield from _of_changes(view, node)
    yield from _of_transactions(view, node)
    for reign in view.reigns(node):
        yield from _of_sole_voter(view, node, reign)
        yield from _of_majority(view, node, reign)


def _of_snapshots(view: LogHolders, node: Node) -> Iterator[Proof]:
    """A snapshot covers applied entries only. Another node's counts where it is of this history."""
    for other in view.nodes:
        for snapshot in other.snapshots:
            if not snapshot.paired or snapshot.sound is False:
                continue
            index = snapshot.name.index
            shared = view.term_at(node, index) == snapshot.name.term and view.agrees_to(node, other) >= index
            if other is node or shared:
                file = snapshot.data_file or snapshot.meta_file
                yield Proof(index, Ground.SNAPSHOT, index, (file.at,) if file else (), (other.name,))


def _of_changes(view: LogHolders, node: Node) -> Iterator[Proof]:
    """A leader proposes a change only when it knows the one before to be committed; a forced one asks nobody."""
    events = [reign.event for reign in view.reigns(node) if reign.event.term is not None]
    for before, after in pairwise(events):
        if not after.forced:
            at = (before.at, after.at)
            yield Proof(before.index, Ground.LATER_CHANGE, before.index, at, later=after.index)


def _of_transactions(view: LogHolders, node: Node) -> Iterator[Proof]:
    """A leader's transactions follow each other; said only where voters forgot its term's entries.

    Elsewhere the voters' last entries tell what is committed. Where they were copied one after another while the
    cluster ran, a leader's last ones lie on no other copy, and nobody lost them.
    """
    term, reigns = view.last_term(node), view.reigns(node)
    if not reigns or not view.forgot(node, reigns[-1], term):
        return
    found = last_followed(node, term)
    if found is not None:
        yield Proof(found.index, Ground.LATER_TRANSACTION, found.index, found.at, (node.name,), term, later=found.later)


def _of_sole_voter(view: LogHolders, node: Node, reign: Reign) -> Iterator[Proof]:
    """What a sole voter has stored is committed, until a configuration gives it a second voter."""
    voters, start = reign.voters, reign.event.index
    until = min(reign.clip(view.last(node)), view.certain_to(node, reign))
    if len(voters) == 1 and voters[0].id == node.id and until >= start:
        yield Proof(until, Ground.SOLE_VOTER, start, nodes=(node.name,))


def _of_majority(view: LogHolders, node: Node, reign: Reign) -> Iterator[Proof]:
    """The current-term rule, for the entries of one configuration."""
    here, start = view.here(reign), reign.event.index
    if len(here) < reign.needed or not reign.voters:
        return
    reach = sorted((view.agrees_to(node, other) for other in here), reverse=True)
    index = min(reign.clip(reach[reign.needed - 1]), view.certain_to(node, reign))
    while index >= start and (term := view.term_at(node, index)) is not None:
        holders = [other for other in here if view.agrees_to(node, other) >= index]
        proof = _by_holders(view, reign, index, term, holders)
        if proof is not None:
            yield proof
            return
        index = view.term_start(node, index) - 1


def _by_holders(view: LogHolders, reign: Reign, index: int, term: int, holders: list[Node]) -> Proof | None:
    """An entry on a majority is committed where no later term can have replaced it."""
    then = [other for other in holders if other.metadata and other.metadata.term == term]
    if len(then) >= reign.needed:
        holders, ground = then, Ground.MAJORITY_NO_LATER_TERM_SEEN
    elif reign.last is None and view.no_later_term(reign, term):
        ground = Ground.MAJORITY_NO_LATER_TERM_HELD
    else:
        return None
    names = tuple(other.name for other in holders)
    return Proof(index, ground, index, nodes=names, term=term, voters=len(reign.voters))


def _never(view: LogHolders, node: Node, proof: Proof | None) -> Never | None:
    """Entries that a later leader did not have, and none after it can have had; nothing is said against a proof."""
    found = view.replaced_from(node)
    if found is None or (proof is not None and proof.index >= found[0]):
        return None
    index, term, other = found
    if view.extended(node, index, term) or _may_go_on(view, node, view.reigns(node)[-1]):
        return None
    return Never(index, other.name, term)


def _limit(view: LogHolders, best: Node, proofs: dict[str, Proof]) -> Limit:
    """The highest index that could be committed in any of the histories, and why no higher."""
    known = [node for node in view.nodes if view.reigns(node) and not _refuted(view, node, best, proofs)]
    if not known:
        return Limit(None, LimitReason.NO_CONFIGURATION)
    known.sort(key=lambda one: (one is not best, one.name))
    highest = _highest(_upper(view, node) for node in known)
    proved = proofs[best.name].index
    if highest.index is not None and highest.index < proved:
        return Limit(proved, LimitReason.NOTHING_BEYOND)
    return highest


def _highest(limits: Iterable[Limit]) -> Limit:
    """The first of the highest; one without a bound is higher than all."""
    highest = Limit(0, LimitReason.NOTHING_BEYOND)
    for limit in limits:
        if limit.index is None:
            return limit
        if limit.index > (highest.index or 0):
            highest = limit
    return highest


def _refuted(view: LogHolders, node: Node, best: Node, proofs: dict[str, Proof]) -> bool:
    """Its entries contradict, within a term, what provably is committed elsewhere: not what raft wrote."""
    difference = view.difference(node, best)
    if difference is None or not view.contradicts(node, best):
        return False
    own = proofs[node.name].index if node.name in proofs else 0
    return own < difference.first <= proofs[best.name].index


def _upper(view: LogHolders, node: Node) -> Limit:
    """The highest index that could be committed in this history: by the configuration in force at each index."""
    highest = _highest(_upper_of(view, node, reign) for reign in view.reigns(node))
    if highest.index is None:
        return highest
    replaced = view.replaced_from(node)
    if replaced is not None and replaced[0] <= highest.index:
        index, term, other = replaced
        return Limit(index - 1, LimitReason.REPLACED, node=other.name, term=term)
    return highest


def _upper_of(view: LogHolders, node: Node, reign: Reign) -> Limit:
    """As decided by the voters of one configuration, which had no say behind the last index of its own."""
    voters, needed = len(reign.voters), reign.needed
    if not voters:
        return Limit(reign.last, LimitReason.NO_CONFIGURATION)
    whole = view.whole(node, reign)
    absent = voters - len(whole)
    unsure = (*(other.name for other in view.here(reign) if other not in whole), *view.unasked(reign))
    if reign.last is None and absent < needed and _may_go_on(view, node, reign):
        return Limit(None, LimitReason.MAY_GO_ON, absent, voters, unsure=unsure)
    if absent >= needed:
        return Limit(reign.last, LimitReason.MAJORITY_ABSENT, absent, voters, unsure=unsure)
    if view.certain_to(node, reign) < reign.clip(view.last(node)):
        return Limit(reign.last, LimitReason.NO_CONFIGURATION)
    if absent and reign.last is None:  # an absent leader's next change, without one of these, needs no more than that
        needed = (voters - 1) // 2 + 1
    index = sorted((view.agrees_to(node, other) for other in whole), reverse=True)[needed - absent - 1]
    reason = LimitReason.NO_MAJORITY if absent else LimitReason.TOO_FEW_HOLD
    return Limit(reign.clip(index), reason, absent, voters, needed, index, unsure=unsure)


def _may_go_on(view: LogHolders, node: Node, reign: Reign) -> bool:
    """The voters that are not at hand whole may have committed more without the others: they are a majority, or half.

    Half of an even number is enough after the next change: of two voters, a leader removes the other one by itself,
    for the configuration without it is in force at once.
    """
    absent = len(reign.voters) - len(view.whole(node, reign))
    return 2 * absent >= len(reign.voters)


def _missing(view: LogHolders, node: Node, proof: Proof) -> Missing | None:
    """Whether no configuration that could have committed the entries has a majority that still holds them.

    A sole voter's directory is the majority. The configuration in force at the index committed them, or a later one
    did with entries of its own.
    """
    found = None
    for reign in view.reigns(node):
        if reign.last is not None and reign.last < proof.index:
            continue
        here = view.whole(node, reign)
        behind = tuple(other.name for other in here if view.agrees_to(node, other) < proof.index)
        if not reign.voters or len(reign.voters) - len(behind) >= reign.needed:
            return None
        holders = tuple(other.name for other in view.here(reign) if other.name not in behind)
        found = found or Missing(proof, holders, behind, len(reign.voters))
    return found


def _undecided(view: LogHolders, node: Node, at_least: int, at_most: int | None) -> Undecided | None:
    """What the absent voters could change."""
    reigns = view.reigns(node)
    if not reigns or at_most == at_least:
        return None
    whole = {other.name for other in view.whole(node, reigns[-1])}
    absent = [
        voter.address
        for voter in reigns[-1].voters
        if voter.id not in view.by_id or view.by_id[voter.id].name not in whole
    ]
    return Undecided(at_least + 1, at_most, tuple(absent))
