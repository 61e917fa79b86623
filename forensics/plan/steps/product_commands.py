"""What each product calls stopping, starting, and taking a member out: the commands of its own pages.

Sources are named in the product's file of steps. Empty where no page of the product says how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ProductCommands:
    """One product's commands on a node.

    Attributes:
        stop: stops everything that uses the state directory.
        start: starts it, and shows whether it came up.
        directory: of the state.
        remove: takes the member NAME out of the cluster, on another one.
        join: how a member joins anew, after its state was deleted.
        unit: of its journal, for journalctl.
    """

    stop: str = ""
    start: tuple[str, ...] = ()
    directory: str = "the state directory"
    remove: str = ""
    join: str = ""
    unit: str = ""


_K8S = "/var/snap/k8s/common/var/lib"
_K8S_SNAP = ProductCommands(
    stop="sudo snap stop k8s",
    start=("sudo snap start k8s", "sudo k8s status --wait-ready"),
    remove="sudo k8s remove-node NAME --force",
    join="sudo k8s join-cluster TOKEN",
)
PRODUCT_COMMANDS = {
    "k8s-dqlite": replace(_K8S_SNAP, directory=f"{_K8S}/k8s-dqlite", unit="snap.k8s.k8s-dqlite"),
    "k8sd": replace(_K8S_SNAP, directory=f"{_K8S}/k8sd/state", unit="snap.k8s.k8sd"),
    "microk8s": ProductCommands(
        stop="microk8s stop",
        start=("microk8s start", "microk8s status --wait-ready"),
        directory="/var/snap/microk8s/current/var/kubernetes/backend",
        remove="microk8s remove-node NAME --force",
        join="microk8s join ADDRESS/TOKEN",
        unit="snap.microk8s.daemon-k8s-dqlite",
    ),
    "lxd": ProductCommands(
        stop="sudo snap stop lxd",
        start=("sudo snap start lxd", "sudo lxc cluster list"),
        directory="/var/snap/lxd/common/lxd/database",
        remove="sudo lxc cluster remove --force NAME",
        unit="snap.lxd.daemon",
    ),
    "incus": ProductCommands(
        stop="sudo systemctl stop incus.service incus.socket",
        start=("sudo systemctl start incus.socket incus.service", "sudo incus cluster list"),
        directory="/var/lib/incus/database",
        remove="sudo incus cluster remove --force NAME",
        unit="incus",
    ),
    "microcloud": ProductCommands(
        stop="sudo snap stop microcloud",
        start=("sudo snap start microcloud", "sudo microcloud cluster list"),
        directory="/var/snap/microcloud/common/state",
        remove="sudo microcloud remove NAME --force",
        unit="snap.microcloud.daemon",
    ),
    "microceph": ProductCommands(
        stop="sudo snap stop microceph",
        start=("sudo snap start microceph", "sudo microceph status"),
        directory="/var/snap/microceph/common/state",
        unit="snap.microceph.daemon",
    ),
    "microovn": ProductCommands(
        stop="sudo snap stop microovn",
        start=("sudo snap start microovn", "sudo microovn status"),
        directory="/var/snap/microovn/common/state",
        unit="snap.microovn.daemon",
    ),
    "sunbeam": ProductCommands(
        stop="sudo snap stop openstack",
        start=("sudo snap start openstack",),
        directory="/var/snap/openstack/common/state",
        unit="snap.openstack.clusterd",
    ),
}


def commands_of(database: str) -> ProductCommands:
    """Of a product; none of a command where the product is not known."""
    return PRODUCT_COMMANDS.get(database, ProductCommands())
