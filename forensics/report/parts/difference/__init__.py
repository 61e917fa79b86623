"""Two analyses side by side: what `diff` prints.

who_is_who.py  by id and address
pairs.py     which node of one side is which of the other, and whether the two sides are one cluster at all
nodes.py     what became of a node beside its files: forecast, role, certificates, microcluster's own files
clusters.py  of a cluster: verdict, commit index, databases; of a machine: versions
findings.py  new, gone, and what was merely not looked at on one side
outcome.py   all of it in a sentence
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.comparison import compare_nodes, compare_states, told_by_both
from forensics.facts.cluster.join import link
from forensics.facts.cluster.state_change import Trend
from forensics.facts.cluster.words import link_words
from forensics.facts.node.node import Node
from forensics.report import document as doc
from forensics.report.document.difference import (
    CommitDifference,
    Difference,
    DifferenceSide,
    NodeDifference,
    NodesDifference,
    UploadsDifference,
)
from forensics.report.parts.difference.clusters import compare_clusters, compare_commits, compare_hosts
from forensics.report.parts.difference.findings import compare_findings
from forensics.report.parts.difference.nodes import compare_documents
from forensics.report.parts.difference.outcome import concluded
from forensics.report.parts.difference.pairs import Pair, pair_nodes
from forensics.report.parts.difference.rows import row_of


def build_difference(
    cases: tuple[Case, Case], documents: tuple[doc.Document, doc.Document]
) -> NodesDifference | UploadsDifference:
    """The difference of two inputs: two nodes where each holds one node and they are not the same, else two uploads."""
    first, second = (case.nodes() for case in cases)
    if len(first) == len(second) == 1 and _identity(first[0]) != _identity(second[0]):
        return _two_nodes(first[0], second[0], documents)
    pairs = pair_nodes(*cases)
    nodes, commits = tuple(_node(pair, documents) for pair in pairs), compare_commits(cases, pairs)
    found = UploadsDifference(
        a=_side(documents[0]),
        b=_side(documents[1]),
        nodes=nodes,
        clusters=compare_clusters(cases, documents, pairs, went_back=_went_back(nodes, commits)),
        commit_index=commits,
        hosts=compare_hosts(*documents),
        findings=compare_findings(documents, pairs),
    )
    return concluded(found, pairs)


def _two_nodes(one: Node, other: Node, documents: tuple[doc.Document, doc.Document]) -> NodesDifference:
    told = link(one, other)
    changes = [row_of(change) for change in compare_nodes(one, other)]
    changes += compare_documents(_entry(documents[0], one), _entry(documents[1], other), later=False)
    pair = NodeDifference(
        database=one.state.product.database,
        a=one.name,
        b=other.name,
        same_cluster=told.same,
        why=link_words(told),
        changes=tuple(changes),
    )
    return NodesDifference(a=_side(documents[0]), b=_side(documents[1]), nodes=(pair,))


def _node(pair: Pair, documents: tuple[doc.Document, doc.Document]) -> NodeDifference:
    changes: list[Difference] = []
    if pair.before and pair.after and pair.same is not False:
        changes += (row_of(change) for change in compare_states(pair.before, pair.after))
        told = compare_documents(_entry(documents[0], pair.before), _entry(documents[1], pair.after), later=True)
        changes += (one for one in told if told_by_both(one.a, one.b, pair.before, pair.after))
    return NodeDifference(
        database=pair.database,
        a=pair.before.name if pair.before else None,
        b=pair.after.name if pair.after else None,
        same_cluster=pair.same,
        why=pair.why or None,
        changes=tuple(changes),
    )


def _went_back(nodes: Iterable[NodeDifference], commits: Iterable[CommitDifference]) -> bool:
    """Something is lost that had been there: then a better verdict is no repair, for B alone does not show it."""
    trends = [*(one.trend for one in commits), *(change.trend for node in nodes for change in node.changes)]
    return Trend.WORSE in trends


def _entry(document: doc.Document, node: Node) -> doc.Node:
    """The document's part of a node."""
    return next(
        entry
        for cluster in document.clusters
        for entry in cluster.nodes
        if (entry.name, entry.directory) == (node.name, node.state.path)
    )


def _side(document: doc.Document) -> DifferenceSide:
    return DifferenceSide(inputs=document.inputs, verdict=document.verdict, incomplete=document.incomplete)


def _identity(node: Node) -> tuple[str, int | None]:
    return node.state.product.database, node.id
