"""Preconditions: what the machine, the leftovers and the other database say. Sources: see forensics/plan/checks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Disk, Host
from forensics.plan.checks import CheckKind, Space, State
from forensics.plan.plan import Plan, plan
from forensics.plan.start import StartAdvice
from tests.made_clusters import ONE, THREE, TWO, Entry, base, clusters_of, directory, history
from tests.made_plans import checks_of

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


@pytest.mark.parametrize(
    ("snap", "state", "kind"),
    [
        ("v1.31.2 (1000)", State.LOOK, CheckKind.TOOL_UNKNOWN_BEFORE),
        ("v1.34.1 (4000)", State.OK, CheckKind.TOOL_IS_THERE),
        ("v1.36.0 (5000)", State.STOP, CheckKind.NO_TOOL_ANY_MORE),
    ],
)
def test_the_version_has_the_command(snap: str, state: State, kind: CheckKind) -> None:
    """canonical/k8s-snap: src/k8s/cmd/k8sd/k8sd_cluster_recover.go is in release-1.32 to release-1.35."""
    found = made(files_of(f"{K8S}/k8s-dqlite"), host("n1", snaps={"k8s": snap}))
    assert [check.state for check in checks_of(found, kind)] == [state]


def test_from_136_on_there_is_nothing_to_skip() -> None:
    """The page of 1.36 has no --skip-k8s-dqlite; earlier ones need it where the datastore is etcd."""
    place = f"{K8S}/k8sd/state/database"
    new = made(files_of(place), host("n1", snaps={"k8s": "v1.36.0 (5000)"}))
    old = made(files_of(place), host("n1", snaps={"k8s": "v1.34.1 (4000)"}))
    assert "--skip-k8s-dqlite" not in new.steps[2].commands[0]
    assert "--skip-k8s-dqlite" in old.steps[2].commands[0]


@pytest.mark.parametrize(
    ("free", "state", "kind"),
    [(1000, State.STOP, CheckKind.TOO_LITTLE_SPACE), (10**9, State.OK, CheckKind.ENOUGH_SPACE)],
)
def test_room_for_the_backups(free: int, state: State, kind: CheckKind) -> None:
    """A copy by hand, the tool's own backup, and its tarball; on the mount that holds the directory."""
    disks = [Disk("/", 10, 10**12, AT), Disk("/var/snap", 99, free, AT)]
    (check,) = checks_of(made(files_of(f"{K8S}/k8s-dqlite"), host("n1", disks=disks)), kind)
    assert check.state is state
    assert isinstance(check.about, Space)
    assert (check.about.mount, check.about.free) == ("/var/snap", free)


def test_the_machine_has_the_address() -> None:
    """n1 says 10.0.0.1; its machine had another."""
    other = made(files_of(f"{K8S}/k8s-dqlite"), host("n1", addresses={"10.9.9.9": AT}))
    (check,) = checks_of(other, CheckKind.MACHINE_LACKS_ADDRESS)
    assert (check.state, check.names) == (State.STOP, ("10.0.0.1",))
    own = made(files_of(f"{K8S}/k8s-dqlite"), host("n1", addresses={"10.0.0.1": AT}))
    assert not checks_of(own, CheckKind.MACHINE_LACKS_ADDRESS)


def test_control_files_would_be_packed_and_fire_everywhere() -> None:
    """createK8sDqliteRecoveryTarball leaves out info.yaml, the socket and the certificate's files, nothing else."""
    files = files_of(f"{K8S}/k8s-dqlite") | {f"n1/{K8S}/k8s-dqlite/update.yaml": b"Address: 10.0.0.9:9000\n"}
    (check,) = checks_of(made(files), CheckKind.PACKED_FOR_ALL)
    assert (check.state, check.names) == (State.STOP, ("update.yaml",))


def test_a_socket_that_is_left_stops_microcluster() -> None:
    """RecoverFromQuorumLoss: `Daemon is running (socket path exists: …)`."""
    place = f"{K8S}/k8sd/state"
    found = made(files_of(f"{place}/database") | {f"n1/{place}/control.socket": b""})
    assert [check.state for check in checks_of(found, CheckKind.SOCKET_LEFT)] == [State.LOOK]


def test_a_patch_that_is_left_stops_lxd() -> None:
    """Reconfigure: `Found …patch.global.sql: Custom patches should not be applied during recovery`."""
    found = made(files_of(f"{LXD}/global", yaml=False) | {f"n1/{LXD}/patch.global.sql": b"select 1;"})
    assert [check.state for check in checks_of(found, CheckKind.PATCH_BLOCKS_EDIT)] == [State.STOP]


def test_lxd_directories_that_do_not_say_who_they_are_stay_all() -> None:
    """Without local.db: three directories, three voters; starting them is enough, and `edit` would keep all three."""
    files = {
        path.replace("/", f"/{LXD}/global/", 1): data
        for path, data in base("healthy").items()
        if not path.endswith(".yaml")
    }
    found = made(files)
    assert found.start.advice is StartAdvice.SAFE
    assert [member.role.value for member in found.members] == ["voter"] * 3
    assert "lxd_recovery_db.tar.gz" in found.steps[3].commands[0]
    assert found.never_start == ()
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


def plans_of_both(further: Mapping[str, Collection[str]]) -> dict[str, Plan | None]:
    """Plans of k8s-dqlite and k8sd on the same machines; by database, the nodes whose log goes one entry further."""
    longer = [*LOG, *history((1, "more"))[3:]]
    places = {"k8s-dqlite": f"{K8S}/k8s-dqlite", "k8sd": f"{K8S}/k8sd/state/database"}
    files: dict[str, bytes] = {}
    for name, who in NODES:
        for database, where in places.items():
            log = longer if name in further.get(database, ()) else LOG
            files |= {
                path.replace(f"{name}/", f"{name}/{where}/", 1): data
                for path, data in directory(name, who, log, 1).items()
            }
    case = Case(tuple(clusters_of(files)))
    return {cluster.product.database: plan(cluster, {}, case) for cluster in case.clusters}


def test_of_equal_nodes_the_one_that_serves_both_databases() -> None:
    """k8s-dqlite could be recovered from any node; k8sd from n2 alone: one command does both there."""
    plans = plans_of_both({"k8sd": ["n2"]})
    assert {name: found.node for name, found in plans.items() if found} == {"k8s-dqlite": "n2", "k8sd": "n2"}
    found = plans["k8s-dqlite"]
    assert found is not None
    assert [(candidate.rank, candidate.node) for candidate in found.ranking] == [(1, "n2"), (1, "n1"), (1, "n3")]
    assert not checks_of(found, CheckKind.OTHER_DATABASE_ELSEWHERE)


def test_each_database_from_the_node_that_has_most_of_it() -> None:
    """The page chooses by k8sd's segments and recovers both databases there: here k8s-dqlite's best node is another."""
    plans = plans_of_both({"k8s-dqlite": ["n2"], "k8sd": ["n1"]})
    assert {name: found.node for name, found in plans.items() if found} == {"k8s-dqlite": "n2", "k8sd": "n1"}
    found = plans["k8s-dqlite"]
    assert found is not None
    (check,) = checks_of(found, CheckKind.OTHER_DATABASE_ELSEWHERE)
    assert (check.state, check.nodes, check.names) == (State.LOOK, ("n2", "n1"), ("k8sd",))
