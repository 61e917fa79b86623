"""LEFT021: second copies of the node's state beside the live one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import last_index_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.recovery_words import Reach
from forensics.wording import Words, sentences

_OF_A_RECOVERY = ("recovery_db", "global.recover")  # MCL006 and LEFT020 tell of these


class Maker(Enum):
    """Who made a second copy."""

    LXD_SCHEMA = "lxd-schema"
    MICROK8S_JOIN = "microk8s-join"
    HAND = "hand"


_MAKERS = {"global.bak": Maker.LXD_SCHEMA, "backend.backup": Maker.MICROK8S_JOIN}
_MADE = {
    Maker.LXD_SCHEMA: "LXD made it before it changed the schema.",
    Maker.MICROK8S_JOIN: "`microk8s join` or `microk8s leave` moved the earlier state of the node there.",
    Maker.HAND: "Somebody copied or moved it there by hand.",
}


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """A folder with an older state of the node.

    Attributes:
        folder: its name.
        maker: who made it.
        reach: how far its log goes.
    """

    kind: ClassVar[str] = "second-copy"
    folder: str
    maker: Maker
    reach: Reach

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.folder} is a second copy of this node's state",
            sentences(_MADE[self.maker], self.reach.words("the copy")),
        )


@rule(
    "LEFT021",
    "second copy of the node's state beside the live one",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("leftover/lxd-second-copy", "leftover/backend-backup"),
    silent_on=("healthy/lxd", "healthy/trimmed-111", "healthy/single-111"),
)
def second_copies(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether folders beside the state directory hold a state of this node too: LXD's `global.bak`, MicroK8s'
    `backend.backup`, or what somebody copied or moved there (`k8s-dqlite.bak`, `backend-old`). File names say how far
    their logs go.
    ## Why it matters
    They are not other nodes, and are not compared with the cluster. If the live directory is damaged or was emptied,
    one of them may be the way back. It is as old as its last entry.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Keep them until the cluster is well. Do not put single files from them into the live directory.
    ## References
    canonical/lxd lxd/db/cluster/open.go; canonical/microk8s scripts/wrappers/join.py, leave.py;
    docs/reference/products.md#other-products; docs/reference/products.md#lxd
    """
    for copy in node.state.second_copies:
        name = copy.path.rpartition("/")[2]
        if name in _OF_A_RECOVERY or not copy.files:
            continue
        reach = Reach(last_index_of(tuple(copy.files)), node.last_index)
        problem = SecondCopy(name, _MAKERS.get(name, Maker.HAND), reach)
        yield Finding(problem, (next(iter(copy.files.values())).at,), where=(name,))
