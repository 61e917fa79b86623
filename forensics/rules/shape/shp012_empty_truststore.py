"""SHP012: the truststore holds no entry: the daemon does not start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class EmptyTruststore:
    """A truststore without entries.

    Attributes:
        folder: its name.
    """

    kind: ClassVar[str] = "empty-truststore"
    folder: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the folder {self.folder} is empty, so no member is trusted")


@rule(
    "SHP012",
    "truststore without entries: the daemon does not start",
    Severity.HIGH,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    products=(
        "k8sd",
        "microceph",
        "microovn",
        "microcloud",
        "sunbeam",
    ),
    effect=Effect.NODE_DOWN,
    fires_on=("shape/empty-truststore",),
    silent_on=("healthy/k8sd",),
)
def empty_truststore(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The folder `truststore` of a microcluster state directory is not empty.
    ## Why it matters
    Every member has an entry in it, this one too. Without entries no member is trusted, and the daemon says `Daemon not
    yet initialized` or does not start. The database beside it is intact, and has the same names, addresses and
    certificates.
    ## False alarm if
    The machine never joined a cluster. Then it has no database either.
    ## What to do
    Copy truststore/ from another member: it is the same on all. Or make each entry anew from core_cluster_members in
    the database.
    ## References
    https://github.com/canonical/microceph/issues/336; docs/reference/microcluster.md#state-directory
    """
    if not any(name.startswith("truststore") for name in node.state.around) and not node.state.empty:
        yield NotChecked("there is no truststore in the upload", "no-truststore")
    for name in node.state.empty:
        parent = node.state.path.rpartition("/")[0]
        yield Finding(EmptyTruststore(name), (Span(f"{parent}/{name}"),), where=(name,))
