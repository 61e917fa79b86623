"""MCL025: a file in the truststore that every heartbeat stops at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words

_FOLDER = "truststore/"


@dataclass(frozen=True, slots=True)
class Stray:
    """A file in the truststore that is no member's entry.

    Attributes:
        file: its name.
        removes: what the heartbeat wants to remove instead, and does not find.
    """

    kind: ClassVar[str] = "stray"
    file: str
    removes: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file} is no truststore entry, and every heartbeat fails because of it",
            (f"The heartbeat tries to remove {self.removes}, which does not exist.",),
        )


@rule(
    "MCL025",
    "stray file in the truststore makes heartbeats fail",
    Severity.MEDIUM,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/stray-in-truststore",),
    silent_on=("healthy/k8sd",),
)
def stray(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every name in the truststore folder is a `NAME.yaml`: no leftover of an interrupted write (`.NAME.yaml123`), no copy
    and no folder made by hand.
    ## Why it matters
    With each heartbeat the daemon writes all entries anew, and removes what belongs to no member, by the part of the
    name before `.yaml`. For `.n1.yaml123` that is `.n1.yaml`, which does not exist: removing it fails, and so does the
    heartbeat. On the leader, no heartbeat is sent any more, and roles and truststores stay as they are. On another
    node, only its own truststore does. The database itself goes on.
    ## False alarm if
    The copy was made at the moment of the write. A name that continues a member's (`n1.yaml.bak`) does no harm, and is
    not reported.
    ## What to do
    Move the file out of the folder. Nothing reads it.
    ## References
    canonical/microcluster internal/trust/remotes.go (Replace), internal/rest/resources/heartbeat.go;
    docs/reference/microcluster.md#state-directory
    """
    if node.microcluster is None:
        return
    names = {name for name in node.state.around if name.startswith(_FOLDER)}
    known = {f"{_FOLDER}{entry.name}" for entry in node.microcluster.entries()}
    for name in sorted(names):
        stem = name.partition(".yaml")[0]
        if f"{stem}.yaml" not in names and stem not in known:
            yield Finding(Stray(name, f"{stem}.yaml"), (node.state.around[name].at,), where=(name,))
