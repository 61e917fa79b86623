"""MBR004: a member's address is a host name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeGuard

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of, host_part, is_ip, is_masked
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class HostNameAddress:
    """A member whose address has a host name instead of an IP address."""

    kind: ClassVar[str] = "host-name-address"
    address: str
    host: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the address of member {self.address} is a host name",
            (f"The other members reach it only while {self.host} resolves.",),
        )


@rule(
    "MBR004",
    "member whose address is a host name",
    Severity.LOW,
    fault=FaultKind.ADDRESS,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/host-names",),
    silent_on=("healthy/running-111",),
)
def host_name_address(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the newest cluster.yaml has host names where IP addresses are usual.
    ## Why it matters
    The name is part of the raft configuration. If the host is renamed, or the name no longer resolves, nobody reaches
    the member, and a single voter cannot elect itself: there is no leader, and no log says why.
    ## False alarm if
    Somebody chose names on purpose, and a stable DNS serves them.
    ## What to do
    See whether each name still resolves to the right machine, on every node. Until then, add an entry to
    /etc/hosts.
    ## References
    https://github.com/canonical/lxd/issues/5086; https://github.com/canonical/microk8s/issues/5524
    """
    book = book_of(cluster)
    told: set[str] = set()
    for member in book.members if book else ():
        address, host = member.address or "", host_part(member.address)
        if book and _is_name(host) and address not in told:
            told.add(address)
            yield Finding(HostNameAddress(address, host), (member.at,), nodes=(book.node,), where=(address,))


def _is_name(host: str | None) -> TypeGuard[str]:
    """A number alone is no address at all: ID010."""
    return host is not None and host not in ("", "localhost") and not (is_ip(host) or is_masked(host) or host.isdigit())
