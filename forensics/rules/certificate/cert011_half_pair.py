"""CERT011: one half of a key pair, where the listing shows that the other is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.credentials import Credentials
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words

_PAIRS = ("cluster", "server")
_READS_BOTH = ("k8s-dqlite", "microk8s")  # TLS is on by default, and from this directory


@dataclass(frozen=True, slots=True)
class HalfPair:
    """A key pair of which one half is missing.

    Attributes:
        present, missing: names of the two files.
        replaced: the product makes a new pair by itself, instead of stopping.
    """

    kind: ClassVar[str] = "half-pair"
    present: str
    missing: str
    replaced: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        problem = f"{self.present} is in the listing, but {self.missing} is not"
        if not self.replaced:
            return Words(problem)
        return Words(
            problem,
            ("The next start makes a new key pair without saying so, and other members do not trust it.",),
            f"Restore {self.missing} before the node is started: cluster.* from another member, server.* from a backup "
            "of this node.",
        )


@dataclass(frozen=True, slots=True)
class NoPair:
    """A whole listing without the key pair that the product needs."""

    kind: ClassVar[str] = "no-pair"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the listing shows neither cluster.crt nor cluster.key",
            ("The listing may be an excerpt.",),
            "Check on the node that both files are there.",
        )


@rule(
    "CERT011",
    "half of a key pair is missing",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("certificate/key-missing",),
    silent_on=("healthy/k8sd", "shape/healthy-listing"),
)
def half_pair(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    In a complete listing: `cluster.crt` goes with `cluster.key`, and `server.crt` with `server.key`. Copies are not
    judged, because keys are usually left out of them on purpose.
    ## Why it matters
    k8s-dqlite loads both files first, and ends with `failed to load keypair from cluster.crt and cluster.key`. LXD and
    microcluster replace half a pair by a new pair without saying so: a `cluster.crt` that no other member has, or a
    `server.crt` that nobody trusts. A recovery tarball of k8s-dqlite contains neither file, and no info.yaml: each node
    has to put its own back.
    ## False alarm if
    The product runs with TLS switched off. Where the product makes a new pair, or where the listing has none of the
    four files and may be an excerpt, the finding is milder.
    ## What to do
    `cluster.crt` and `cluster.key` are the same on all members: copy both from a healthy one. Restore `server.crt` and
    `server.key` together from a backup of this node.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; canonical/lxd shared/cert.go (FindOrGenCert, which microcluster uses
    too); canonical/k8s-snap src/k8s/cmd/k8sd/k8sd_cluster_recover.go (what its tarball leaves out);
    docs/reference/go-dqlite.md#tls; docs/reference/k8s-dqlite.md#control-files
    """
    credentials = node.credentials
    halves = {name: half for name in _PAIRS if (half := _half(credentials, name))}
    if node.state.listing_cut or not node.state.listing:
        if halves:
            yield NotChecked("no complete listing, and copies often leave keys out on purpose", "listing-incomplete")
        return
    reads_both = node.state.product.database in _READS_BOTH
    if reads_both and _has_no_pair(node):
        shown = next(iter(node.state.listed.values()))
        yield Finding(NoPair(), (shown.at,), Severity.INFO, effect=Effect.NONE)
    for name, half in halves.items():
        if half.listed or half.name in node.state.listed:
            missing = f"{name}.key" if name in credentials.certificates else f"{name}.crt"
            problem = HalfPair(half.name, missing, replaced=not reads_both)
            yield Finding(problem, (half.at,), None if reads_both else Severity.MEDIUM, where=(missing,))


def _has_no_pair(node: Node) -> bool:
    """A node with a log, in a collector's report, whose listing shows not one file of a pair."""
    held = {*node.credentials.certificates, *node.credentials.keys}
    return not held & {*_PAIRS} and node.state.collection is not None and node.last_index is not None


def _half(credentials: Credentials, name: str) -> StateFile | None:
    """The one file of a pair that is there; None where both are."""
    certificate, key = credentials.certificates.get(name), credentials.keys.get(name)
    half = certificate or key
    return half.file if half and (certificate is None or key is None) else None
