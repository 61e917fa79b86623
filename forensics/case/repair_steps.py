"""How a person carries out a repair that is proved: bits set back, or files moved away."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.case.answer import DatabaseAnswer
from forensics.facts.start.repair import Repair
from forensics.parsers.bitflip import BitFlip
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.common import put_in_place
from forensics.plan.steps.place import Runs, on, with_upload
from forensics.plan.steps.product_commands import ProductCommands
from forensics.wording import count, entries, joined, listed, segment


def repair_step(repair: Repair, product: ProductCommands) -> Step:
    """The step of one node."""
    return _bits_back(repair, product) if repair.bits else _moved(repair, product)


def rebuild_step(answer: DatabaseAnswer, product: ProductCommands) -> Step:
    """Directories that are put together from all that arrived, for some nodes."""
    names = answer.rebuilt
    of = f" --database {answer.database}" if answer.database else ""
    one = len(names) == 1
    which, each = ("a directory", "it") if one else ("directories", "each")
    return Step(
        StepKind.REPAIR,
        f"Put together {which} for {listed(names, None)} from all that arrived, and put {each} in the place of the old "
        "one, which is kept",
        (
            *with_upload(*(f"dqlite-forensics repair UPLOAD --node {name}{of} -o repaired-{name}" for name in names)),
            *(run for name in names for run in on((name,), *put_in_place(product.raft, f"repaired-{name}"))),
        ),
        "The command says what is kept, and that the node starts. The digests are those in repair.json.",
        "It refuses, or the old directory has changed since it was copied: leave the directory as it is.",
        names,
    )


def repairs_together(steps: Sequence[Step]) -> Step:
    """Several nodes at once: each is told apart by where the commands are typed."""
    names = tuple(dict.fromkeys(name for step in steps for name in step.nodes))
    return Step(
        StepKind.REPAIR,
        f"On {listed(names, None)}: repair the files with these commands, on the copy first",
        tuple(run for step in steps for run in step.runs),
        "`dqlite-forensics forecast COPY` says of each that it starts. Then do the same in its state directory.",
        "It says something else of one of them: leave its directory as it is.",
        names,
    )


def return_step(repair: Repair, product: ProductCommands) -> Step:
    """One node that the others do not need: repaired, and started once they have a leader."""
    done = f"set {_bits_words(repair)} back"
    if repair.moved:
        done = f"move {listed(map(segment, repair.moved), None)} out of the state directory"
    return _returning(
        (repair.node,),
        f"On {repair.node}: {done}, on a copy first. Then start it: it gets what it lacks from the others",
        on((repair.node,), *repair_step(repair, product).commands, *product.start),
    )


def returned(steps: Sequence[Step]) -> Step:
    """Several of these at once: of each node first all repairs, then the start."""
    names = tuple(dict.fromkeys(name for step in steps for name in step.nodes))
    runs = [run for step in steps for run in step.runs]
    of_node = {name: [one for run in runs if name in run.nodes for one in run.commands] for name in names}
    return _returning(
        names,
        f"On {listed(names, None)}: repair the files with these commands, on a copy first. Then start one after the "
        "other: each gets what it lacks from the others",
        tuple(run for name in names for run in on((name,), *reversed(dict.fromkeys(reversed(of_node[name]))))),
    )


def _returning(nodes: tuple[str, ...], title: str, runs: Runs) -> Step:
    return Step(
        StepKind.RETURN,
        title,
        runs,
        "`dqlite-forensics forecast COPY` says that the node starts, before the same is done in its state directory; "
        "and then it follows the leader.",
        "It does not: put its copy back, take the member out of the cluster, and let it join anew.",
        nodes,
    )


def _bits_back(repair: Repair, product: ProductCommands) -> Step:
    return Step(
        StepKind.REPAIR,
        f"On {repair.node}: set {_bits_words(repair)} back, on the copy first",
        on((repair.node,), *(_set_back(name, bit, product.raft) for name, bit in repair.bits)),
        "`dqlite-forensics forecast COPY` says that the node starts, and drops nothing. Then do the same in its "
        "state directory.",
        "It still says that entries are dropped: leave the directory as it is.",
        (repair.node,),
    )


def _bits_words(repair: Repair) -> str:
    files = listed(dict.fromkeys(segment(name) for name, _ in repair.bits))
    bits = "the flipped bit" if len(repair.bits) == 1 else f"the {count(len(repair.bits), 'flipped bit')}"
    return f"{bits} of {files}"


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


def _set_back(name: str, bit: BitFlip, raft: str) -> str:
    """Writes the byte as it was."""
    dd, file = ("sudo dd", f"{raft}/{name}") if raft else ("dd", name)
    return f"printf '\\{bit.corrected:03o}' | {dd} of={file} bs=1 seek={bit.at.offset} conv=notrunc"
