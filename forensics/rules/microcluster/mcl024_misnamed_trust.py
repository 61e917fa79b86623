"""MCL024: a truststore entry whose file name is not that of the member in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A truststore entry in a file of another name.

    Attributes:
        file: name of the file.
        name: of the member in it.
    """

    kind: ClassVar[str] = "misnamed"
    file: str
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} is the truststore entry of {self.name}")


@rule(
    "MCL024",
    "truststore entry whose file does not have its member's name",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/misnamed-trust",),
    silent_on=("healthy/k8sd",),
)
def misnamed(node: Node) -> Iterator[Finding]:
    """## What it checks
    The file of each truststore entry is called `NAME.yaml`, after the `name` in it.
    ## Why it matters
    The daemon trusts by the name in the file, but writes and removes by the name of the file: the next heartbeat
    removes a file that is called otherwise. Somebody put it there, renamed or copied it by hand. Until then it counts,
    and of two files with one name in them the last one does.
    ## False alarm if
    Never, as far as is known: the daemon names the files itself.
    ## What to do
    Compare with `core_cluster_members`. If the entry is right, give the file its name.
    ## References
    canonical/microcluster internal/trust/remotes.go (Load, Replace);
    docs/reference/microcluster.md#relations-that-hold (relation 9)
    """
    for trust in node.microcluster.truststore if node.microcluster else []:
        name = trust.entry.name if trust.entry else None
        if name and trust.file.name.rpartition("/")[2] != f"{name}.yaml" and trust.entry is not None:
            yield Finding(Misnamed(trust.file.name, name), (trust.entry.at,), where=(trust.file.name,))
