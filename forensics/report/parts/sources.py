"""Where each product keeps what belongs to its dqlite state, and which units write it.

Source: docs/reference/k8s-dqlite.md#directories;
docs/reference/microcluster.md#state-directory;
docs/reference/products.md#other-products.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from forensics.ingest.products import UNITS, Product, is_microcluster


@dataclass(frozen=True, slots=True)
class Source:
    """What to take from one machine.

    Attributes:
        copied: absolute paths for `tar`; keys are left out.
        listed: the directory that holds the keys, for their sizes and modes; `deep` where some lie in folders of it.
        units: whose journal tells of it.
        stop, start: commands that make a consistent copy possible; empty where stopping does more harm than a torn
            copy (LXD stops its instances with itself).
    """

    copied: tuple[str, ...]
    listed: str
    deep: bool = False
    units: tuple[str, ...] = ()
    stop: str = ""
    start: str = ""


_SNAPS = {
    "k8s-dqlite": "k8s.k8s-dqlite",
    "k8sd": "k8s.k8sd",
    "microk8s": "microk8s",
    "microceph": "microceph.daemon",
    "microovn": "microovn.daemon",
    "microcloud": "microcloud.daemon",
    "sunbeam": "openstack.clusterd",
}
_ANYWHERE = "DIRECTORY"  # the reader must fill it in


def source_of(product: Product, path: str = "") -> Source:
    """For a product's state at `path` (as in the evidence; the usual place where it tells none)."""
    where, deep = _usual(product, path), is_microcluster(product)
    listed = where.removesuffix("/database") if deep else where.removesuffix("/database/global")
    if deep:  # daemon.yaml, truststore and certificates lie around the raft directory
        copied: tuple[str, ...] = (listed,)
    elif listed != where:  # LXD's own database, too, and its certificates
        copied = (f"{listed}/database", f"{listed}/server.crt", f"{listed}/cluster.crt")
    else:
        copied = (where,)
    snap = _SNAPS.get(product.database)
    stop, start = (f"sudo snap {verb} {snap}" if snap else "" for verb in ("stop", "start"))
    return Source(copied, listed, deep, UNITS.get(product.database, ()), stop, start)


def _usual(product: Product, path: str) -> str:
    """The absolute path: that of the evidence where it is one of the product's full ones, else the first of these."""
    full = [suffix for suffix in product.suffixes if suffix.startswith(("var/snap/", "var/lib/"))]
    if not full:
        return _ANYWHERE
    seen = next((suffix for suffix in full if fnmatchcase(f"/{path}", f"*/{suffix}")), full[0])
    return "/" + seen.replace("*", "current")
