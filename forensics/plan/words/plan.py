"""Which node, why, what starting the members does, and what a choice costs."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.log.words import writes_words
from forensics.forecast.words import clause, renumbered_words
from forensics.plan.documented_choice import ChoiceSource
from forensics.plan.loss import Loss
from forensics.plan.plan import Plan
from forensics.plan.ranking import Obstacle, ObstacleKind
from forensics.plan.start import Start, StartAdvice
from forensics.wording import are, count, entries, listed, utc_time, verb

_KEYS_SHOWN = 5
_SOURCES = {
    ChoiceSource.CANONICAL_KUBERNETES_PAGE: "Canonical Kubernetes' page (restore-quorum)",
    ChoiceSource.MICROCLOUD_PAGE: "MicroCloud's page (recover)",
    ChoiceSource.LXD_COMMAND: "`lxd cluster edit` (`Latest dqlite segment ID`)",
    ChoiceSource.INCUS_COMMAND: "`incus admin cluster edit` (`Latest cowsql segment ID`)",
    ChoiceSource.OTHER_PRODUCTS: "the rule of Canonical Kubernetes' and MicroCloud's pages",
}


def why_words(plan: Plan) -> str:
    """Why this node, and what stands against it."""
    obstacle = plan.ranking[0].obstacle
    return f"{reach_words(plan)}; but {obstacle_words(obstacle)}" if obstacle else reach_words(plan)


def reach_words(plan: Plan) -> str:
    """How far the best candidates got, and the next one."""
    best = plan.ranking[0]
    equals = [candidate.node for candidate in plan.ranking if candidate.rank == 1]
    end = _end(best.last_term, best.last_index)
    if len(plan.ranking) == 1:
        words = f"{best.node} is the only node with a log at hand; it ends at {end}"
    elif len(equals) > 1:
        both = "both" if len(equals) == 2 else "all"
        words = f"{listed(sorted(equals), limit=None)} {both} end at {end}; {best.node} is {_why_first(plan)}"
    else:
        second = plan.ranking[1]
        words = f"{best.node} ends at {end}; the next one, {second.node}, at "
        words += _end(second.last_term, second.last_index)
    if plan.names_only:
        words += "; this is known from file names alone"
    if plan.ends_forced:
        words += "; its last entry is a forced configuration, which carries term 1 whatever the term is"
    return words


def _why_first(plan: Plan) -> str:
    """Of equal candidates."""
    best = plan.ranking[0]
    before = [one for one in plan.ranking if one.rank == 1 and one.node < best.node]
    if not before:
        return "the first by name"
    if best.product_starts and not any(one.product_starts for one in before):
        return "the first whose product starts as it is"
    return "best for the other database, too"


def _end(term: int | None, index: int | None) -> str:
    """`term 2, index 414`; of a listing the term is not known, and of open segments alone not even the index."""
    if index is None:
        return "an index that no file name tells"
    return f"index {index} (its term is not known)" if term is None else f"term {term}, index {index}"


def obstacle_words(obstacle: Obstacle, node: str | None = None) -> str:
    """Why a node cannot be recovered from as it is, as a clause: about `it`, where it was named before."""
    it = node or "it"
    if obstacle.kind is ObstacleKind.CONTRADICTS_COMMITTED:
        return f"{it} contradicts committed entries from entry {obstacle.index} on"
    if obstacle.kind is ObstacleKind.NOT_A_MEMBER:
        return f"{it} is not a member of the newest configuration"
    if obstacle.kind is ObstacleKind.NO_RAFT_FILES or obstacle.start is None:
        return f"the raft files of {node} did not arrive" if node else "its raft files did not arrive"
    said = obstacle.start.forecast
    return "; ".join((f"{it} {clause(said)}", *map(renumbered_words, said.renumbered)))


def start_words(start: Start) -> str:
    """What comes of starting the members; empty where they could not elect the right leader."""
    if start.advice is StartAdvice.UNSAFE and start.lost is not None:
        return (
            f"Do not simply start the members: {listed(start.unsafe)} can be elected leader, and would drop "
            f"{entries(*start.lost)}, which must be taken for committed."
        )
    if start.advice is not StartAdvice.SAFE:
        return ""
    mend = f" First mend what keeps {listed(start.mend)} from starting." if start.mend else ""
    then = ""
    if start.follow:
        first = listed(start.first, limit=None)
        then = (
            f" Start {first} first, and {listed(start.follow)} once they have a leader and hold the same, not before."
        )
    never = (
        f" Never start {listed(start.never)} with {verb(len(start.never), 'its', 'their')} old data."
        if start.never
        else ""
    )
    return (
        f"Nothing has to be recovered, and nothing forced: {start.here} of {count(start.voters, 'voter')} "
        f"{are(start.here)} at hand, and by {verb(len(start.electable), 'its log', 'their logs')} "
        f"{listed(start.electable)} can be elected leader.{mend}{then}{never}"
    )


def source_words(source: ChoiceSource) -> str:
    """Who picks a node by the highest end of a closed segment's name."""
    return _SOURCES[source]


@dataclass(frozen=True, slots=True)
class LossWords:
    """What recovering from one node gives up of what another one holds.

    Attributes:
        amount: how much, and whether it is committed: `40 entries (86 to 125), committed`, or `nothing`.
        wrote: what they changed, where that was looked at.
        where: where they still lie, if that is not just on the other node; empty where it is.
    """

    amount: str
    wrote: str | None = None
    where: str = ""

    @property
    def whole(self) -> str:
        """All of it."""
        amount = f"{self.amount}; {self.where}" if self.where else self.amount
        return amount if self.wrote is None else f"{amount}: {self.wrote}"


def loss_words(loss: Loss) -> LossWords:
    """See LossWords."""
    if not loss.given_up:
        return LossWords("nothing" if loss.compared else "nothing, by file names: the content was not compared")
    which = listed(f"{first}" if first == last else f"{first} to {last}" for first, last in loss.given_up)
    amount = f"{count(loss.entries, 'entry')} ({which})"
    if loss.at_most:
        amount = f"at most {amount}, fewer where files hold some whose content did not arrive"
    if not loss.compared:
        return LossWords(f"{amount}, by file names: the content was not compared")
    words = f"{amount}, {_committed(loss, loss.entries)}{_written(loss)}"
    return LossWords(words, writes_words(loss.wrote, _KEYS_SHOWN), _where(loss))


def _where(loss: Loss) -> str:
    if loss.nowhere:
        gone = listed(entries(*span) for span in loss.nowhere)
        return f"{gone} can be read on no node that arrived"
    past = [copy.node for copy in loss.intact_on if copy.past_damage]
    if loss.node in past:
        return "its start drops them, and they can still be read on it, past the damage"
    return f"{listed(past)} still {verb(len(past), 'has', 'have')} them all, past the damage" if past else ""


def _committed(loss: Loss, number: int) -> str:
    if loss.committed is None:
        return "not proved committed" if number == 1 else "none of them proved committed"
    return "committed" if loss.committed == loss.last else f"committed up to {loss.committed}"


def _written(loss: Loss) -> str:
    time = utc_time(loss.by.time) if loss.by else None
    return f", last written by {time} (file time)" if time else ""
