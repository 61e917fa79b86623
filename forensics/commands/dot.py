"""`sql INPUT .cluster` and `.leader`: what these commands of the dqlite shell would answer, from files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.commands.common import held, jobs
from forensics.commands.reading import reading, say, spending
from forensics.commands.rows import write_rows
from forensics.errors import InputError, UsageError

if TYPE_CHECKING:
    from forensics.facts.cluster.cluster import Case, Cluster
    from forensics.facts.cluster.history import TermBand
    from forensics.facts.node.node import Node

COLUMNS = {
    ".cluster": ("database", "node", "index", "id", "address", "role"),
    ".leader": ("database", "term", "first", "last", "id", "address", "known by"),
}


def run_dot(options: argparse.Namespace) -> int:
    """Print the members at an index, or the terms with their leaders."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used

    word = options.query.strip().rstrip(";")
    if word not in COLUMNS:
        raise UsageError(f"{word} is not known here: the commands of the dqlite shell are {' and '.join(COLUMNS)}")
    with spending(options) as budget, reading(options.inputs, budget, jobs(options)) as evidence:
        case = pipeline.gather(evidence)
        rows = answer(word, case, options)
    write_rows(sys.stdout, COLUMNS[word], rows, options.format)
    return 0


def answer(word: str, case: Case, options: argparse.Namespace) -> list[tuple[object, ...]]:
    """The rows of one of COLUMNS. Raises InputError where no node can tell, UsageError where no log has the index."""
    chosen = list(_chosen(case, options))
    if not chosen:
        raise InputError(", ".join(options.inputs), "no node that was asked for has a log or a snapshot")
    ask = _members if word == ".cluster" else _leaders
    rows = [row for cluster, node in chosen for row in ask(cluster, node, options.at)]
    if options.at is not None and not rows:
        told = held((node.name, node.log.runs()) for _, node in chosen)
        raise UsageError(f"no answer for index {options.at}; the logs hold {told}")
    return rows


def _chosen(case: Case, options: argparse.Namespace) -> Iterator[tuple[Cluster, Node]]:
    """Of each cluster that was asked for: the node that was asked for, else the one whose log reaches furthest."""
    from forensics.facts.cluster.log_position import log_position  # noqa: PLC0415 - as above
    from forensics.facts.cluster.selection import select  # noqa: PLC0415 - as above

    wanted = {id(state) for state in select([node.state for node in case.nodes()], options.node)}
    for cluster in case.clusters:
        databases = {
            cluster.product.database,
            *(found.name for node in cluster.nodes for found in node.databases.found),
        }
        nodes = [
            node for node in cluster.originals() if id(node.state) in wanted and (node.log.count() or node.snapshots)
        ]
        if nodes and options.database in (None, *databases):
            yield cluster, max(nodes, key=log_position)


def _members(cluster: Cluster, node: Node, at: int | None) -> Iterator[tuple[object, ...]]:
    """The configuration that is in force: raft follows the newest that it has, committed or not."""
    from forensics.facts.cluster.membership import node_membership  # noqa: PLC0415 - as above

    events = node_membership(node)
    if at is not None and node.last_index is not None and at > node.last_index:
        say(f"{node.name} ({cluster.product.database}) ends at index {node.last_index}")
        return
    known = [event for event in events if at is None or event.index <= at]
    if not known:
        oldest = f": its oldest one is of index {events[0].index}" if events else ""
        say(f"{node.name} ({cluster.product.database}) does not know the configuration at index {at}{oldest}")
        return
    newest = known[-1]
    for server in newest.configuration.servers:
        yield (
            cluster.product.database,
            node.name,
            newest.index,
            str(server.id),
            server.address,
            server.role.value if server.role else "",
        )


def _leaders(cluster: Cluster, node: Node, at: int | None) -> Iterator[tuple[object, ...]]:
    """Who was leader in which term, as far as votes and the bootstrap tell."""
    from forensics.facts.cluster.history import term_bands  # noqa: PLC0415 - as above

    bands = [band for band in term_bands(cluster) if at is None or band.first <= at <= band.last]
    if not bands:
        say(f"{node.name} ({cluster.product.database}) holds no entry{'' if at is None else f' {at}'}")
    for band in bands:
        yield cluster.product.database, band.term, band.first, band.last, *_leader(cluster, band)


def _leader(cluster: Cluster, band: TermBand) -> tuple[str, str, str]:
    """Its id, its address at that time, and what tells it."""
    from forensics.facts.cluster.words import leader_words  # noqa: PLC0415 - as above

    if band.leader is None:
        return "", "", leader_words(band)
    events = (event for event in reversed(cluster.membership) if event.index <= band.last)
    servers = (event.configuration.by_id(band.leader) for event in events)
    address = next((server.address for server in servers if server), "")
    return str(band.leader), address, leader_words(band)
