"""`repair`: write a new state directory for one node, with what is proved about its damage set right."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, refuse_inside
from forensics.commands.reading import reading, spending
from forensics.commands.time_machine import index
from forensics.errors import InputError, UsageError
from forensics.shown import plain
from forensics.wording import listed

if TYPE_CHECKING:
    from forensics.case.answer import DatabaseAnswer
    from forensics.facts.cluster.cluster import Case, Cluster
    from forensics.facts.node.node import Node


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "repair",
        help="write a new state directory for one node, repaired where that is proved",
        description="Write a new state directory for one node from everything that arrived: known bits are set back, "
        "entries and snapshots that are damaged are taken from other nodes of the same history, and all else is "
        "copied byte for byte, without private keys. The input is never written to. Where the repair would be a "
        "guess, the reason is said and nothing is written.",
    )
    add_common(parser)
    parser.add_argument("--node", metavar="N", help="the node, by name, id or address (default: the only one)")
    parser.add_argument("--database", metavar="NAME", help="whose, where there are several: k8s-dqlite, k8sd")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="write into DIR, which must not exist yet")
    parser.add_argument(
        "--alone", action="store_true", help="make the node the only member: all others then have to join anew, empty"
    )
    parser.add_argument(
        "--at", type=index, metavar="INDEX", help="end at this entry, and alone: back to before a mistake"
    )
    parser.add_argument(
        "--keep", metavar="N", help="of several histories, that of this node goes on: decide it first (see `plan`)"
    )
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Choose, write, and say what was changed. Raises UsageError where no repair is proved."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.plan.steps.product_commands import commands_of  # noqa: PLC0415 - as above
    from forensics.repair.choice import Choices, Refused  # noqa: PLC0415 - as above
    from forensics.repair.ledger import ledger_of  # noqa: PLC0415 - as above
    from forensics.repair.log import Wish  # noqa: PLC0415 - as above
    from forensics.repair.placing import steps_of  # noqa: PLC0415 - as above
    from forensics.repair.start import starts_of  # noqa: PLC0415 - as above
    from forensics.repair.text import ledger_words  # noqa: PLC0415 - as above
    from forensics.repair.words import refusal_words  # noqa: PLC0415 - as above
    from forensics.repair.writer import Written, write  # noqa: PLC0415 - as above
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above

    refuse_inside(options.output, options.inputs)
    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        cluster, answer, node = _chosen(pipeline.gather(evidence), options)
        keep = _kept(cluster, options.keep) if options.keep else None
        chosen = Choices(cluster, answer).of(node.name, Wish(options.alone, options.at, keep))
        if isinstance(chosen, Refused):
            raise UsageError(refusal_words(chosen))

        product = commands_of(cluster.product.database, node.state.path)
        steps = steps_of(chosen, answer, product)

        def ledger(folder: Path, written: tuple[Written, ...]) -> dict[str, str]:
            made = ledger_of(chosen, node.state.files, written, starts_of(folder, chosen), steps)
            return {"repair.json": json_of(made), "repair.txt": ledger_words(made)}

        texts = write(chosen, options.output, ledger)
    sys.stdout.write(texts["repair.json"] if options.format == "json" else plain(texts["repair.txt"]))
    return 0


def _chosen(case: Case, options: argparse.Namespace) -> tuple[Cluster, DatabaseAnswer, Node]:
    """The node that is asked for; without --node the only one, or the only one that a repair is known for."""
    from forensics import pipeline  # noqa: PLC0415 - as above
    from forensics.facts.cluster.selection import select  # noqa: PLC0415 - as above

    nodes = case.nodes()
    if not nodes:
        raise InputError(", ".join(options.inputs), "no dqlite state directory in it")
    states = select([node.state for node in nodes], options.node or options.keep)
    answers = zip(case.clusters, pipeline.decided(case), strict=True)
    every = [(cluster, answer, node) for cluster, answer in answers for node in cluster.nodes]
    wanted = options.database
    every = [one for one in every if wanted in (None, one[0].product.database, one[0].name)]
    found = [one for one in every if any(one[2].state is state for state in states)]
    if not found:
        raise UsageError(f"no node {options.node or options.keep}: there are {_names(every)}")
    repaired = [one for one in found if one[2].name in _known(one[1])]
    return _only(repaired or found)


def _kept(cluster: Cluster, wanted: str) -> Node:
    """The node of that name, id or address, in the cluster."""
    from forensics.facts.cluster.selection import select  # noqa: PLC0415 - as above

    states = select([node.state for node in cluster.nodes], wanted)
    found = [node for node in cluster.nodes if any(node.state is state for state in states)]
    if len(found) != 1:
        raise UsageError(f"no node {wanted} in this cluster: there are {listed(node.name for node in cluster.nodes)}")
    return found[0]


def _known(answer: DatabaseAnswer) -> set[str]:
    """Whose repair is known."""
    return {repair.node for repair in (*answer.repairs, *answer.later)}


def _only(found: list[tuple[Cluster, DatabaseAnswer, Node]]) -> tuple[Cluster, DatabaseAnswer, Node]:
    if len(found) > 1:
        raise UsageError(f"say which node with --node: {_names(found)}")
    return found[0]


def _names(found: list[tuple[Cluster, DatabaseAnswer, Node]]) -> str:
    return ", ".join(sorted({node.name for _, _, node in found}))
