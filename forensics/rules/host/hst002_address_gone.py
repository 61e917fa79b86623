"""HST002: the machine no longer has the node's address."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.yaml_membership import host_part, is_ip
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "HST002",
    "the machine no longer has the node's address",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("host/address-gone", "host/renamed", "host/pasted-addresses"),
    silent_on=("host/healthy",),
)
def address_gone(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The address in info.yaml against the addresses of the machine's interfaces, or its host name against the name in
    the address.
    ## Why it matters
    Raft knows members by the address in its configuration. When the machine's address or name changes, the others
    dial the old one, and the node cannot listen on it: no leader is found, and nothing in the logs says why.
    ## False alarm if
    Addresses behind NAT or a virtual address that moved away for the moment. `sos clean` replaces addresses
    consistently inside of one set.
    ## What to do
    Give the machine its old address back, or change the membership by the product's own way, on one node with the
    others stopped (k8s-dqlite: update.yaml; MicroK8s: restore-quorum; LXD: `lxd cluster edit`; microcluster:
    cluster recover).
    ## References
    https://github.com/canonical/microk8s/issues/2689; https://github.com/canonical/microk8s/issues/1955;
    https://github.com/canonical/microk8s/issues/5524
    """
    seen = False
    for host in case.hosts:
        for node in case.nodes_of(host):
            where = host_part(node.address)
            if where is None or node.info is None or node.info.value is None:
                continue
            if is_ip(where):
                if not host.addresses or where.startswith("127.") or where == "::1":
                    continue
                seen = True
                if where.lower() not in host.addresses:
                    has = ", ".join(sorted(host.addresses)[:4])
                    message = f"info.yaml has {where}, but the machine has {has}: its address changed"
                    spans = (node.info.value.at, next(iter(host.addresses.values())))
                    yield Finding(message, spans, nodes=(node.name,))
            elif host.name and where != "localhost":
                seen = True
                if where.partition(".")[0].lower() != host.name.partition(".")[0].lower():
                    message = f"info.yaml has the host name {where}, the machine is called {host.name}: it was renamed"
                    yield Finding(message, (node.info.value.at,), nodes=(node.name,))
    if not seen:
        yield NotChecked("no addresses of the machine (ip addr) in the input")
