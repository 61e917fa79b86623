"""The words of a refusal: made last, from data."""

from __future__ import annotations

from forensics.repair.choice import Refused, Why
from forensics.wording import listed

_ALWAYS = {
    Why.TWO_HISTORIES: "the nodes have several histories, and nothing proves which one goes on; see `plan`",
    Why.TORN: "it was copied while the node was writing; copy its directory again while the node is stopped",
    Why.SAFE: "nothing has to be repaired; it is safe to start",
    Why.NOT_KNOWN: "no file tells its ID and address, which a start needs: its info.yaml is lost",
    Why.NOT_PROVED: "no file that arrived gives it a log that can be proved; see `plan`",
}


def refusal_words(refused: Refused) -> str:
    """One line: the node, why it is not repaired, and what to do instead."""
    return f"{refused.node} is not repaired: {_ALWAYS.get(refused.why) or _why(refused)}"


def _why(refused: Refused) -> str:
    match refused.why:
        case Why.CUT:
            files = f": {listed(refused.files)}" if refused.files else ""
            return f"files did not arrive whole{files}; copy its directory again while the node is stopped"
        case Why.PRODUCT:
            return f"its data is well; its product ends the start at {listed(refused.files)}: see `plan`"
        case Why.MAJORITY:
            return (
                f"other nodes go on without it; start {listed(refused.others)}, then see `plan` for how it comes back"
            )
        case Why.OTHERS:
            return f"repair {listed(refused.others)} instead; then see `plan` for the order in which the nodes start"
        case Why.NOT_REACHED:
            return f"nothing that arrived leads to that entry; the last before it that can be had is {refused.last}"
        case _:
            return (
                f"entries behind {refused.last} can have been committed, and no file that arrived has them; "
                "collect the other members' directories too. Where there are none, --alone makes it the only member"
            )
