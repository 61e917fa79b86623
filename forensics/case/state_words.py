"""What is said of a node: will it start, and why."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.case.mending import unmet_words
from forensics.election.state import NOT_AS_IT_IS, NodeState, Reason, State
from forensics.wording import entries, listed, verb

_STATES = {  # said of one node and of several
    State.SAFE: "safe to start",
    State.REFUSES: "will not start",
    State.LOSES: "will start, but can lose what is committed",
    State.SPLITS: "will start, but split the cluster",
    State.UNKNOWN: "cannot be told",
}
_SAFE_BESIDE = {
    Reason.LOST_METADATA: "safe to start after the others",
    Reason.DROPS_HELD_ELSEWHERE: "safe to start beside others",
    Reason.NO_METADATA_IN_MAJORITY: "safe to start only together with others",
}
_NOT_AS_IT_IS = {
    Reason.OUTSIDE: "leave it stopped",
    Reason.REPLACED: "leave it stopped",
    Reason.FINDS_NOBODY: "will start, but never be ready",
    Reason.NO_ADDRESS: "will start, but never be ready",
    Reason.OTHER_ADDRESS: "will start, but the others do not reach it",
}


def state_words(one: NodeState, along: Sequence[str] = ()) -> str:
    """Will it start, and why; `along` as in start_words."""
    return f"{start_words(one.state, one.reason, along, one.twins)}: {why_words(one)}"


def start_words(state: State, reason: Reason, along: Sequence[str] = (), twins: Sequence[str] = ()) -> str:
    """Will it start, in a few words.

    Args:
        state: of the node.
        reason: for that state.
        along: databases that its service starts, too, and that then do harm.
        twins: other directories with its raft ID.
    """
    if state is State.SAFE and along:
        return f"safe by itself, but its service also starts {listed(along)}, which {verb(len(along), 'is', 'are')} not"
    if reason in NOT_AS_IT_IS:
        return _NOT_AS_IT_IS[reason]
    words = _SAFE_BESIDE.get(reason, _STATES[state]) if state is State.SAFE else _STATES[state]
    return f"{words}, but never both it and {listed(twins)}" if state is State.SAFE and twins else words


def why_words(one: NodeState) -> str:
    """Why a node has its state, in one clause."""
    span = entries(one.first_index, one.last_index)
    others = listed(one.others)
    unmet = unmet_words(one.precondition) if one.precondition else ""
    keep, count = verb(len(one.others), "keeps", "keep"), verb(len(one.others), "counts", "count")
    company = f"with {others} it" if others else "it alone"
    itself = one.leader in (one.node, None)
    can, lacks = (
        (f"{company} can be elected", "and lacks")
        if itself
        else (f"its vote can make {one.leader} leader", "which lacks")
    )
    why = _WHY[one.reason].format(span=span, others=others, keep=keep, count=count, can=can, lacks=lacks, unmet=unmet)
    return f"{why}; its first start fails, and the next one goes on" if one.fails_once else why


_WHY = {
    Reason.WHOLE: "no entry is dropped",
    Reason.DROPS_HELD_ELSEWHERE: "it drops {span}, which {others} {keep}",
    Reason.DROPS_UNCOMMITTED: "it drops {span}, which cannot have been committed",
    Reason.BEHIND: "it lacks {span}, and cannot be elected leader until it has caught up",
    Reason.OUTSIDE: "it is no member of the newest configuration, and nobody sends it entries",
    Reason.REPLACED: "it is no member of the newest configuration, and what the others send to the member that now has "
    "its address reaches it instead",
    Reason.FINDS_NOBODY: "its cluster.yaml has no address at which to ask for the leader",
    Reason.NO_ADDRESS: "its info.yaml has no address, and the other members do not reach it",
    Reason.OTHER_ADDRESS: "the members know it at another address than its own",
    Reason.NO_LOG: "it has no log, and nothing to lose",
    Reason.DQLITE_REFUSES: "dqlite cannot use its files as they are",
    Reason.PRODUCT_FORCES: "its product makes it the only member at its next start, as update.yaml says",
    Reason.PRODUCT_REPLACES: "its product puts a recovery tarball in the place of its database at its next start",
    Reason.PRODUCT_REFUSES: "its product stops before dqlite starts: {unmet}",
    Reason.DROPS_COMMITTED: "it drops the committed {span}",
    Reason.ELECTED_WITHOUT: "{can}, {lacks} the committed {span}: start it only as the first steps say",
    Reason.FORGOT_VOTE: "it, or another node, has forgotten its vote in the newest term: {can} without "
    "{span}, which may be committed",
    Reason.FORGOT_LOG: "a voter has lost its log: {can} without {span}, which may be committed",
    Reason.UNKNOWN_VOTERS: "{can} without {span}, which may be committed: who the voters were then "
    "is lost with the entries before them",
    Reason.RENUMBERS: "it gives entries other indexes than they had, and its data drifts away from the others",
    Reason.CONTRADICTS: "its log contradicts the committed {span}",
    Reason.SECOND_LEADER: "{can}, a second leader without the committed {span}: do not start it",
    Reason.OTHER_HISTORY: "it and {others} hold different committed entries",
    Reason.OTHER_CLUSTER: "it is of another cluster than {others}, which {count} its address as a member: keep it "
    "stopped",
    Reason.BOOTSTRAPS: "it would found the cluster again",
    Reason.LOST_METADATA: "it has lost its term and its vote: start it only once the others have a leader",
    Reason.NO_METADATA_IN_MAJORITY: "it has lost its term and its vote, and the others have no safe majority without "
    "it; the first steps say whom to start it with",
    Reason.NO_IDENTITY: "its info.yaml cannot be used, and whether it takes part then is not known",
    Reason.NOT_SIMULATED: "what arrived of it does not suffice",
    Reason.DEPENDS_ON_MEMORY: "a file claims more than it holds, and what dqlite does then depends on its memory",
    Reason.TORN_COPY: "it was copied while the node was writing: the copy is not one consistent state",
    Reason.MAY_HOLD_COMMITTED: "it drops {span}, and this upload does not tell whether that is committed",
    Reason.NO_CONFIGURATION: "nothing tells who the voters are",
    Reason.THREE_HISTORIES: "three logs part from each other, and two leaders in turn could lose what one cannot",
    Reason.TOO_MANY_VOTERS: "there are too many voters to look at every election",
}
