"""JRN026: the address to listen on is not this machine's."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("address-absent",)


@rule(
    "JRN026",
    "the address to listen on is not this machine's",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/address-absent",),
    silent_on=("journal/everyday",),
)
def address_absent(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `cannot assign requested address` where a node binds or listens, and `no suitable net.Interface found`.
    ## Why it matters
    The address in info.yaml is on no interface: the machine's address changed, the interface is not up, or the
    directory came from another machine. The node cannot take part; the others wait for it at the old address.
    ## False alarm if
    Early at boot, before the network is there: then a later start succeeds. A journal tells of the past: where the
    node's own files are newer, the finding says so and is `info`.
    ## What to do
    `ip addr` against info.yaml. Give the address back, or change the membership by the product's way (k8s-dqlite:
    update.yaml; microcluster: cluster recover), on one node, with the others stopped.
    ## References
    canonical/go-dqlite app/app.go; bind(2); FACTS 6.3
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    address = line.fields.get("address") or line.fields.get("from")
    return f"{address} is on no interface of this machine" if address else "no interface has a suitable address"
