"""SHP012: the trust store holds no entry: the daemon does not start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "SHP012",
    "the trust store holds no entry: the daemon does not start",
    Severity.HIGH,
    scope=Node,
    products=(
        "k8sd",
        "microceph",
        "microovn",
        "microcloud",
        "sunbeam",
    ),
    effect=Effect.NODE_DOWN,
    fires_on=("shape/empty-truststore",),
    silent_on=("healthy/k8sd",),
)
def empty_truststore(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A `truststore` folder of a microcluster state directory that is known to be empty.
    ## Why it matters
    Every member, this one too, has a file in it. Without them the daemon says `Daemon not yet initialized` or does
    not start, and no member is trusted. The database beside it is whole, and holds the same names, addresses and
    certificates.
    ## False alarm if
    A machine that never joined has no database either.
    ## What to do
    Copy truststore/ from another member (it is the same on all), or rebuild each file from core_cluster_members of
    the database.
    ## References
    https://github.com/canonical/microceph/issues/336; FACTS 8.1
    """
    if not any(name.startswith("truststore") for name in node.state.around) and not node.state.empty:
        yield NotChecked("no trust store in the input")
    for name in node.state.empty:
        parent = node.state.path.rpartition("/")[0]
        yield Finding(f"{name} is empty: no member is trusted", (Span(f"{parent}/{name}"),))
