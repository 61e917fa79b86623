"""MCL004: two truststore entries for one name, address or certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from forensics.facts.node.node import Node
from forensics.parsers.microcluster import TrustEntry
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "MCL004",
    "truststore entries that contradict each other",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/duplicate-trust",),
    silent_on=("healthy/k8sd",),
)
def duplicates(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names, addresses and certificates stand once in the truststore.
    ## Why it matters
    Look-ups go by name, by address and by certificate: of two entries only one is found, and which is chance. It is the
    usual trace of a member that was removed, rebuilt and joined again.
    ## False alarm if
    Never, in a settled cluster.
    ## What to do
    Find out which entry is the living member (server.crt's fingerprint on that host), and remove the other by the
    product's own command.
    ## References
    FACTS 8.3 (relation 9)
    """
    entries = node.microcluster.entries() if node.microcluster else []
    readers: dict[str, Callable[[TrustEntry], str | None]] = {
        "name": lambda entry: entry.name,
        "address": lambda entry: entry.address,
        "certificate": lambda entry: entry.certificate.fingerprint[:16] + "…" if entry.certificate else None,
    }
    for what, read in readers.items():
        groups: dict[str | None, list[TrustEntry]] = defaultdict(list)
        for entry in entries:
            groups[read(entry)].append(entry)
        for value, group in groups.items():
            if value is not None and len(group) > 1:
                message = f"{len(group)} truststore entries have the {what} {value}"
                yield Finding(message, tuple(entry.at for entry in group))
