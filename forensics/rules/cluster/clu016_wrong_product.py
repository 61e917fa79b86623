"""CLU016: the database of another product."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.facts.node.product_by_content import database_names, foreign_database
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU016",
    "directory with the database of another product",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    fires_on=("cluster/wrong-place",),
    silent_on=("healthy/running-111",),
)
def wrong_product(node: Node) -> Iterator[Finding]:
    """## What it checks
    The names of the databases in the log and the snapshots, against the one that the product at this path keeps.
    ## Why it matters
    Canonical Kubernetes has two dqlite directories a host, with the same kinds of files. One copied over the other
    starts, and serves the wrong database or an empty one.
    ## False alarm if
    Applications of the same family that name their database otherwise.
    ## What to do
    Put the directory where it belongs; both products' directories of that host need a look.
    ## References
    FACTS 5.4
    """
    names = database_names(node)
    foreign = foreign_database(node.state.product, names)
    if foreign is not None:
        first = next((segment for _, segment, _ in node.log.parts()), None)
        at = first.payload_span(0) if first else Span(node.state.path)
        yield Finding(f"{node.name} lies where {node.state.product.title} keeps its data, but holds `{foreign}`", (at,))
