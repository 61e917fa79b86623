"""How a repaired directory gets into its place: the steps on the node, and then with the other members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.case.answer import DatabaseAnswer
from forensics.election.state import State
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.common import copy_command, put_in_place
from forensics.plan.steps.place import Place, on, running
from forensics.plan.steps.product_commands import ProductCommands
from forensics.repair.contents import Contents, MadeFile, Making
from forensics.wording import entries, listed


def steps_of(contents: Contents, answer: DatabaseAnswer, product: ProductCommands) -> list[Step]:
    """In order.

    Args:
        contents: what was written.
        answer: what is decided of the database.
        product: its commands.
    """
    others = [one.node for one in answer.states if one.node != contents.node]
    return [
        Step(
            StepKind.STOP,
            "On every node: stop the services",
            on((), product.stop),
            "No process uses a state directory.",
            "Something else starts them again: stop that first.",
        ),
        Step(
            StepKind.COPY,
            "On every node: copy the whole directory to another machine",
            on((), copy_command(answer.database, product.directory)) if product.directory else (),
            "One archive for each node, kept as secret as the data in it.",
            "An archive cannot be read back.",
        ),
        _put(contents, product),
        *(_alone(contents, others, product) if contents.forced else _with_others(contents, answer, product)),
    ]


def _put(contents: Contents, product: ProductCommands) -> Step:
    return Step(
        StepKind.RESTORE,
        f"On {contents.node}: put this directory (REPAIRED) in the place of the old one, which is kept; owner, modes "
        "and private keys come from there",
        on((contents.node,), *put_in_place(product.raft, "REPAIRED")),
        "The digests of its files are those in repair.json (`sha256sum`).",
        "The old directory has changed since it was copied: repair the newer copy.",
        (contents.node,),
    )


def _alone(contents: Contents, others: list[str], product: ProductCommands) -> Iterator[Step]:
    if product.settle:
        yield Step(
            StepKind.FORCE,
            f"On {contents.node}: let the product's own list of members say that it is alone ({product.identity})",
            on((contents.node,), product.settle),
            "It ends without an error. The log has one more entry with the node as the only member.",
            "It says that the node has no database role: start it without this step.",
            (contents.node,),
        )
    yield _start(contents, product, "It leads at once: it is the only member.")
    who = listed(others, None) if others else "another member"
    yield Step(
        StepKind.REJOIN,
        f"Never start {who} with the old data again: remove the member, move its state away, join it again as a new "
        "one",
        (
            *running(product.members, product.remove, product.invite),
            *on(others, *product.away, product.join, unnamed=Place.GIVEN_UP),
        ),
        "Each gets everything from the leader.",
        "One of them was started: stop it. Nodes with old data elect each other, and make a second history.",
        tuple(others),
    )


def _with_others(contents: Contents, answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    safe = [name for name in _as_they_are(answer) if name != contents.node]
    rest = [one.node for one in answer.states if one.node != contents.node and one.node not in safe]
    if answer.rebuilt:
        rest = [name for name in answer.rebuilt if name != contents.node]
    if rest and not answer.repairs:
        yield Step(
            StepKind.REPAIR,
            f"Repair {listed(rest, None)} likewise, as many as a majority needs",
            expect="A majority of the voters has a directory that is safe to start.",
            stop="One of them is refused: leave it stopped, and let it join anew later.",
            nodes=tuple(rest),
        )
    many = "It leads at once: it is the only voter." if answer.voters < 2 else "With a majority, there is a leader."
    yield _start(contents, product, many)
    if safe:
        yield Step(
            StepKind.START,
            f"Start {listed(safe, None)} as they are",
            on(safe, *product.start),
            "They follow the leader.",
            "There are two leaders: stop all nodes.",
            tuple(safe),
        )


def _as_they_are(answer: DatabaseAnswer) -> tuple[str, ...]:
    """Who is started without a repair: where the case counts on new directories, it has decided who goes with them."""
    if answer.rebuilt:
        return tuple(name for name in (*answer.start, *answer.follow) if name not in answer.rebuilt)
    return answer.named(State.SAFE)


def _start(contents: Contents, product: ProductCommands, expect: str) -> Step:
    made = any(isinstance(file, MadeFile) and file.making is Making.TERM for file in contents.files)
    spans = listed([entries(one.first, one.last) for one in contents.lost])
    lost = f" It has not got {spans}." if contents.lost else ""
    return Step(
        StepKind.START,
        f"Start {contents.node}",
        on((contents.node,), *product.start),
        f"{expect}{lost}{' Its first election is in a new term.' if made else ''}",
        "It ends with an error: compare it with the forecast in repair.txt, and put the old directory back.",
        (contents.node,),
    )
