"""How a finding about a machine names it: shared by the rules that judge hosts."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host


def nodes_on(case: Case, host: Host) -> tuple[str, ...]:
    """The nodes whose directories are this machine's, each name once."""
    return tuple(dict.fromkeys(node.name for node in case.nodes_of(host)))


def nodes_or_name(case: Case, host: Host) -> tuple[str, ...]:
    """Its nodes; the machine's own name where it has none."""
    return nodes_on(case, host) or ((host.name,) if host.name else ())


def machine_key(host: Host) -> str:
    """What tells it from other machines in a finding's key: its name, else where its files lie in the input."""
    return host.name or host.root
