"""What each product calls stopping, starting, and taking a member out: the commands of its own pages.

Sources are named in the product's file of steps. Empty where no page of the product says how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ProductCommands:
    """One product's commands on a node.

    Attributes:
        database: the product's word; empty where no product was recognised.
        stop: stops everything that uses the state directory.
        begin: starts it.
        status: shows whether it came up, and the members.
        directory: of the state.
        raft: the folder of it that has dqlite's own files.
        certificates: where the certificates lie.
        members: lists them, by the names that `remove` takes.
        remove: takes the member NAME out of the cluster, on another one.
        invite: gets a TOKEN for it, on another one.
        away: on the node itself, before it joins: keeps the old state, but where the product does not find it.
        join: how a member joins anew, after that.
        settle: before a node starts that became the only member: the product's own list of members says so, too.
        installs_anew: its pages say that who was taken out by force has to be installed anew before it joins.
        stops_guests: stopping it stops the instances of the machine, too.
        unit: of its journal, for journalctl.
        snap: its name; empty where it is none.
        identity: the files that tell a node who it is, as people say them.
    """

    database: str = ""
    stop: str = ""
    begin: str = ""
    status: str = ""
    directory: str = ""
    raft: str = ""
    certificates: str = ""
    members: str = ""
    remove: str = ""
    invite: str = ""
    away: tuple[str, ...] = ()
    join: str = ""
    settle: str = ""
    installs_anew: bool = False
    stops_guests: bool = False
    unit: str = ""
    snap: str = ""
    identity: str = "info.yaml and cluster.yaml"

    @property
    def start(self) -> tuple[str, ...]:
        """Starts it, and shows whether it came up."""
        return tuple(command for command in (self.begin, self.status) if command)


_K8S = "/var/snap/k8s/common/var/lib"


def _moved(directory: str) -> str:
    """Keeps a copy, on the same disk."""
    return f"sudo mv {directory} {directory}.before"


_K8S_DQLITE = ProductCommands(
    database="k8s-dqlite",
    stop="sudo snap stop k8s",
    begin="sudo snap start k8s",
    status="sudo k8s status --wait-ready",
    directory=f"{_K8S}/k8s-dqlite",
    raft=f"{_K8S}/k8s-dqlite",
    certificates=f"{_K8S}/k8s-dqlite",
    members="sudo k8s kubectl get nodes",
    remove="sudo k8s remove-node NAME --force",
    invite="sudo k8s get-join-token NAME",
    away=(  # a node that k8sd still takes for a member does not join
        _moved(f"{_K8S}/k8s-dqlite"),
        _moved(f"{_K8S}/k8sd/state"),
        "sudo snap start k8s.k8sd",
    ),
    join="sudo k8s join-cluster TOKEN",
    unit="snap.k8s.k8s-dqlite",
    snap="k8s",
)
_MICROK8S = "/var/snap/microk8s/current/var/kubernetes/backend"
_LXD = ProductCommands(
    database="lxd",
    stop="sudo snap stop lxd",
    begin="sudo snap start lxd",
    status="sudo lxc cluster list",
    directory="/var/snap/lxd/common/lxd/database",
    raft="/var/snap/lxd/common/lxd/database/global",
    certificates="/var/snap/lxd/common/lxd",
    members="sudo lxc cluster list",
    remove="sudo lxc cluster remove --force NAME",
    settle="sudo lxd cluster recover-from-quorum-loss",  # writes raft_nodes of local.db: lxd/cluster/recover.go
    installs_anew=True,
    stops_guests=True,
    unit="snap.lxd.daemon",
    snap="lxd",
    identity="local.db",
)
_LXD_PACKAGED = replace(  # by a distribution, not by snap
    _LXD,
    stop="sudo systemctl stop lxd.service lxd.socket",
    begin="sudo systemctl start lxd.socket lxd.service",
    directory="/var/lib/lxd/database",
    raft="/var/lib/lxd/database/global",
    certificates="/var/lib/lxd",
    stops_guests=False,
    unit="lxd",
    snap="",
)
_PRODUCTS = (
    _K8S_DQLITE,
    replace(
        _K8S_DQLITE,
        database="k8sd",
        directory=f"{_K8S}/k8sd/state",
        raft=f"{_K8S}/k8sd/state/database",
        certificates=f"{_K8S}/k8sd/state",
        unit="snap.k8s.k8sd",
    ),
    ProductCommands(
        database="microk8s",
        stop="microk8s stop",
        begin="microk8s start",
        status="microk8s status --wait-ready",
        directory=_MICROK8S,
        raft=_MICROK8S,
        certificates=_MICROK8S,
        members="microk8s kubectl get nodes",
        remove="microk8s remove-node NAME --force",
        invite="microk8s add-node",
        away=(f"sudo cp -a {_MICROK8S} {_MICROK8S}.before", "microk8s leave"),
        join="microk8s join ADDRESS/TOKEN",
        unit="snap.microk8s.daemon-k8s-dqlite",
        snap="microk8s",
    ),
    _LXD,
    ProductCommands(
        database="incus",
        stop="sudo systemctl stop incus.service incus.socket",
        begin="sudo systemctl start incus.socket incus.service",
        status="sudo incus cluster list",
        directory="/var/lib/incus/database",
        raft="/var/lib/incus/database/global",
        certificates="/var/lib/incus",
        members="sudo incus cluster list",
        remove="sudo incus cluster remove --force NAME",
        settle="sudo incus admin cluster recover-from-quorum-loss",  # as LXD: internal/server/cluster/recover.go
        installs_anew=True,
        unit="incus",
        identity="local.db",
    ),
    ProductCommands(
        database="microcloud",
        stop="sudo snap stop microcloud",
        begin="sudo snap start microcloud",
        status="sudo microcloud cluster list",
        directory="/var/snap/microcloud/common/state",
        raft="/var/snap/microcloud/common/state/database",
        certificates="/var/snap/microcloud/common/state",
        members="sudo microcloud cluster list",
        remove="sudo microcloud remove NAME --force",
        unit="snap.microcloud.daemon",
        snap="microcloud",
    ),
    ProductCommands(
        database="microceph",
        stop="sudo snap stop microceph",
        begin="sudo snap start microceph",
        status="sudo microceph cluster list",
        directory="/var/snap/microceph/common/state",
        raft="/var/snap/microceph/common/state/database",
        certificates="/var/snap/microceph/common/state",
        unit="snap.microceph.daemon",
        snap="microceph",
    ),
    ProductCommands(
        database="microovn",
        stop="sudo snap stop microovn",
        begin="sudo snap start microovn",
        status="sudo microovn cluster list",
        directory="/var/snap/microovn/common/state",
        raft="/var/snap/microovn/common/state/database",
        certificates="/var/snap/microovn/common/state",
        unit="snap.microovn.daemon",
        snap="microovn",
    ),
    ProductCommands(
        database="sunbeam",
        stop="sudo snap stop openstack",
        begin="sudo snap start openstack",
        directory="/var/snap/openstack/common/state",
        raft="/var/snap/openstack/common/state/database",
        certificates="/var/snap/openstack/common/state",
        unit="snap.openstack.clusterd",
        snap="openstack",
    ),
    ProductCommands(
        database="juju",
        stop="sudo systemctl stop 'jujud-machine-*'",
        directory="/var/lib/juju/dqlite",
        raft="/var/lib/juju/dqlite",
        unit="jujud-machine-*",
    ),
    ProductCommands(
        database="k3s",
        stop="sudo systemctl stop k3s",
        begin="sudo systemctl start k3s",
        directory="/var/lib/rancher/k3s/server/db",
        raft="/var/lib/rancher/k3s/server/db/state.dqlite",
        unit="k3s",
    ),
)
PRODUCT_COMMANDS = {one.database: one for one in _PRODUCTS}


def commands_of(database: str, path: str = "") -> ProductCommands:
    """Of a product whose directory is at `path` in the evidence; no commands where the product is not known."""
    if database == "lxd" and "var/lib/lxd/database" in path:
        return _LXD_PACKAGED
    return PRODUCT_COMMANDS.get(database, ProductCommands())
