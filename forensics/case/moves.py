"""Steps that courses and treatments share, and that are said once where several ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.common import copy_command
from forensics.plan.steps.place import Place, Runs, on, running, with_upload
from forensics.plan.steps.product_commands import ProductCommands
from forensics.wording import listed, verb

ONE = "the node"
"""That a log is of, whose name it does not tell."""


def given(*commands: str) -> tuple[str, ...]:
    """Those that are known, each once."""
    return tuple(dict.fromkeys(command for command in commands if command))


def _unnamed(where: str) -> Place:
    """The place that these words mean, where no node is named."""
    return Place.THE_NODE if where == ONE else Place.EVERY_NODE


def save(nodes: Sequence[str], commands: Sequence[str], where: str = "every node", *, guests: bool = False) -> Step:
    """Stop, and copy: before anything is changed. `where` tells which nodes are meant, where none is named."""
    runs = on(nodes, *commands, unnamed=_unnamed(where))
    one = len(nodes) == 1 or (not nodes and where == ONE)
    where = listed(nodes, None) or where
    if one:
        title = f"Stop the service on {where}, and copy its state directory to another machine"
    else:
        title = f"Stop the service on {where}, and copy each state directory to another machine"
    return Step(
        StepKind.SAVE,
        title,
        runs,
        "The archive can be read back. It is as secret as the data in it."
        if one
        else "The archives can be read back. They are as secret as the data in them.",
        "An archive cannot be made, or cannot be read back. If a machine is booted meanwhile, its service starts: "
        "stop it again.",
        tuple(nodes),
        guests=guests,
    )


def stop_and_copy(nodes: Sequence[str], product: ProductCommands, where: str = "every node") -> Step:
    """The same with a product's commands."""
    copy = copy_command(product.database, product.directory) if product.directory else ""
    return save(nodes, given(product.stop, copy), where, guests=product.stops_guests)


def start(
    nodes: Sequence[str],
    then: Sequence[str],
    commands: Sequence[str],
    where: str = "every node",
    stopped: Sequence[str] = (),
) -> Step:
    """The first ones, a leader, and then the others. `where` tells which nodes are meant, where none is named."""
    alone = len(nodes) + len(then) == 1 or (not nodes and where == ONE)
    first = listed(nodes, limit=None) or f"the service on {where}"
    title = f"Start {first}, and wait until there is a leader"
    if alone:
        title = f"Start {first}, and see that it comes up"
    elif then:
        title = (
            f"Start {first}, wait until there is a leader, and give them a minute to catch up. Then start "
            f"{listed(then, None)}"
        )
    if stopped:
        title += f". {listed(stopped, None)} {verb(len(stopped), 'stays', 'stay')} stopped"
    return Step(
        StepKind.START,
        title,
        (*on(nodes, *commands, unnamed=_unnamed(where)), *(on(then, *commands) if then else ())),
        "There is a leader within a minute." if alone else "There is a leader within a minute; the others follow it.",
        "There is no leader: stop what was started, and collect the journals. Force nothing.",
        tuple(nodes),
        tuple(then),
    )


def anew(
    nodes: Sequence[str], product: ProductCommands, beside: Sequence[str] = (), unnamed: Place = Place.THE_NODE
) -> Runs:
    """Out of the cluster, and in again with an empty directory; `beside` are members that can be asked."""
    return (
        *running(product.members, product.remove, product.invite, nodes=beside),
        *on(nodes, *product.away, product.join, unnamed=unnamed),
    )


def rejoin(nodes: Sequence[str], product: ProductCommands, beside: Sequence[str] = ()) -> Step:
    """As a new member, with an empty directory: what it lacks comes from the leader."""
    who = listed(nodes, limit=None)
    anew_as = verb(len(nodes), "a new member", "new members")
    title = f"Take {who} out of the cluster, move the old state away there, and join again as {anew_as}"
    if product.installs_anew:
        title = f"Take {who} out of the cluster. Before {verb(len(nodes), 'it joins', 'they join')} again, the product "
        title += "has to be installed anew there, as its pages say: save the instances first"
    return Step(
        StepKind.REJOIN,
        title,
        anew(nodes, product, beside),
        verb(
            len(nodes),
            "The member list shows the new member, and its log grows.",
            "The member list shows the new members, and their logs grow.",
        ),
        "There is no leader: a member cannot be taken out without one.",
        tuple(nodes),
        what=tuple(nodes),
    )


LOOK_AGAIN = ("look-again",)
"""What look_again does, as steps are compared."""


def look_again(*, earlier: bool = False) -> Step:
    """With what was collected; and with an earlier upload, where its report was given along."""
    uploads = "EARLIER UPLOAD" if earlier else "UPLOAD"
    return Step(
        StepKind.COLLECT,
        "Look at this upload and the new archives together. Force nothing before that",
        with_upload(f"dqlite-forensics analyze {uploads} ARCHIVE"),
        "The new report tells whether each node will start, and has first steps of its own.",
        what=LOOK_AGAIN,
    )


def collect_the_rest() -> Step:
    """Where no product was recognised, whose commands would collect it."""
    return Step(
        StepKind.COLLECT,
        "Send the state directory, and the whole log of the service that carries it: without them nothing can be told",
        what=("rest",),
    )


def restore() -> Step:
    """What is lost here may lie elsewhere."""
    return Step(
        StepKind.RESTORE,
        "Look for another copy: a backup, a member that nobody has looked at, a disk that can still be read",
        with_upload("dqlite-forensics analyze UPLOAD COPY"),
        "A copy is found that starts, and that ends where this one does.",
        what=("other-copy",),
    )
