"""Preconditions: what the machine, the leftovers and the other database say. Sources: see forensics/plan/checks."""

from __future__ import annotations

from typing import Any

import pytest

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Disk, Host
from forensics.plan.checks import State
from forensics.plan.plan import Plan, plan
from tests.made_clusters import ONE, THREE, TWO, Entry, base, clusters_of, directory, history

K8S = "var/snap/k8s/common/var/lib"
LXD = "var/snap/lxd/common/lxd/database"
LOG: list[Entry] = history((1, "row"))
NODES = (("n1", ONE), ("n2", TWO), ("n3", THREE))
AT = Span("df", 0, 1)


def files_of(place: str, *, yaml: bool = True) -> dict[str, bytes]:
    """n1 to n3, each on a host of that name, with the state directory at `place`."""
    found = {}
    for name, who in NODES:
        for path, data in directory(name, who, LOG, 1).items():
            if yaml or not path.endswith(".yaml"):
                found[path.replace(f"{name}/", f"{name}/{place}/", 1)] = data
    return found


def made(files: dict[str, bytes], *hosts: Host) -> Plan:
    """The plan of the first database."""
    case = Case(tuple(clusters_of(files)), hosts)
    found = plan(case.clusters[0], {}, case)
    assert found is not None
    return found


def host(name: str, **facts: Any) -> Host:
    """A machine that a collector told of."""
    return Host(name, "sosreport", f"{name}/", **facts)


def says(found: Plan, state: State, words: str) -> bool:
    """A check in that state has these words."""
    return any(check.state is state and words in check.what for check in found.checks)


@pytest.mark.parametrize(
    ("snap", "state", "words"),
    [
        ("v1.31.2 (1000)", State.LOOK, "known from 1.32 on"),
        ("v1.34.1 (4000)", State.OK, "has `k8sd cluster-recover`"),
        ("v1.36.0 (5000)", State.STOP, "from 1.36 on there is no k8s-dqlite"),
    ],
)
def test_the_version_has_the_command(snap: str, state: State, words: str) -> None:
    """canonical/k8s-snap: src/k8s/cmd/k8sd/k8sd_cluster_recover.go is in release-1.32 to release-1.35."""
    assert says(made(files_of(f"{K8S}/k8s-dqlite"), host("n1", snaps={"k8s": snap})), state, words)


def test_from_136_on_there_is_nothing_to_skip() -> None:
    """The page of 1.36 has no --skip-k8s-dqlite; earlier ones need it where the datastore is etcd."""
    place = f"{K8S}/k8sd/state/database"
    new = made(files_of(place), host("n1", snaps={"k8s": "v1.36.0 (5000)"}))
    old = made(files_of(place), host("n1", snaps={"k8s": "v1.34.1 (4000)"}))
    assert "--skip-k8s-dqlite" not in new.steps[2].commands[0]
    assert "--skip-k8s-dqlite" in old.steps[2].commands[0]


@pytest.mark.parametrize(("free", "state"), [(1000, State.STOP), (10**9, State.OK)])
def test_room_for_the_backups(free: int, state: State) -> None:
    """A copy by hand, the tool's own backup, and its tarball; on the mount that holds the directory."""
    disks = [Disk("/", 10, 10**12, AT), Disk("/var/snap", 99, free, AT)]
    assert says(made(files_of(f"{K8S}/k8s-dqlite"), host("n1", disks=disks)), state, "free on /var/snap")


def test_the_machine_has_the_address() -> None:
    """n1 says 10.0.0.1; its machine had another."""
    found = made(files_of(f"{K8S}/k8s-dqlite"), host("n1", addresses={"10.9.9.9": AT}))
    assert says(found, State.STOP, "did not have 10.0.0.1")
    assert not says(made(files_of(f"{K8S}/k8s-dqlite"), host("n1", addresses={"10.0.0.1": AT})), State.STOP, "10.0.0.1")


def test_control_files_would_be_packed_and_fire_everywhere() -> None:
    """createK8sDqliteRecoveryTarball leaves out info.yaml, the socket and the certificate's files, nothing else."""
    files = files_of(f"{K8S}/k8s-dqlite") | {f"n1/{K8S}/k8s-dqlite/update.yaml": b"Address: 10.0.0.9:9000\n"}
    assert says(made(files), State.STOP, "update.yaml would be packed into the post-recovery archive")


def test_a_socket_that_is_left_stops_microcluster() -> None:
    """RecoverFromQuorumLoss: `Daemon is running (socket path exists: …)`."""
    place = f"{K8S}/k8sd/state"
    found = made(files_of(f"{place}/database") | {f"n1/{place}/control.socket": b""})
    assert says(found, State.LOOK, "control.socket was there")


def test_a_patch_that_is_left_stops_lxd() -> None:
    """Reconfigure: `Found …patch.global.sql: Custom patches should not be applied during recovery`."""
    found = made(files_of(f"{LXD}/global", yaml=False) | {f"n1/{LXD}/patch.global.sql": b"select 1;"})
    assert says(found, State.STOP, "refuses while patch.global.sql is there")


def test_lxd_directories_that_do_not_say_who_they_are_stay_all() -> None:
    """Without local.db: three directories, three voters; starting them is enough, and `edit` would keep all three."""
    files = {
        path.replace("/", f"/{LXD}/global/", 1): data
        for path, data in base("healthy").items()
        if not path.endswith(".yaml")
    }
    found = made(files)
    assert found.start_first
    assert [member.role.value for member in found.members] == ["voter"] * 3
    assert "lxd_recovery_db.tar.gz" in found.steps[3].commands[0]
    assert found.left == ()
    assert found.cluster_yaml.startswith("members:\n  - id: ")


@pytest.mark.parametrize(
    ("snap", "command"),
    [
        ("5.0.3-9a1d904 (27037)", "sudo lxd cluster recover-from-quorum-loss"),
        ("5.21.2-22f93f4 (29943)", "sudo lxd cluster recover-from-quorum-loss"),
        ("5.21.3-c5ae129 (33110)", "sudo lxd cluster edit"),
        ("6.1-78a3d8f (30130)", "sudo lxd cluster recover-from-quorum-loss"),
        ("6.2-bde4d03 (31820)", "sudo lxd cluster edit"),
    ],
)
def test_lxd_by_version(snap: str, command: str) -> None:
    """canonical/lxd at its tags: lxd_recovery_db.tar.gz is written from 5.21.3 and 6.2 on."""
    found = made(files_of(f"{LXD}/global", yaml=False), host("n1", snaps={"lxd": snap}))
    assert found.steps[2].commands == (command,)


def test_each_database_from_the_node_that_has_most_of_it() -> None:
    """The page chooses by k8sd's segments and recovers both databases there: here k8s-dqlite's best node is another."""
    longer, place = [*LOG, *history((1, "more"))[3:]], f"{K8S}/k8s-dqlite"
    files: dict[str, bytes] = {}
    for name, who in NODES:
        logs = {place: longer if name == "n2" else LOG, f"{K8S}/k8sd/state/database": longer if name == "n1" else LOG}
        for where, log in logs.items():
            files |= {
                path.replace(f"{name}/", f"{name}/{where}/", 1): data
                for path, data in directory(name, who, log, 1).items()
            }
    case = Case(tuple(clusters_of(files)))
    plans = {cluster.product.database: plan(cluster, {}, case) for cluster in case.clusters}
    assert {name: found.node for name, found in plans.items() if found} == {"k8s-dqlite": "n2", "k8sd": "n1"}
    found = plans["k8s-dqlite"]
    assert found is not None
    assert says(found, State.LOOK, "k8sd is to be recovered from n1, this database from n2")
