"""`forecast`: what dqlite would do if a node were started now. Nothing is started or written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_assume_member_lost, add_common, add_format
from forensics.commands.reading import reading, spending
from forensics.errors import InputError, UsageError
from forensics.masking.text import shown
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.facts.cluster.cluster import Case
    from forensics.facts.node.node import Node
    from forensics.report.document import Forecast


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "forecast",
        help="say what dqlite would do if a node were started now",
        description="Say what dqlite would do if a node were started now: whether it starts, which files it moves or "
        "deletes, which entries it loses. Nothing is started.",
    )
    add_common(parser)
    parser.add_argument("--node", metavar="N", help="only this node, by name, id or address (default: all)")
    parser.add_argument(
        "--dqlite",
        metavar="VERSION",
        help="the release to forecast: 1.11, 1.15, 1.17, 1.18.2, 1.18, main (what comes after 1.18.6), or any other "
        "from 1.11.0 to 1.18.6, which is answered by the nearest of these that is not newer (default: the one that the "
        "evidence shows)",
    )
    parser.add_argument(
        "--assume-removed",
        metavar="FILE",
        action="append",
        default=[],
        help="forecast as if this file were not there; may be repeated",
    )
    add_assume_member_lost(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a forecast for each node. Raises InputError if the evidence of no node is enough."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.forecast.versions import library  # noqa: PLC0415 - as above
    from forensics.report.forecast_text import forecast_text  # noqa: PLC0415 - as above
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above

    if options.dqlite is not None:
        library(options.dqlite)  # a version that is none is refused before the input is read
    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        documents = list(_forecasts(pipeline.gather(evidence, lost=options.assume_member_lost), options))
    if not documents:
        raise InputError(", ".join(options.inputs), "no node has enough files for a forecast")
    if options.format == "json":
        sys.stdout.write(json_of(documents))
    else:
        sys.stdout.write(plain("\n".join(forecast_text(one) for one in documents)))
    return 0


def _forecasts(case: Case, options: argparse.Namespace) -> Iterator[Forecast]:
    """Of each node that is asked for, where the evidence is enough."""
    from msgspec.structs import replace  # noqa: PLC0415 - as above

    from forensics import pipeline  # noqa: PLC0415 - as above
    from forensics.case.one_service import harmful_along  # noqa: PLC0415 - as above
    from forensics.forecast.result import NoForecast  # noqa: PLC0415 - as above
    from forensics.report.parts.case import encode_state  # noqa: PLC0415 - as above
    from forensics.report.parts.forecast import encode_forecast  # noqa: PLC0415 - as above
    from forensics.report.parts.history import build_copies  # noqa: PLC0415 - as above

    made = _made(case, options)
    asked = {id(node) for node in made.values()}
    judged = case.with_nodes(made)
    answers = pipeline.decided(judged)
    for cluster, answer in zip(judged.clusters, answers, strict=True):
        copies = {copy.node: copy for copy in build_copies(cluster)}
        together = {one.node: encode_state(one, harmful_along(answer, one.node, answers)) for one in answer.states}
        for node in cluster.nodes:
            if id(node) in asked and not isinstance(node.forecast, NoForecast):
                copy = copies.get(node.name)
                yield replace(
                    encode_forecast(node.forecast),
                    copy_of=copy.of if copy else None,
                    copy_kind=copy.kind if copy else None,
                    assumed_lost=tuple(one.called for one in cluster.lost),
                    together=together.get(node.name),
                )


def _made(case: Case, options: argparse.Namespace) -> dict[Node, Node]:
    """The nodes that are asked for, with the forecast that is asked for; says of which there is none."""
    from dataclasses import replace  # noqa: PLC0415 - as above

    from forensics.facts.start.node_forecast import make_forecast  # noqa: PLC0415 - as above
    from forensics.forecast.result import NoForecast  # noqa: PLC0415 - as above
    from forensics.forecast.words import no_forecast_words  # noqa: PLC0415 - as above

    made = {}
    for node in _chosen(case.nodes(), options):
        host = case.host_of(node)
        found = make_forecast(node, host.snaps if host else {}, options.dqlite, _present(node, options))
        made[node] = replace(node, forecast=found)
        if isinstance(found, NoForecast):
            sys.stderr.write(shown(f"dqlite-forensics: no forecast for {node.name}: {no_forecast_words(found)}\n"))
    return made


def _chosen(nodes: list[Node], options: argparse.Namespace) -> list[Node]:
    from forensics.facts.cluster.selection import select  # noqa: PLC0415 - as above

    if not nodes:
        raise InputError(", ".join(options.inputs), "no dqlite state directory in it")
    states = select([node.state for node in nodes], options.node)
    found = [node for node in nodes if any(node.state is state for state in states)]
    if not found:
        raise UsageError(f"no node {options.node}: the input has {', '.join(sorted({node.name for node in nodes}))}")
    wanted = options.assume_removed
    if wanted and not any(set(wanted) <= set(node.state.files) for node in found):
        raise UsageError(f"no node has the file {', '.join(wanted)}")
    return found


def _present(node: Node, options: argparse.Namespace) -> list[str]:
    """Those of the files to be left out that this node has: often only one node has a file of that name."""
    return [name for name in options.assume_removed if name in node.state.files]
