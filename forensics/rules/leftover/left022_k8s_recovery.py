"""LEFT022: tarballs that a recovery of k8s-dqlite left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Trouble, read_tarball
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.recovery_words import Reach, reach_of
from forensics.wording import Words, sentences

_NAME = re.compile(r"recovery-k8s-dqlite-(?P<when>.+)-(?P<which>pre|post)-recovery\.tar\.gz")


class Which(Enum):
    """Which state a tarball of k8s-dqlite holds."""

    BEFORE = "pre"
    AFTER = "post"


_HOLDS = {
    Which.BEFORE: "the state from before",
    Which.AFTER: "the state that all other control-plane nodes must get",
}
_UNREADABLE = {
    Trouble.NOT_AN_ARCHIVE: "It is not a gzip-compressed tar archive.",
    Trouble.BROKEN: "It cannot be unpacked whole.",
    Trouble.CUT: "It ends inside one of its files.",
}


@dataclass(frozen=True, slots=True)
class RecoveryRan:
    """A tarball that a forced recovery left.

    Attributes:
        file: its name.
        time: of the recovery, as the name has it.
        which: the state that it holds.
        trouble: why it cannot be unpacked; None where it can, or where only its name is known.
        reach: how far its log goes.
    """

    kind: ClassVar[str] = "recovery-ran"
    file: str
    time: str
    which: Which
    trouble: Trouble | None
    reach: Reach

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = _UNREADABLE[self.trouble] if self.trouble else self.reach.words("the tarball")
        return Words(
            f"a forced recovery of k8s-dqlite ran here at {self.time}",
            sentences(f"{self.file} holds {_HOLDS[self.which]}.", told),
        )


@rule(
    "LEFT022",
    "tarball of a k8s-dqlite recovery",
    Severity.INFO,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Node,
    products=("k8s-dqlite",),
    effect=Effect.NONE,
    fires_on=("leftover/k8s-recovery",),
    silent_on=("healthy/sosreports",),
)
def k8s_recovery(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether `recovery-k8s-dqlite-TIME-pre-recovery.tar.gz` or `…-post-recovery.tar.gz` is in `/var/snap/k8s/common`, or
    in the state directory itself.
    ## Why it matters
    `k8sd cluster-recover` ran here: it forced the configuration on this node. The first tarball is the state from
    before, the second is the state that all other control-plane nodes must get. Nothing acts on them by itself. They
    hold the whole database, but neither info.yaml nor the key pair (cluster.crt and cluster.key): each node keeps its
    own.
    ## False alarm if
    The recovery was completed long ago; then the tarballs only need to be removed.
    ## What to do
    Check that the others got the second one: their logs must hold the entry of the forced configuration. Keep both
    until the cluster is well. Then remove them, for they hold all Secrets.
    ## References
    canonical/k8s-snap src/k8s/cmd/k8sd/k8sd_cluster_recover.go (release 1.33);
    docs/reference/microcluster.md#state-directory
    """
    for name, file in sorted({**node.state.around, **node.state.files}.items()):
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        tarball = read_tarball(file)
        trouble = tarball.trouble if tarball else None
        problem = RecoveryRan(name, found["when"], Which(found["which"]), trouble, reach_of(node, tarball))
        yield Finding(problem, (file.at,), where=(name,))
