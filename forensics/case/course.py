"""What one database needs: from the states of its nodes, and the plan where a node has to be recovered from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from forensics.case.answer import Course, DatabaseAnswer, Lost, Need
from forensics.case.mending import mended
from forensics.case.rebuilt import First, behind, first_with
from forensics.case.repairs import repaired, repaired_later, with_repairs
from forensics.election.state import UNSEARCHED, NodeState, Reason, State
from forensics.election.together import ClusterStates
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.emptied import emptied
from forensics.facts.cluster.intact_copies import IntactCopies
from forensics.facts.cluster.lag import full_disks
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.forecast.result import NodeForecast
from forensics.plan.plan import Plan

_NEEDS = {
    Course.NOTHING: Need.NOT_NEEDED,
    Course.REJOIN: Need.NOT_NEEDED,
    Course.MEND: Need.NOT_NEEDED,
    Course.REPAIR: Need.NOT_NEEDED,
    Course.RECOVER: Need.NEEDED,
    Course.CHOOSE: Need.CANNOT_BE_TOLD,
    Course.ASK: Need.CANNOT_BE_TOLD,
    Course.DEAD_END: Need.CANNOT_BE_TOLD,
}


def database_answer(
    cluster: Cluster, states: ClusterStates, plan: Plan | None, rebuilt: tuple[str, ...] = ()
) -> DatabaseAnswer:
    """Everything that is decided of one database.

    Args:
        cluster: the database.
        states: what starting its nodes comes to.
        plan: how one would be recovered from; None where no log is at hand.
        rebuilt: nodes for whom a directory can be put together that holds everything.
    """
    course = _course(cluster, states, plan)
    stuck = course in (Course.RECOVER, Course.DEAD_END) or (course is Course.CHOOSE and states.is_open)
    after, repairs = (repaired(cluster) if stuck and not rebuilt else None) or (states, ())
    mended_first = {one.node for one in repairs}
    harmful = [name for name in states.named(State.REFUSES, State.LOSES) if name not in mended_first]
    later = repaired_later(with_repairs(cluster, repairs), after, harmful)
    first = first_with(rebuilt, states, *_voters(cluster)) if stuck else First()
    start, follow = _order(first, states, after, {one.node for one in later})
    course = Course.REPAIR if repairs or first.start else course
    node = plan.node if plan and course is Course.RECOVER else None
    return DatabaseAnswer(
        cluster.product.database,
        cluster.name,
        states.states,
        course,
        node,
        _NEEDS[course],
        states.together,
        _lost(cluster, states, course, node),
        tuple(server.address for server in cluster.awaited()),
        start,
        follow,
        plan,
        _alone(cluster, plan),
        states.elections,
        states.mendable,
        mended(cluster),
        repairs,
        later,
        *_voters(cluster),
        states.committed,
        frozenset(full_disks(cluster)),
        emptied(cluster),
        rebuilt=first.rebuilt,
        copies=frozenset(node.name for node in cluster.nodes) - {node.name for node in cluster.originals()},
    )


def _order(
    first: First, states: ClusterStates, after: ClusterStates, returning: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is started first, and who follows: with new directories, or with files repaired where they lie."""
    if first.start:
        return first.start, behind(states, first.start)
    return tuple(name for name in after.together_once_mended if name not in returning), after.follow


def _voters(cluster: Cluster) -> tuple[int, frozenset[str]]:
    """How many vote, and whose directories are at hand."""
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    return len(voters), frozenset(node.name for node in cluster.originals() if node.id in voters)


def _course(cluster: Cluster, states: ClusterStates, plan: Plan | None) -> Course:
    if any(cluster.histories()) or cluster.disputed():
        return Course.CHOOSE
    if states.together_once_mended:
        return _with_a_leader(states)
    if plan is None:
        return Course.ASK
    if states.is_open and not cluster.awaited():
        return Course.CHOOSE
    if _alone(cluster, plan) is None and _others_may_decide(cluster, states):
        return Course.ASK
    best = plan.ranking[0]
    if best.obstacle is None or plan.situation.proposal is not None:
        return Course.RECOVER
    return Course.DEAD_END


def _with_a_leader(states: ClusterStates) -> Course:
    """Where safe nodes elect a leader that holds everything."""
    away = set(states.named(State.REFUSES, State.LOSES, State.SPLITS))
    away |= {one.node for one in states.states if one.reason is Reason.DEPENDS_ON_MEMORY}
    away |= {one.node for one in states.states if one.reason in UNSEARCHED} - set(states.first)
    if states.mendable and away == set(states.mendable):
        return Course.MEND
    return Course.REJOIN if away else Course.NOTHING


def _alone(cluster: Cluster, plan: Plan | None) -> str | None:
    """The only voter of the newest configuration, where no other node got further: there is no other to turn to.

    A newer configuration that did not arrive may have more.
    """
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    if len(voters) != 1 or plan is None or cluster.configuration_may_be_older:
        return None
    node = cluster.node(plan.node)
    return node.name if node.id in voters or (node.id is None and len(cluster.originals()) == 1) else None


def _others_may_decide(cluster: Cluster, states: ClusterStates) -> bool:
    """Members whose state cannot be told, or that sent nothing, may make a majority with the safe ones.

    Of too many voters all that arrived is known: to send it again tells nothing.
    """
    change = cluster.configuration
    if change is None:
        return True
    voters = {voter.id for voter in change.configuration.voters()}
    out = set(states.named(State.REFUSES, State.LOSES, State.SPLITS)) - set(states.mendable)
    lost = {one.server.id for one in cluster.lost if one.server} & voters
    gone = {node.id for node in cluster.originals() if node.name in out and node.id in voters} | lost
    seen = {node.id for node in cluster.originals() if node.id in voters} | lost
    unknown = [one for one in states.states if one.state is State.UNKNOWN and one.reason is not Reason.TOO_MANY_VOTERS]
    undecided = seen != voters or bool(unknown)
    return undecided and len(voters) - len(gone) > len(voters) // 2


def _lost(cluster: Cluster, states: ClusterStates, course: Course, keep: str | None) -> tuple[Lost, ...]:
    """Committed entries that a start drops, or that the node to recover from does not have."""
    found = [lost for one in states.states for lost in _of_state(cluster, states, one)]
    if course is Course.RECOVER and keep is not None:
        holds = states.holds.get(keep)
        if holds is not None and holds < states.committed:
            found += _range(cluster, states, keep, holds + 1, states.committed)
    told = _together(found)
    return tuple(replace(one, wrote=_wrote(cluster, one)) for one in told)


def _together(found: Iterable[Lost]) -> Iterator[Lost]:
    """The same entries are told once, with all the nodes whose start puts them at risk, and whoever else has them."""
    groups: dict[tuple[int | None, int | None, bool, tuple[str, ...]], list[Lost]] = {}
    for one in found:
        groups.setdefault((one.first_index, one.last_index, one.certain, one.nodes if one.rival else ()), []).append(
            one
        )
    for same in groups.values():
        nodes = tuple(dict.fromkeys(name for one in same for name in one.nodes))
        every = {name for one in same for name in one.also_on}
        yield replace(same[0], nodes=nodes, also_on=tuple(sorted(every - set(nodes) or every)))


def _wrote(cluster: Cluster, lost: Lost) -> RangeWrites | None:
    """By whoever has them; None where that cannot be told."""
    if lost.first_index is None:
        return None
    holder = cluster.node((*lost.also_on, *lost.nodes)[0])
    found = range_writes(holder, lost.first_index, lost.last_index)
    return found if found.not_told is None else None


def _of_state(cluster: Cluster, states: ClusterStates, one: NodeState) -> Iterator[Lost]:
    if one.state not in (State.LOSES, State.UNKNOWN, State.SPLITS) or one.first_index is None:
        return
    if one.reason in (Reason.CONTRADICTS, Reason.RENUMBERS) and states.keeper not in (None, one.node):
        yield _own(cluster, states, one.node, one.first_index, one.last_index, history=states.keeper)
        return
    if one.reason is Reason.OTHER_HISTORY:
        yield replace(_own(cluster, states, one.node, one.first_index, one.last_index), rival=True)
    else:
        yield from _range(cluster, states, one.node, one.first_index, one.last_index)


def _range(cluster: Cluster, states: ClusterStates, node: str, first: int, last: int | None) -> Iterator[Lost]:
    """Entries of the committed history, which the node may never have had: in parts, where others have only some."""
    own = _own(cluster, states, node, first, last)
    end = max(states.committed, first) if last is None else last
    also = tuple(name for name, holds in states.holds.items() if name != node and holds >= end)
    if own.also_on:
        yield own
    elif also or last is None:
        yield replace(own, also_on=also, certain=own.certain and not also)
    else:
        keeper = states.keeper if states.keeper and last <= states.committed else node
        for part in IntactCopies(cluster).parts(cluster.node(keeper), first, last):
            yield _own(cluster, states, node, *part, history=keeper)


def _own(
    cluster: Cluster, states: ClusterStates, node: str, first: int, last: int | None, history: str | None = None
) -> Lost:
    """Entries as the node itself has them, or another in whose history they are."""
    end = max(states.committed, first) if last is None else last
    copies = IntactCopies(cluster).on(cluster.node(history or node), first, end)
    also = tuple(copy.node for copy in copies if copy.node != node)
    certain = not also and not cluster.awaited() and not isinstance(cluster.node(node).forecast, NodeForecast)
    return Lost(cluster.product.database, (node,), first, last, also, certain)
