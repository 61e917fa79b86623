"""MCL003: a member that is not in its own truststore, or is there with another certificate."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL003",
    "member not in its own truststore as it is",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=("healthy/k8sd",),
)
def not_trusted(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The truststore has an entry with daemon.yaml's name, whose certificate is server.crt and whose address is
    daemon.yaml's.
    ## Why it matters
    All members hold the same truststore: whoever is not in it as it is, is turned away by the others.
    ## False alarm if
    While a member is joining. A collector that copies only some truststore files (sos copies one) leaves this
    unchecked.
    ## What to do
    Compare with the truststore of the other members, and with `core_cluster_members`. Restore the entry from a healthy
    member; after a change of addresses use the product's cluster recovery.
    ## References
    FACTS 8.3 (relations 2, 3 and 5)
    """
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    if node.microcluster is None or daemon is None or daemon.name is None:
        yield NotChecked("daemon.yaml gives no name")
        return
    entries = node.microcluster.entries()
    if not entries:
        yield NotChecked("no truststore entry is at hand")
        return
    own = next((entry for entry in entries if entry.name == daemon.name), None)
    if own is None:
        if any(trust.entry is None for trust in node.microcluster.truststore):
            yield NotChecked("some truststore entries cannot be read")
        else:
            yield Finding(f"no truststore entry is called {daemon.name}", (daemon.at, entries[0].at))
        return
    if daemon.address and own.address and own.address != daemon.address:
        message = f"the truststore has {daemon.name} at {own.address}, daemon.yaml says {daemon.address}"
        yield Finding(message, (own.at, daemon.at))
    leaf = node.credentials.leaf("server")
    if leaf and own.certificate and leaf.fingerprint != own.certificate.fingerprint:
        message = f"the truststore trusts another certificate of {daemon.name} than its server.crt"
        yield Finding(message, (own.at, leaf.at))
