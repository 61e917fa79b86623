"""CTL006: a join that has not been completed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.on_disk import BOOTSTRAP_ID
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class NeverAdded:
    """A join file of a node that is in no configuration that it knows."""

    kind: ClassVar[str] = "never-added"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("a join file is left: as far as this node knows, it was never added to the cluster")


@dataclass(frozen=True, slots=True)
class KilledAfterJoin:
    """A join file of a node that is a member."""

    kind: ClassVar[str] = "killed-after-join"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "a join file is left although the node is a member",
            ("It was killed right after it was added. The next start repeats the step; nothing is lost.",),
            "",
        )


@rule(
    "CTL006",
    "join that was not completed",
    Severity.LOW,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/unfinished-join",),
    silent_on=("healthy/trimmed-111",),
)
def unfinished_join(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is a `join` file: a joining node makes it at its first start, and removes it when the cluster has
    added the node.
    ## Why it matters
    If the node is in no raft configuration, the join never succeeded, and its directory contains nothing that is
    needed. If it is in one, it was killed between the two steps, and the next start repeats the second.
    ## False alarm if
    The copy was made while the node was joining. Where the node is a member already, the finding is milder.
    ## What to do
    See whether the raft configuration of the other nodes contains this node's id. If not, move its state away and let
    it join again.
    ## References
    canonical/go-dqlite app/app.go; docs/reference/go-dqlite.md#what-the-files-mean
    """
    flag = node.state.files.get("join")
    if flag is None or node.id == BOOTSTRAP_ID:
        return
    configuration = node.configuration
    if configuration is not None and node.id is not None and configuration.configuration.by_id(node.id):
        yield Finding(KilledAfterJoin(), (flag.at,), Severity.INFO, effect=Effect.NONE)
    else:
        yield Finding(NeverAdded(), (flag.at,))
