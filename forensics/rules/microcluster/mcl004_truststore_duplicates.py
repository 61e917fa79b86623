"""MCL004: two truststore entries for one name, address or certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.microcluster import TrustEntry
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words

_SHOWN_DIGITS = 16  # of a fingerprint: enough to compare by eye


class Field(Enum):
    """What may appear only once in a truststore."""

    NAME = "name"
    ADDRESS = "address"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class DuplicateEntries:
    """Several truststore entries with one name, address or certificate.

    Attributes:
        field: what they have in common.
        value: the name, the address, or the beginning of the certificate's fingerprint.
        entries: how many.
    """

    kind: ClassVar[str] = "duplicate-entries"
    field: Field
    value: str
    entries: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        shown = f"{self.value}…" if self.field is Field.CERTIFICATE else self.value
        return Words(f"{self.entries} truststore entries have the {self.field.value} {shown}")


_READERS: dict[Field, Callable[[TrustEntry], str | None]] = {
    Field.NAME: lambda entry: entry.name,
    Field.ADDRESS: lambda entry: entry.address,
    Field.CERTIFICATE: lambda entry: entry.certificate.fingerprint[:_SHOWN_DIGITS] if entry.certificate else None,
}


@rule(
    "MCL004",
    "truststore entries that contradict each other",
    Severity.MEDIUM,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/duplicate-trust",),
    silent_on=("healthy/k8sd",),
)
def duplicates(node: Node) -> Iterator[Finding]:
    """## What it checks
    No name, address or certificate appears twice in the truststore.
    ## Why it matters
    The daemon looks entries up by name, by address and by certificate. Of two such entries it finds one, and nothing
    determines which. Usually a member was removed, rebuilt, and joined again.
    ## False alarm if
    A member was being added or removed when the copy was made.
    ## What to do
    Find out which entry is the living member (by the fingerprint of server.crt on that host), and remove the other with
    the product's own command.
    ## References
    docs/reference/microcluster.md#relations-that-hold (relation 9)
    """
    entries = node.microcluster.entries() if node.microcluster else []
    for field, read in _READERS.items():
        groups: dict[str | None, list[TrustEntry]] = defaultdict(list)
        for entry in entries:
            groups[read(entry)].append(entry)
        for value, group in groups.items():
            if value is not None and len(group) > 1:
                spans = tuple(entry.at for entry in group)
                yield Finding(DuplicateEntries(field, value, len(group)), spans, where=(field.value, value))
