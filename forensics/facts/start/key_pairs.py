"""Key pairs that a product loads at its start, and ends where it cannot (Go's tls.LoadX509KeyPair)."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.credentials import CertificateFile, KeyFile
from forensics.facts.node.node import Node
from forensics.facts.node.precondition import Unmet

K8S_DQLITE = frozenset({"k8s-dqlite", "microk8s"})  # one program
_LXD = frozenset({"lxd", "incus"})


def key_pairs(node: Node) -> Iterator[tuple[Unmet, str]]:
    """What is wrong with the pairs that a node's product loads: why, and the file.

    k8s-dqlite wants `cluster`, and makes none; the others load `server` and `cluster`, and make a new pair where one
    half is missing. Other products keep their pairs elsewhere.
    """
    product = node.state.product
    if product.database in K8S_DQLITE:
        yield from _of_pair(node, "cluster", makes_one=False)
        leaf = node.credentials.leaf("cluster")
        if leaf is not None and not leaf.names:
            yield Unmet.NO_DNS_NAME, "cluster.crt"
    elif product.database in _LXD or node.state.in_microcluster:
        yield from _of_pair(node, "server", makes_one=True)
        yield from _of_pair(node, "cluster", makes_one=True)


def _of_pair(node: Node, name: str, *, makes_one: bool) -> Iterator[tuple[Unmet, str]]:
    certificate, key = node.credentials.certificates.get(name), node.credentials.keys.get(name)
    if certificate is None or key is None:
        if not makes_one and (certificate or key) and node.state.listing and not node.state.listing_cut:
            shown = (certificate or key).file.name in node.state.listed  # type: ignore[union-attr] # one of them is there
            if shown and certificate is None:
                yield Unmet.CERTIFICATE_MISSING, f"{name}.crt"
            elif shown:
                yield Unmet.KEY_MISSING, f"{name}.key"
        return
    if _is_unusable(certificate):
        yield Unmet.CERTIFICATE_UNUSABLE, certificate.file.name
    if _is_unusable(key):
        yield Unmet.KEY_UNUSABLE, key.file.name
    leaf, private = certificate.leaf, key.key
    if leaf and private and leaf.public_key is not None and leaf.public_key != private.public_key:
        yield Unmet.KEY_PAIR_MISMATCH, key.file.name


def _is_unusable(held: CertificateFile | KeyFile) -> bool:
    """It is empty, or its first block cannot be read."""
    if held.file.size_max == 0:
        return True
    if held.parsed is None or held.file.cut:
        return False
    return (held.leaf if isinstance(held, CertificateFile) else held.key) is None
