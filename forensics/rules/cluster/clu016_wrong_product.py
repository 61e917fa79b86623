"""CLU016: the database of another product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.facts.node.product_by_content import database_names, foreign_database
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class WrongProduct:
    """A directory with another database than its path promises.

    Attributes:
        product: whose path it is.
        database: that it holds.
    """

    kind: ClassVar[str] = "wrong-product"
    node: str
    product: str
    database: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the directory holds the database `{self.database}`, but its path is that of {self.product}")


@rule(
    "CLU016",
    "directory with the database of another product",
    Severity.HIGH,
    fault=FaultKind.IDENTITY,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    fires_on=("cluster/wrong-place",),
    silent_on=("healthy/running-111",),
)
def wrong_product(node: Node) -> Iterator[Finding]:
    """## What it checks
    The names of the databases in the log and the snapshots, against the database that the product at this path has.
    ## Why it matters
    Canonical Kubernetes has two dqlite directories on each host, with the same kinds of files. If one is copied over
    the other, it starts, and serves the wrong database or an empty one.
    ## False alarm if
    The application belongs to the same family, but names its database differently.
    ## What to do
    Put the directory where it belongs, and check both directories of that host.
    ## References
    docs/reference/commands.md#names-and-limits
    """
    foreign = foreign_database(node.state.product, database_names(node))
    if foreign is not None:
        first = next((segment for _, segment, _ in node.log.parts()), None)
        at = first.payload_span(0) if first else Span(node.state.path)
        yield Finding(WrongProduct(node.name, node.state.product.title, foreign), (at,), where=(foreign,))
