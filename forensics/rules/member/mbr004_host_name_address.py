"""MBR004: a member's address is a host name."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of, host_part, is_ip, is_masked
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "MBR004",
    "a member's address is a host name",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/host-names",),
    silent_on=("healthy/running-111",),
)
def host_name_address(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Addresses in the newest cluster.yaml that are names instead of IP addresses.
    ## Why it matters
    The name is baked into the raft configuration. When the host is renamed, or the name no longer resolves, the
    member cannot be reached, and a lone voter cannot elect itself: no leader, with nothing in the logs that says
    why.
    ## False alarm if
    Names that a stable DNS serves are a choice that somebody made.
    ## What to do
    See whether each name still resolves, on every node, to the right machine. To go on at once: an entry in
    /etc/hosts.
    ## References
    https://github.com/canonical/lxd/issues/5086; https://github.com/canonical/microk8s/issues/5524
    """
    book = book_of(cluster)
    for member in book.members if book else ():
        host = host_part(member.address)
        if book and host and host != "localhost" and not is_ip(host) and not is_masked(host):
            message = f"member {member.address} is known by a host name: it depends on {host} resolving"
            yield Finding(message, (member.at,), nodes=(book.node,))
