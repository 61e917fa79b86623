"""Which product a state directory belongs to, told by where it lies.

Source: docs/reference/k8s-dqlite.md#directories;
docs/reference/microcluster.md#state-directory;
docs/reference/products.md#other-products.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A product and the database that it keeps in dqlite.

    Attributes:
        database: the word of report.json.
        suffixes: how the path of its raft directory ends; `*` stands for one part (a snap's revision).
        title: for people.
    """

    database: str
    suffixes: tuple[str, ...]
    title: str


PRODUCTS = (
    Product(
        "k8s-dqlite", ("var/snap/k8s/common/var/lib/k8s-dqlite", "k8s-dqlite"), "Canonical Kubernetes (k8s-dqlite)"
    ),
    Product(
        "k8sd",
        ("var/snap/k8s/common/var/lib/k8sd/state/database", "k8sd/state/database", "k8sd/database"),
        "Canonical Kubernetes (k8sd)",
    ),
    Product(
        "microk8s",
        ("var/snap/microk8s/*/var/kubernetes/backend", "var/kubernetes/backend", "kubernetes/backend"),
        "MicroK8s",
    ),
    Product(
        "lxd",
        (
            "var/snap/lxd/common/lxd/database/global",
            "var/lib/lxd/database/global",
            "lxd/database/global",
            "database/global",
        ),
        "LXD",
    ),
    Product("incus", ("var/lib/incus/database/global", "incus/database/global"), "Incus"),
    Product("microceph", ("var/snap/microceph/common/state/database", "microceph/common/state/database"), "MicroCeph"),
    Product("microovn", ("var/snap/microovn/common/state/database", "microovn/common/state/database"), "MicroOVN"),
    Product(
        "microcloud", ("var/snap/microcloud/common/state/database", "microcloud/common/state/database"), "MicroCloud"
    ),
    Product("sunbeam", ("var/snap/openstack/common/state/database", "openstack/common/state/database"), "Sunbeam"),
    Product("juju", ("var/lib/juju/dqlite", "juju/dqlite"), "Juju"),
    Product("k3s", ("var/lib/rancher/k3s/server/db/state.dqlite", "db/state.dqlite"), "k3s"),
)
UNITS = {
    "k8s-dqlite": ("snap.k8s.k8s-dqlite",),
    "k8sd": ("snap.k8s.k8sd",),
    "microk8s": ("snap.microk8s.daemon-k8s-dqlite", "snap.microk8s.daemon-kubelite"),
    "lxd": ("snap.lxd.daemon", "lxd"),
    "incus": ("incus",),
    "microceph": ("snap.microceph.daemon",),
    "microovn": ("snap.microovn.daemon",),
    "microcloud": ("snap.microcloud.daemon",),
    "sunbeam": ("snap.openstack.clusterd",),
    "juju": ("jujud-machine-*",),
    "k3s": ("k3s",),
}
"""systemd's units in which a database's dqlite runs; `*` stands for a number."""
DATABASE_NAMES = {
    "k8s-dqlite": "k8s",
    "microk8s": "k8s",
    "k8sd": "db.bin",
    "lxd": "db.bin",
    "incus": "db.bin",
    "microceph": "db.bin",
    "microovn": "db.bin",
    "microcloud": "db.bin",
    "sunbeam": "db.bin",
    "juju": "controller",
}
"""What products call their database inside dqlite (docs/reference/commands.md#names-and-limits). Juju has one more for
each model."""
UNKNOWN = Product("unknown", (), "a dqlite application")

_MICROCLUSTER = frozenset({"k8sd", "microceph", "microovn", "microcloud", "sunbeam"})


def product_of(directory: str) -> tuple[Product, str]:
    """The product of a raft directory, and what of its path stands before the product's own part (the host's root)."""
    known = _BY_LAST_PART.get(directory.rpartition("/")[2])
    if known is None:
        return UNKNOWN, directory
    parts = directory.split("/")
    for suffix, product in known:
        if _ends(parts[-len(suffix) :], suffix):
            return product, "/".join(parts[: len(parts) - len(suffix)])
    return UNKNOWN, directory


def _by_last_part() -> dict[str, list[tuple[list[str], Product]]]:
    """Suffixes in parts by their last one, the longest first: of the folders of a report few end like any."""
    found: dict[str, list[tuple[list[str], Product]]] = defaultdict(list)
    for product in PRODUCTS:
        for suffix in product.suffixes:
            parts = suffix.split("/")
            found[parts[-1]].append((parts, product))
    return {last: sorted(known, key=lambda one: -len(one[0])) for last, known in found.items()}


_BY_LAST_PART = _by_last_part()


def _ends(parts: list[str], suffix: list[str]) -> bool:
    return len(parts) == len(suffix) and all(want in ("*", part) for part, want in zip(parts, suffix, strict=True))


def is_microcluster(product: Product) -> bool:
    """Its raft directory is a `database` folder inside a microcluster state directory."""
    return product.database in _MICROCLUSTER


def by_name(database: str) -> Product:
    """The product whose database carries that name in report.json."""
    return next((product for product in PRODUCTS if product.database == database), UNKNOWN)
