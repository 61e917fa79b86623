"""CTL002: a node with the founder's id is told to join a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.on_disk import BOOTSTRAP_ID
from forensics.parsers.control import parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class FounderJoins:
    """A node with the bootstrap id, and a file that tells it to join.

    Attributes:
        file: that file: `join` or `init.yaml`.
        cluster: the members to join, where the file names them.
    """

    kind: ClassVar[str] = "founder-joins"
    file: str
    cluster: tuple[str, ...] = ()

    def words(self, _: Severity) -> Words:
        """See Problem."""
        whom = f"It names {listed(self.cluster, 3)}." if self.cluster else "Only a node that joins makes this file."
        return Words(
            f"info.yaml has the founder's id, but the file {self.file} tells the node to join a cluster", (whom,)
        )


@rule(
    "CTL002",
    "node with the founder's id is told to join a cluster",
    Severity.HIGH,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/founder-joins",),
    silent_on=("healthy/trimmed-111",),
)
def founder_joins(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether info.yaml has the bootstrap id while there is a `join` file, or an init.yaml that names members to join.
    ## Why it matters
    The two contradict each other: go-dqlite stops with `bootstrap node can't join a cluster`, at every start.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    If this node founded a cluster of its own by mistake: move its state away, and let it join again. If it is the
    founder: remove the join file or init.yaml.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/microk8s/issues/4713;
    docs/reference/go-dqlite.md#what-the-files-mean
    """
    if node.id != BOOTSTRAP_ID or node.info is None or node.info.value is None:
        return
    flag = node.state.files.get("join")
    if flag is not None:
        yield Finding(FounderJoins("join"), (node.info.value.at, flag.at), where=("join",))
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    parsed = parse_start_file(start.blob).value if start and start.blob else None
    if parsed and parsed.cluster:
        problem = FounderJoins("init.yaml", parsed.cluster)
        yield Finding(problem, (node.info.value.at, parsed.at), where=("init.yaml",))
