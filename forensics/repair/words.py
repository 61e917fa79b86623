"""The words of a repair and of a refusal: made last, from data."""

from __future__ import annotations

from forensics.repair.choice import Refused, Why
from forensics.repair.contents import Contents
from forensics.wording import listed


def refusal_words(refused: Refused) -> str:
    """One line: the node, why it is not repaired, and what to do instead."""
    return f"{refused.node} is not repaired: {_why(refused)}"


def _why(refused: Refused) -> str:
    match refused.why:
        case Why.TWO_HISTORIES:
            return "the nodes have several histories, and nothing proves which one goes on; see `plan`"
        case Why.CUT:
            files = f": {listed(refused.files)}" if refused.files else ""
            return f"files did not arrive whole{files}; copy its directory again while the node is stopped"
        case Why.TORN:
            return "it was copied while the node was writing; copy its directory again while the node is stopped"
        case Why.SAFE:
            return "nothing has to be repaired; it is safe to start"
        case Why.MAJORITY:
            return (
                f"other nodes go on without it; start {listed(refused.others)}, then see `plan` for how it comes back"
            )
        case Why.OTHERS:
            return f"repair {listed(refused.others)} instead; then see `plan` for the order in which the nodes start"
        case Why.NOT_PROVED:
            return "no repair of its own files is proved; see `plan`"


def summary(contents: Contents) -> str:
    """A line for each changed byte and each file that was not copied."""
    lines = [
        f"{file.name}: byte {change.offset} was 0x{change.old:02x}, is 0x{change.new:02x}"
        for file in contents.files
        for change in file.changes
    ]
    lines += [f"{name}: not copied ({why.value})" for name, why in contents.left_out]
    return "".join(f"{line}\n" for line in lines)
