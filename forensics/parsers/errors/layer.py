"""Of which layer an error is: from the disk up to the product, by who speaks and by what it names.

Sources: canonical/dqlite src/raft, src; canonical/go-dqlite driver, client, app; k3s-io/kine; canonical/microcluster;
docs/reference/products.md.
"""

from __future__ import annotations

import re
from enum import StrEnum

from forensics.parsers.errors.record import Record


class Layer(StrEnum):
    """The part of the system that an error is of."""

    RAFT = "raft"
    DQLITE = "dqlite"
    CLIENT = "go-dqlite"
    SQLITE = "sqlite"
    KINE = "kine"
    TLS = "tls"
    MICROCLUSTER = "microcluster"
    K8S_DQLITE = "k8s-dqlite"
    LXD = "lxd"
    INCUS = "incus"
    JUJU = "juju"
    K3S = "k3s"
    KUBERNETES = "kubernetes"
    SNAP = "snap"
    SYSTEMD = "systemd"
    KERNEL = "kernel"


# What a text names decides before who speaks: one process holds all layers from raft up to the product.
_NAMED: tuple[tuple[Layer, re.Pattern[str]], ...] = tuple(
    (layer, re.compile(pattern))
    for layer, pattern in (
        (Layer.TLS, r"(?i)\btls: |\bx509\b|\bcertificate\b|truststore"),
        (
            Layer.RAFT,
            (
                r"(?i)\braft(?:_\w+\(|: |\.c\b|/)|\blibraft\b|closed segment|open segment|\bmetadata[12]\b"
                r"|snapshot-\d+-\d+|\bsrc/raft/|\buv_\w+\.c\b|\braft (?:entr|log|term)"
            ),
        ),
        (Layer.SQLITE, r"\bSQLITE_[A-Z]|\bsqlite3?(?:_\w+)?: |\bsqlite3_\w+\("),
        (Layer.KINE, r"(?i)\bkine\b|\bcompact_rev_key\b"),
        (Layer.CLIENT, r"(?i)\bgo-dqlite\b|\bdqlite/v?\d?/?(?:driver|client|app)\b|\bdriver: |\bprotocol/connector"),
        (Layer.DQLITE, r"(?i)\bLIBDQLITE\b|\bdqlite_\w+\(|\bsrc/(?:server|gateway|leader|vfs)\.c\b|\bdqlite: "),
        (Layer.MICROCLUSTER, r"(?i)\bmicrocluster\b"),
        (Layer.SYSTEMD, r"^systemd(?:\[|: )|\bsystemctl\b"),
        (Layer.SNAP, r"^snapd?(?:\[|: )|\bsnapd\b"),
    )
)
_SPEAKERS: tuple[tuple[Layer, re.Pattern[str]], ...] = tuple(
    (layer, re.compile(pattern))
    for layer, pattern in (
        (Layer.RAFT, r"LIBRAFT"),
        (Layer.DQLITE, r"LIBDQLITE|LIBCOWSQL|dqlite"),
        (Layer.K8S_DQLITE, r"\A(?:.*\.)?k8s-dqlite|microk8s\.daemon-(?:k8s-)?dqlite"),
        (Layer.MICROCLUSTER, r"\A(?:.*\.)?(?:k8sd|clusterd)|(?:micro(?:ceph|ovn|cloud))(?:d|\.daemon)?"),
        (Layer.LXD, r"lxd(?:\.daemon)?"),
        (Layer.INCUS, r"incusd?"),
        (Layer.JUJU, r"jujud?(?:-(?:machine|controller)-\d+)?|machine-\d+|controller-\d+|juju\..*"),
        (Layer.K3S, r"k3s(?:-agent)?"),
        (Layer.KINE, r"kine"),
        (
            Layer.KUBERNETES,
            (
                r"\A(?:microk8s\.daemon-(?:kube\w+|apiserver|controller-manager|scheduler|proxy)"
                r"|(?:.*\.)?kube[\w-]*|[\w.-]+\.go:\d+)"
            ),
        ),
        (Layer.SNAP, r"snapd?|snapctl"),
        (Layer.SYSTEMD, r"systemd"),
        (Layer.KERNEL, r"kernel"),
    )
)


def layer_of(record: Record, unit: str) -> Layer | None:
    """The layer of an error; None where neither its words nor its speaker tell one.

    Args:
        record: the line, taken apart.
        unit: whose journal it stands in, `` where nothing tells.
    """
    named = (layer for layer, pattern in _NAMED if pattern.search(record.message))
    speaker = (record.source or unit).removeprefix("snap.").removesuffix(".service")
    spoken = (layer for layer, pattern in _SPEAKERS if pattern.fullmatch(speaker))
    return next(named, None) or next(spoken, None)
