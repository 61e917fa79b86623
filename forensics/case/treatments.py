"""What to do about causes that are not raft's: a table by kind of fault, and by rule where a kind has several cures.

A product's commands stand there only where the product was recognised. The words are made here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

from forensics.case.answer import Consequence, Fault, Told
from forensics.case.cures import COLLECT_ALL, Cure, Do, End, cure_of
from forensics.case.moves import ONE, look_again, save, save_commands, start
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.product_commands import ProductCommands
from forensics.severity import Severity
from forensics.wording import listed


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """What one fault needs.

    Attributes:
        save: to be made before; None where the state directory is not touched.
        steps: what removes the cause.
        after: what shows that it is gone.
        early: before anything is started.
        urgent: it is high or critical, or costs more than it will later.
    """

    save: Step | None
    steps: tuple[Step, ...]
    after: Step
    early: bool
    urgent: bool


def treatment(fault: Fault, told: Told | None, product: ProductCommands, *, at_hand: bool) -> Treatment:
    """The treatment of a fault.

    Args:
        fault: what is wrong, and where.
        told: the finding that tells of it; None where only the decision does.
        product: its commands; without any where the product is not known.
        at_hand: directories of the database arrived: they need not be collected for this.
    """
    cure = cure_of(fault.kind, told.rule, told.kind) if told else cure_of(fault.kind)
    return Treatment(
        save(fault.nodes, save_commands(product), ONE) if cure.saves else None,
        tuple(_step(one, fault, product) for one in cure.steps if not (at_hand and one is COLLECT_ALL)),
        _after(cure, fault, product, at_hand=at_hand),
        cure.early,
        fault.severity.rank <= Severity.HIGH.rank or fault.worst is not Consequence.HYGIENE,
    )


def _after(cure: Cure, fault: Fault, product: ProductCommands, *, at_hand: bool) -> Step:
    if cure.end is End.START:
        return start(fault.nodes, (), product.start, ONE)
    if cure.end is End.LOOK and not at_hand:
        return look_again()
    return _watch(fault, product)


def _step(one: Do, fault: Fault, product: ProductCommands) -> Step:
    nodes = listed(fault.nodes) or "the node"
    where = () if one.perhaps else fault.nodes
    commands = tuple(_filled(one.commands, product)) if product.database else ()
    what = (one, *fault.nodes) if "nodes" in _fields(one.do) else (one,)
    do = one.do.format(nodes=nodes, identity=product.identity)
    return Step(one.kind, do, commands, one.expect, one.stop, where, cause=fault.kind, what=what)


def _filled(commands: Sequence[str], product: ProductCommands) -> Iterator[str]:
    """Those whose every value is known of the product."""
    for command in commands:
        fields = {name: getattr(product, name) for name in _fields(command)}
        if all(fields.values()):
            yield command.format(**fields)


def _fields(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _watch(fault: Fault, product: ProductCommands) -> Step:
    where = f"on {listed(fault.nodes)}" if fault.nodes else "there"
    unit = f"sudo journalctl -u {product.unit} --since -15min --no-pager" if product.unit else ""
    return Step(
        StepKind.WATCH,
        f"See that it is over {where}: there is a leader, every member is listed, and the complaint does not come back",
        tuple(command for command in (product.status, unit) if command),
        "Fifteen minutes pass without it.",
        nodes=fault.nodes,
        cause=fault.kind,
        what=fault.nodes or ("there",),
    )
