"""MCL001: daemon.yaml and the database disagree on this member's address."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL001",
    "daemon.yaml and info.yaml give different addresses",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.INFO),
    fires_on=("microcluster/other-address",),
    silent_on=("healthy/k8sd",),
)
def daemon_address(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `address` of daemon.yaml is `Address` of database/info.yaml.
    ## Why it matters
    The daemon hands its own address to go-dqlite, which compares it with info.yaml and refuses to start:
    `address "…" in info.yaml does not match "…"`.
    ## False alarm if
    Never, on a member that has joined.
    ## What to do
    Find out which address the host has now. An address is changed by the product's own recovery, on all members, not by
    editing one file.
    ## References
    FACTS 8.3 (relation 1), 6.3
    """
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    info = node.info.value if node.info else None
    if daemon is None or info is None or daemon.address is None or info.address is None:
        yield NotChecked("daemon.yaml or info.yaml gives no address")
    elif daemon.address != info.address:
        message = f"daemon.yaml says {daemon.address}, database/info.yaml says {info.address}"
        yield Finding(message, (daemon.at, info.at))
