"""What to do about causes that are not raft's: a table by kind of fault, and by rule where a kind has several cures.

A product's commands stand there only where the product was recognised. The words are made here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from forensics.case.answer import Consequence, Fault, Told
from forensics.case.cures import AWAY, COLLECT_ALL, Cure, Do, End, Where, cure_of
from forensics.case.moves import ONE, look_again, start, stop_and_copy
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import Place, Run, Runs, as_one, for_gone, on, running, with_upload
from forensics.plan.steps.product_commands import ProductCommands
from forensics.severity import Severity
from forensics.wording import listed

_OF_THE_CLUSTER = frozenset({"status", "members", "remove", "invite"})
"""Values of ProductCommands that only a node answers that runs, and knows a leader."""


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """What one fault needs.

    Attributes:
        save: to be made before; None where the state directory is not touched.
        steps: what removes the cause.
        after: what shows that it is gone.
        early: before anything is started.
        urgent: it is high or critical, or costs more than it will later.
        asks_members: it is done once there is a leader.
    """

    save: Step | None
    steps: tuple[Step, ...]
    after: Step
    early: bool
    urgent: bool
    asks_members: bool


def treatment(
    fault: Fault, told: Told | None, product: ProductCommands, *, at_hand: bool, also: tuple[str, ...] = ()
) -> Treatment:
    """The treatment of a fault.

    Args:
        fault: what is wrong, and where.
        told: the finding that tells of it; None where only the decision does.
        product: its commands; without any where the product is not known.
        at_hand: directories of the database arrived: they need not be collected for this.
        also: keys of other faults that its steps are about.
    """
    cure = cure_of(fault.kind, told.rule, told.kind) if told else cure_of(fault.kind)
    return Treatment(
        stop_and_copy(fault.nodes, product, ONE) if cure.saves else None,
        tuple(
            replace(_step(one, fault, product), faults=(fault.key, *also))
            for one in cure.steps
            if not (at_hand and one is COLLECT_ALL)
        ),
        _after(cure, fault, product, at_hand=at_hand),
        cure.early,
        fault.severity.rank <= Severity.HIGH.rank or fault.worst is not Consequence.HYGIENE,
        cure.asks_members,
    )


def _after(cure: Cure, fault: Fault, product: ProductCommands, *, at_hand: bool) -> Step:
    if cure.end is End.START:
        return start(fault.nodes, (), product.start, ONE)
    if cure.end is End.LOOK and not at_hand:
        return look_again()
    return _watch(fault, product)


def _step(one: Do, fault: Fault, product: ProductCommands) -> Step:
    nodes = listed(fault.nodes) or "the node"
    where = () if one.where is Where.PERHAPS else fault.nodes
    runs = as_one(_placed(one, where, product)) if product.database else ()
    what = (one, *fault.nodes) if "nodes" in _fields(one.do) else (one,)
    do = one.do.format(nodes=nodes, first=listed(fault.nodes[:1]) or "the node", identity=product.identity)
    return Step(one.kind, do, runs, one.expect, one.stop, where, cause=fault.kind, what=what)


def _placed(one: Do, nodes: Sequence[str], product: ProductCommands) -> Iterator[Run]:
    """The commands whose every value is known of the product, and where they are typed."""
    for command in one.commands:
        fields = {name: getattr(product, name) for name in _fields(command)}
        if not all(fields.values()):
            continue
        if fields.keys() & _OF_THE_CLUSTER:  # what asks the members, or changes who they are
            yield from running(command.format(**fields))
        elif command == AWAY:
            yield from _on(one.where, nodes, *product.away)
        else:
            yield from _on(one.where, nodes, command.format(**fields))
    yield from for_gone(*(command.format(remove=product.remove) for command in one.if_gone if product.remove))


def _on(where: Where, nodes: Sequence[str], *commands: str) -> Runs:
    match where:
        case Where.UPLOAD:
            return with_upload(*commands)
        case Where.EVERY_NODE:
            return on((), *commands)
        case Where.FIRST:
            return on(nodes[:1], *commands, unnamed=Place.THE_NODE)
        case Where.PERHAPS:
            return on((), *commands, unnamed=Place.GIVEN_UP)
        case Where.NODES:
            return on(nodes, *commands, unnamed=Place.THE_NODE)


def _fields(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _watch(fault: Fault, product: ProductCommands) -> Step:
    where = f"on {listed(fault.nodes)}" if fault.nodes else "there"
    unit = f"sudo journalctl -u {product.unit} --since -15min --no-pager" if product.unit else ""
    return Step(
        StepKind.WATCH,
        f"See that it is over {where}: there is a leader, every member is listed, and the journal tells of it no more",
        on(fault.nodes, product.status, unit, unnamed=Place.THE_NODE),
        "That is still so fifteen minutes later.",
        nodes=fault.nodes,
        cause=fault.kind,
        what=fault.nodes or ("there",),
    )
