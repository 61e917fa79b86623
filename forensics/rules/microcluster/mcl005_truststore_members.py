"""MCL005: the truststore and the raft configuration name different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL005",
    "truststore and raft configuration disagree on the members",
    Severity.LOW,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.CONFIGURATION),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=("healthy/k8sd",),
)
def members(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses of the truststore are those of the newest raft configuration on this node.
    ## Why it matters
    A raft member that nobody trusts cannot vote; a trusted host that is no raft member is a removal or a join that
    stopped half-way.
    ## False alarm if
    For one heartbeat (10 s) after each join or removal; a pending member is trusted before it is in raft.
    ## What to do
    Compare with `core_cluster_members` and with what the customer says was added or removed last.
    ## References
    FACTS 8.3 (relation 4)
    """
    configuration = node.configuration
    if node.microcluster is None or configuration is None:
        return
    if any(trust.entry is None or trust.entry.address is None for trust in node.microcluster.truststore):
        yield NotChecked("some truststore entries cannot be read")
        return
    trusted = {entry.address for entry in node.microcluster.entries()}
    raft = {server.address for server in configuration.configuration.servers}
    if not trusted:
        yield NotChecked("no truststore entry is at hand")
        return
    evidence = (configuration.configuration.at, *(entry.at for entry in node.microcluster.entries()))
    if raft - trusted:
        yield Finding(f"in raft but not trusted: {', '.join(sorted(raft - trusted))}", evidence)
    if trusted - raft:
        yield Finding(f"trusted but not in raft: {', '.join(sorted(a for a in trusted - raft if a))}", evidence)
