"""What to do where no file tells which of several histories goes on: write all of them out, ask, and decide."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.case.answer import DatabaseAnswer
from forensics.case.moves import anew, restore, stop_and_copy
from forensics.election.state import OPEN, Reason
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.common import export
from forensics.plan.steps.place import Place, on
from forensics.plan.steps.product_commands import ProductCommands
from forensics.wording import listed, verb

_BY = {
    Reason.UNKNOWN_VOTERS: "Ask who ran a recovery on {ahead}, or removed members: {ahead} {goes} further, and the "
    "entries that tell who voted then are lost. Then decide",
    Reason.THREE_HISTORIES: "Find out from the journals which node was leader last, for its log most likely holds "
    "what was committed. Then decide",
    Reason.OTHER_HISTORY: "Decide",
}
"""What somebody has to know first, by why the files do not tell."""


def choose(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    """Nothing is started, forced or given up before somebody has decided."""
    why = next((one.reason for one in answer.states if one.reason in OPEN), Reason.OTHER_HISTORY)
    ahead = _ahead(answer)
    sides = _parties(answer) if why is Reason.OTHER_HISTORY else sorted({*ahead, *_best(answer)})
    yield stop_and_copy((), product)
    what = f"Write out what each side holds: {listed(sides)} have entries that the others do not have"
    if why is not Reason.OTHER_HISTORY:
        what = f"Write out what {listed(sides)} hold, before anything is given up"
    yield export(answer.database, sides, what)
    question = _BY[why].format(ahead=listed(ahead), goes=verb(len(ahead), "goes", "go"))
    yield Step(
        StepKind.DECIDE,
        f"{question} with the owner of the data which history goes on. What only the other one has is lost, or put in "
        "again by hand",
        expect="Somebody has decided.",
        stop="Nobody has decided: start nothing.",
        what=("history",),
    )
    if why is Reason.UNKNOWN_VOTERS:
        yield restore()
    yield Step(
        StepKind.REJOIN,
        "Start the nodes of that history alone. The others never again with their old state: take them out, and join "
        "them again as new members",
        (*on((), product.begin, unnamed=Place.KEPT), *anew((), product, unnamed=Place.GIVEN_UP)),
        "There is one leader, and every other member follows it.",
        "There is no leader: stop what was started, and force nothing before `plan` was made from the copies.",
        what=("history",),
    )


def _parties(answer: DatabaseAnswer) -> list[str]:
    """The nodes of all histories."""
    found = [one for one in answer.states if one.reason is Reason.OTHER_HISTORY]
    return sorted({name for one in found for name in (one.node, *one.others)})


def _best(answer: DatabaseAnswer) -> list[str]:
    """The node that would be recovered from, if that must be."""
    return [answer.plan.node] if answer.plan else []


def _ahead(answer: DatabaseAnswer) -> list[str]:
    """Who holds what the best candidate does not."""
    lost = answer.plan.own_loss if answer.plan else []
    return sorted({loss.of for loss in lost})
