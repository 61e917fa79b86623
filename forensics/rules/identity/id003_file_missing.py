"""ID003: info.yaml or cluster.yaml is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import RAFT_ROLES
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, are, count


@dataclass(frozen=True, slots=True)
class OneMissing:
    """One of the two files is there, the other is not.

    Attributes:
        present, missing: their names.
    """

    kind: ClassVar[str] = "one-missing"
    present: str
    missing: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.missing} is missing beside {self.present}, so the node does not start")


@dataclass(frozen=True, slots=True)
class BothMissing:
    """Raft files, and neither of the two.

    Attributes:
        raft_files: how many raft files there are.
    """

    kind: ClassVar[str] = "both-missing"
    raft_files: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "info.yaml and cluster.yaml are both missing, so a start gives the node a new ID",
            (f"{count(self.raft_files, 'raft file')} {are(self.raft_files)} there.",),
            "Ask whether only the upload lacks them. If they are gone, restore them before the node is started: ID and "
            "address are in the raft configuration, and cluster.yaml is the same on all nodes.",
        )


@rule(
    "ID003",
    "info.yaml or cluster.yaml is missing",
    Severity.CRITICAL,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.NAMES,),
    products=("k8s-dqlite", "k8sd", "microk8s", "microceph", "microovn", "microcloud", "sunbeam", "juju", "unknown"),
    fires_on=("identity/only-info", "identity/only-cluster", "identity/neither"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def file_missing(node: Node) -> Iterator[Finding]:
    """## What it checks
    Both files are there, or neither is. File names are enough for this. LXD and Incus keep their members elsewhere, and
    are not checked.
    ## Why it matters
    With exactly one of them go-dqlite refuses to start: `inconsistent info.yaml and cluster.yaml`. With neither, beside
    raft files, it takes the node for a new one and gives it a new ID.
    ## False alarm if
    The upload lacks small files. A first start that failed removes both files by itself. Where both are missing, the
    finding is milder.
    ## What to do
    Look for the file in backups. ID and address are in the raft configuration, and cluster.yaml is the same on all
    nodes. Do not start the node without these files.
    ## References
    canonical/go-dqlite app/app.go; docs/reference/go-dqlite.md#files; docs/reference/go-dqlite.md#what-the-files-mean
    """
    present = [name for name in ("info.yaml", "cluster.yaml") if name in node.state.files]
    if len(present) == 1:
        missing = "cluster.yaml" if present == ["info.yaml"] else "info.yaml"
        yield Finding(OneMissing(present[0], missing), (node.state.files[present[0]].at,), where=(missing,))
    elif not present and node.state.product.database != "unknown":
        raft = [file for file in node.state.files.values() if file.role in RAFT_ROLES]
        if raft:
            yield Finding(BothMissing(len(raft)), (raft[0].at,), Severity.MEDIUM, effect=Effect.ATTENTION)
