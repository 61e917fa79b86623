"""How a person carries out a repair that is proved: a directory put in the place of another, or files moved away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.case.answer import DatabaseAnswer
from forensics.facts.start.repair import Repair
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.common import put_in_place
from forensics.plan.steps.place import Place, Runs, on, with_upload
from forensics.plan.steps.product_commands import ProductCommands
from forensics.wording import entries, joined, listed, segment

_TYPED = "The command says what is kept, and that the node starts. The digests are those in repair.json."
_STOP = "It refuses, or the old directory has changed since it was copied: leave the directory as it is."


def repair_steps(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    """What is done before the start: directories with bits set back or entries of others, and files moved away."""
    names = (*(repair.node for repair in answer.repairs if repair.bits), *answer.rebuilt)
    if names:
        yield _rebuild(names, answer.database, product)
    yield from (_moved(repair, product) for repair in answer.repairs if not repair.bits)


def repairs_together(steps: Sequence[Step]) -> Step:
    """Several nodes at once: each is told apart by where the commands are typed."""
    names = tuple(dict.fromkeys(name for step in steps for name in step.nodes))
    return Step(
        StepKind.REPAIR,
        f"For {listed(names, None)}: repair the files with these commands. Every old directory is copied before",
        _in_order(steps, names),
        "`dqlite-forensics forecast COPY` says of each copy that it starts, once the same is done there.",
        "It says something else of one of them: leave its directory as it is.",
        names,
    )


def return_step(repair: Repair, database: str, product: ProductCommands) -> Step:
    """One node that the others do not need: repaired, and started once they have a leader."""
    names = (repair.node,)
    if repair.bits:
        done = "put a directory from all that arrived in the place of the old one, which is kept"
        made = _rebuild(names, database, product)
    else:
        done = f"move {listed(map(segment, repair.moved), None)} out of the state directory"
        made = _moved(repair, product)
    return Step(
        StepKind.RETURN,
        f"On {repair.node}: {done}. Then start it: it gets what it lacks from the others",
        _in_order([replace(made, runs=(*made.runs, *on(names, *product.start)))], names),
        "The node starts, and follows the leader.",
        "It does not: put its copy back, take the member out of the cluster, and let it join anew.",
        names,
    )


def returned(steps: Sequence[Step]) -> Step:
    """Several of these at once: of each node first all repairs, then the start."""
    names = tuple(dict.fromkeys(name for step in steps for name in step.nodes))
    return Step(
        StepKind.RETURN,
        f"On {listed(names, None)}: repair the files with these commands. Then start one after the other: each gets "
        "what it lacks from the others",
        _in_order(steps, names),
        "Each starts, and follows the leader.",
        "One does not start: take that member out of the cluster, and join it again with an empty directory.",
        names,
    )


def _in_order(steps: Sequence[Step], names: Sequence[str]) -> Runs:
    """What is made from the upload; then node by node, what several steps have in common last."""
    runs = [run for step in steps for run in step.runs]
    made = with_upload(*(command for run in runs if run.place is Place.UPLOAD for command in run.commands))
    of_node = {name: [one for run in runs if name in run.nodes for one in run.commands] for name in names}
    return (*made, *(run for name in names for run in on((name,), *reversed(dict.fromkeys(reversed(of_node[name]))))))


def _rebuild(names: Sequence[str], database: str, product: ProductCommands) -> Step:
    """Directories that are put together from all that arrived, for some nodes."""
    of = f" --database {database}" if database else ""
    which, each = ("a directory", "it") if len(names) == 1 else ("directories", "each")
    return Step(
        StepKind.REPAIR,
        f"Put together {which} for {listed(names, None)} from all that arrived, and put {each} in the place of the old "
        "one, which is kept",
        (
            *with_upload(*(f"dqlite-forensics repair UPLOAD --node {name}{of} -o repaired-{name}" for name in names)),
            *(run for name in names for run in on((name,), *put_in_place(product.raft, f"repaired-{name}"))),
        ),
        _TYPED,
        _STOP,
        tuple(names),
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
