"""CTL001: init.yaml beside the state of an old node: the start is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import NEW_NODE_FILES
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, listed

_NAMED = 5  # files that a finding names


@dataclass(frozen=True, slots=True)
class InitWithState:
    """An init.yaml in a directory that is not new.

    Attributes:
        number: of the files that must not be there.
        others: names of the first five.
    """

    kind: ClassVar[str] = "init-with-state"
    number: int
    others: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "init.yaml is in the directory of an old node",
            (f"{'Among others' if self.number > len(self.others) else 'Beside it'}: {listed(self.others)}.",),
        )


@rule(
    "CTL001",
    "init.yaml beside the state of an old node",
    Severity.HIGH,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/init-with-state",),
    silent_on=("healthy/trimmed-111",),
)
def init_with_state(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether init.yaml has other files beside it than cluster.crt, cluster.key, failure-domain and tuning.yaml. Folders,
    sockets of an earlier run and leftovers count too.
    ## Why it matters
    init.yaml tells k8s-dqlite to set up a new node. Where files of an old node are, it refuses to (`data directory
    seems to have existing state '…'`), at every start, until one of the two is gone.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    If this was meant to be a new node: move all old files away, and keep them. If not: remove init.yaml, and the node
    starts with the state that it has.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; docs/reference/k8s-dqlite.md#control-files
    """
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    if start is None:
        return
    others = [file for name, file in sorted(node.state.files.items()) if name not in NEW_NODE_FILES]
    if others:
        yield Finding(
            InitWithState(len(others), tuple(file.name for file in others[:_NAMED])), (start.at, others[0].at)
        )
