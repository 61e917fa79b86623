"""CERT011: one half of a certificate and key pair, where the listing shows that the other is not there."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_PAIRS = ("cluster", "server")
_READS_BOTH = ("k8s-dqlite", "microk8s")  # TLS is on by default, and from this directory


@rule(
    "CERT011",
    "half of a certificate and key pair is missing",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("certificate/key-missing",),
    silent_on=("healthy/k8sd", "shape/healthy-listing"),
)
def half_pair(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `cluster.crt` with `cluster.key` and `server.crt` with `server.key`, in a listing that is whole. In a copy the keys
    are left out on purpose more often than not: nothing is said of it.
    ## Why it matters
    k8s-dqlite loads both before anything else, and ends: `failed to load keypair from cluster.crt and cluster.key`. LXD
    and microcluster make a new pair in place of the half one, without a word: a `cluster.crt` that no other member has,
    a `server.crt` that nobody trusts (medium). A recovery tarball of k8s-dqlite holds neither, and no info.yaml: each
    node has to put its own back.
    ## False alarm if
    Where the product runs with TLS switched off. A listing with none of the four may be an excerpt: told as info.
    ## What to do
    `cluster.crt` and `cluster.key` are the same on all members: copy both from a healthy one. Of `server.*` restore the
    pair from a backup of this node.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; canonical/lxd shared/cert.go (FindOrGenCert; microcluster uses it too);
    canonical/k8s-snap src/k8s/cmd/k8sd/k8sd_cluster_recover.go (what its tarball leaves out); FACTS 6.5, 7.2
    """
    credentials = node.credentials
    held = [name for name in _PAIRS if name in credentials.certificates or name in credentials.keys]
    if node.state.listing_cut or not node.state.listing:
        if any((name in credentials.certificates) != (name in credentials.keys) for name in held):
            yield NotChecked("no whole listing: a copy often leaves keys out on purpose")
        return
    product = node.state.product.database
    if not held and product in _READS_BOTH and node.state.collection is not None and node.last_index is not None:
        shown = next(iter(node.state.listed.values()))
        message = "the listing shows neither cluster.crt nor cluster.key"
        yield Finding(message, (shown.at,), Severity.INFO, effect=Effect.NONE)
    for name in held:
        certificate, key = credentials.certificates.get(name), credentials.keys.get(name)
        shown_half = (certificate or key) if (certificate is None) != (key is None) else None
        if shown_half is None or not _listed(node, shown_half.file):
            continue
        other = f"{name}.key" if certificate else f"{name}.crt"
        message = f"the listing shows {shown_half.file.name} and no {other}"
        if product in _READS_BOTH:
            yield Finding(message, (shown_half.file.at,))
        else:
            yield Finding(f"{message}: the next start makes a new pair", (shown_half.file.at,), Severity.MEDIUM)


def _listed(node: Node, file: StateFile) -> bool:
    return file.listed or file.name in node.state.listed
