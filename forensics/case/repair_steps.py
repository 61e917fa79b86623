"""How a person carries out a repair that is proved: bits set back, or files moved away."""

from __future__ import annotations

from forensics.facts.start.repair import Repair
from forensics.parsers.bitflip import BitFlip
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import on
from forensics.plan.steps.product_commands import ProductCommands
from forensics.wording import count, entries, joined, listed, segment


def repair_step(repair: Repair, product: ProductCommands) -> Step:
    """The step of one node."""
    return _bits_back(repair) if repair.bits else _moved(repair, product)


def _bits_back(repair: Repair) -> Step:
    files = listed(dict.fromkeys(segment(name) for name, _ in repair.bits))
    bits = "the flipped bit" if len(repair.bits) == 1 else f"the {count(len(repair.bits), 'flipped bit')}"
    return Step(
        StepKind.REPAIR,
        f"On {repair.node}: set {bits} of {files} back, on the copy first",
        on((repair.node,), *(_set_back(name, bit) for name, bit in repair.bits)),
        "`dqlite-forensics forecast COPY` says that the node starts, and drops nothing. Then do the same in its "
        "state directory.",
        "It still says that entries are dropped: leave the directory as it is.",
        (repair.node,),
    )


def _moved(repair: Repair, product: ProductCommands) -> Step:
    spans = joined([entries(one.first, one.last) for one in repair.lost])
    then = f"It then gets {spans} from the others" if repair.lost else "It then starts, and loses nothing"
    return Step(
        StepKind.MOVE_AWAY,
        f"On {repair.node}: move {listed(map(segment, repair.moved), None)} out of the state directory. {then}",
        on((repair.node,), *(f"sudo mv {product.raft}/{name} /root/" for name in repair.moved)) if product.raft else (),
        f"`dqlite-forensics forecast COPY --assume-removed {repair.moved[0]}` says that the node starts.",
        "Another file is missing there, too: leave the directory as it is.",
        (repair.node,),
    )


def _set_back(name: str, bit: BitFlip) -> str:
    """Writes the byte as it was."""
    byte = f"\\{bit.corrected:03o}"
    return f"printf '{byte}' | dd of={name} bs=1 seek={bit.at.offset} conv=notrunc"
