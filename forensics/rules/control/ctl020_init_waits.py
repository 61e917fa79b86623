"""CTL020: an init.yaml that was not executed yet: the next start sets up a new node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import NEW_NODE_FILES, parse_start_file
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class InitWaits:
    """An init.yaml that the next start executes.

    Attributes:
        readable: its content arrived and can be read.
        address: that the node gets; None where not known.
        cluster: the members that it joins; empty where it founds a database.
    """

    kind: ClassVar[str] = "init-waits"
    readable: bool
    address: str | None
    cluster: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        where = f" at {self.address}" if self.address else ""
        if not self.readable:
            return Words("the next start sets up a new node, because init.yaml is there")
        if self.cluster:
            return Words(f"the next start joins {listed(self.cluster, 3)} as a new node{where}, as init.yaml says")
        return Words(f"the next start founds a new database{where}, as init.yaml says")


@rule(
    "CTL020",
    "next start sets up a new node (init.yaml)",
    Severity.LOW,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/init-waits",),
    silent_on=("control/init-with-state", "healthy/trimmed-111"),
)
def init_waits(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether there is an init.yaml in a directory that holds nothing else but key pair, failure-domain and tuning.yaml.
    ## Why it matters
    k8s-dqlite has not been started here since `microk8s join`, `microk8s leave` or somebody by hand emptied the
    directory. Its next start founds a new database, or joins the members that are named. It removes init.yaml before
    that: if this start fails, the next one no longer knows what the node was meant to become.
    ## False alarm if
    The copy was made between the two steps of a join.
    ## What to do
    If the node was meant to keep its data, do not start it: look for the old directory (`backend.backup` of MicroK8s).
    Keep a copy of init.yaml before the start.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; canonical/microk8s scripts/wrappers/join.py, leave.py;
    docs/reference/k8s-dqlite.md#control-files
    """
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    if start is None or any(name not in NEW_NODE_FILES for name in node.state.files):
        return
    if node.names_cut:
        yield NotChecked(CUT, "input-cut", (node.name,))
        return
    parsed = parse_start_file(start.blob).value if start.blob else None
    problem = InitWaits(parsed is not None, parsed.address if parsed else None, parsed.cluster if parsed else ())
    yield Finding(problem, (start.at,))
