"""The steps of a recovery, product by product, as text. Nothing is executed.

Sources: canonical/k8s-snap docs/canonicalk8s/snap/howto/restore-quorum.md and src/k8s/cmd/k8sd/k8sd_cluster_recover.go
(release-1.35); canonical/microcluster internal/recover/recover.go; microk8s.io/docs/restore-quorum; canonical/lxd
doc/howto/cluster_recover.md, lxd/cluster/recover.go and lxd/main_cluster.go; canonical/go-dqlite node.go
(ReconfigureMembershipExt: once, on one node, then copy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from forensics.parsers.roles import Role

_K8SD = "/var/snap/k8s/common/var/lib/k8sd/state"
_K8S_DQLITE = "/var/snap/k8s/common/var/lib/k8s-dqlite"
_BACKEND = "/var/snap/microk8s/current/var/kubernetes/backend"
_LXD = "/var/snap/lxd/common/lxd/database"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the configuration that is to be forced.

    Attributes:
        node: the directory's name; None where it has none in the evidence.
        role: that it should get.
    """

    id: int
    address: str
    role: Role
    node: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: what is done, and where.
        commands: to be typed; empty where there are none.
        expect: how it looks when it worked.
        stop: when not to go on.
    """

    title: str
    commands: tuple[str, ...] = ()
    expect: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the steps need to know.

    Attributes:
        node: to recover from.
        directory: of its state, as the input has it.
        last: (term, index) that its log ends with.
        members: the new configuration.
        survivors: other nodes whose directories are at hand.
    """

    node: str
    directory: str
    last: tuple[int | None, int | None]
    members: tuple[Member, ...]
    survivors: tuple[str, ...] = field(default=())


def steps(database: str, situation: Situation) -> list[Step]:
    """The product's steps; for an unknown application those of go-dqlite itself."""
    make = _MAKERS.get(database, _generic)
    return make(situation)


def cluster_yaml(members: tuple[Member, ...]) -> str:
    """The members as go-dqlite's cluster.yaml has them. Roles: 0 voter, 1 stand-by, 2 spare."""
    codes = {Role.VOTER: 0, Role.STANDBY: 1, Role.SPARE: 2}
    return "".join(f"- ID: {m.id}\n  Address: {m.address}\n  Role: {codes[m.role]}\n" for m in members)


def _names(situation: Situation) -> str:
    return ", ".join(situation.survivors) or "every other member that is to stay, if there is one"


def _after(situation: Situation) -> str:
    term, index = situation.last
    of = "" if term is None else f" of term {term}"
    return f"a new one-entry segment {_next(index)}, term 1, behind entry {index}{of}"


def _next(index: int | None) -> str:
    number = (index or 0) + 1
    return f"{number:016d}-{number:016d}"


def _backup(directory: str) -> Step:
    return Step(
        "On every node that is left: copy the whole directory away, before anything else touches it",
        (f"sudo tar -czf dqlite-before-recovery-$(hostname).tar.gz {directory}",),
        "One archive a node, off the machine. Starting a node, and every recovery tool, changes the directory.",
        "An archive cannot be made or read back.",
    )


def _stop(command: str) -> Step:
    return Step(
        "On every node: stop the services, and make sure that lost nodes cannot come back",
        (command,),
        "No process holds the directory; on a clean stop `open-*` files are gone.",
        "A member that is believed lost answers: then nothing must be forced while it can run.",
    )


def _recover_command(flags: str) -> str:
    return f"sudo /snap/k8s/current/bin/k8sd cluster-recover {flags} --log-level 0"


def _k8s_dqlite(situation: Situation) -> list[Step]:
    return [
        _stop("sudo snap stop k8s"),
        _backup(_K8S_DQLITE),
        Step(
            f"On {situation.node}: force the new configuration (k8sd is left as it is; plan it by its own directories)",
            (_recover_command(f"--state-dir={_K8SD} --k8s-dqlite-state-dir={_K8S_DQLITE} --skip-k8sd"),),
            "In the editor, cluster.yaml as below: members that are lost get role 2 (spare). Then it names "
            f"recovery-k8s-dqlite-<time>-post-recovery.tar.gz; in the directory {_after(situation)}.",
            "It says that services are still running, or that a file cannot be read.",
        ),
        Step(
            f"On {_names(situation)}: put the recovered state in place of the old one, keeping the node's own identity",
            (
                f"sudo mv {_K8S_DQLITE} {_K8S_DQLITE}.bkp && sudo mkdir {_K8S_DQLITE}",
                f"sudo tar xf recovery-k8s-dqlite-<time>-post-recovery.tar.gz -C {_K8S_DQLITE}",
                f"cd {_K8S_DQLITE}.bkp && sudo cp cluster.crt cluster.key info.yaml {_K8S_DQLITE}/",
            ),
            "Every node has the same segments and snapshots, and its own info.yaml.",
            "A node would be started with its old directory: it would still believe in the old members.",
        ),
        Step(
            f"Start {situation.node}, then the others",
            ("sudo snap start k8s", "sudo k8s status --wait-ready"),
            "A leader within a minute; `control plane nodes` lists the members that are left.",
            "No leader, or a node ends with an error: stop all, and compare the directories again (`diff`).",
        ),
    ]


def _k8sd(situation: Situation) -> list[Step]:
    return [
        _stop("sudo snap stop k8s"),
        _backup(_K8SD),
        Step(
            f"On {situation.node}: force the new configuration (the datastore is left as it is; plan it by itself)",
            (_recover_command(f"--state-dir={_K8SD} --skip-k8s-dqlite"),),
            "In the editor, members that are lost get the role spare; names, IDs and the number of members stay. It "
            f"backs up to db_backup.<time>.tar.gz, and writes {_K8SD}/recovery_db.tar.gz.",
            "It contacts a member (then that one is not stopped), or leaves a member out: it joins the truststore with "
            "cluster.yaml by address, so one that differs is dropped without a word.",
        ),
        Step(
            f"Copy the tarball to {_names(situation)}",
            (f"sudo scp {_K8SD}/recovery_db.tar.gz NODE:{_K8SD}/",),
            "k8sd unpacks it at its next start, and keeps the old database aside.",
            "A node that is to be kept did not get it: do not start it.",
        ),
        Step(
            f"Start {situation.node}, then the others",
            ("sudo snap start k8s", "sudo k8s status --wait-ready"),
            "recovery_db.tar.gz and patch.global.sql are gone after the start; `k8s status` lists the members.",
            "recovery_db/ stays behind, or no leader is found.",
        ),
    ]


def _microk8s(situation: Situation) -> list[Step]:
    dqlite = (
        "sudo /snap/microk8s/current/bin/dqlite -s 127.0.0.1:19001 "
        f"-c {_BACKEND}/cluster.crt -k {_BACKEND}/cluster.key k8s "
        f'".reconfigure {_BACKEND} {_BACKEND}/cluster.yaml"'
    )
    return [
        _stop("microk8s stop"),
        _backup(_BACKEND),
        Step(
            f"On {situation.node}: write cluster.yaml with the members that are left, as below",
            (f"sudo editor {_BACKEND}/cluster.yaml",),
            "One entry a member that is left, with the ID and address of its own info.yaml.",
            "A member that may come back is left out: it must not be started again, and joins anew.",
        ),
        Step(
            f"On {situation.node}: force the new configuration",
            (dqlite,),
            f"It prints OK; in the directory {_after(situation)}.",
            "It prints an error: the directory may have been changed all the same; put the copy back.",
        ),
        Step(
            f"On {_names(situation)}: replace log and snapshots with those of {situation.node}, keep info.yaml and "
            "certificates",
            (
                f"cd {_BACKEND} && sudo rm -f snapshot-* 0*-0* open-* metadata1 metadata2",
                f"# from {situation.node}: cluster.yaml, snapshot-* (with .meta), 0*-0*; not info.yaml, not metadata*",
            ),
            "Every node has the same segments and snapshots, the new cluster.yaml, and its own info.yaml.",
            "An old segment or metadata file is left: the node may fail, or shift its indexes.",
        ),
        Step(
            f"Start {situation.node}, then the others",
            ("microk8s start", "microk8s status --wait-ready"),
            "A leader within a minute. Then `microk8s remove-node NAME --force` for the lost ones.",
            "No leader, or a node ends with an error: stop all, and compare the directories again (`diff`).",
        ),
    ]


def _lxd(situation: Situation) -> list[Step]:
    alone = not situation.survivors
    force = (
        Step(
            f"On {situation.node}, the only database member that is left: make it the only member",
            ("sudo lxd cluster recover-from-quorum-loss",),
            f"It backs the database up by itself; in global/ {_after(situation)}. No row is deleted.",
            "Another database member may come back: then `lxd cluster edit` is the way.",
        )
        if alone
        else Step(
            f"On {situation.node}, and on no other: edit the members",
            ("sudo lxd cluster edit",),
            "Addresses and roles can be changed, members neither added nor removed; lost members become spare. It "
            f"writes {_LXD}/lxd_recovery_db.tar.gz. Its line `Latest dqlite segment ID` knows neither terms nor open "
            "segments: do not choose by it.",
            "It is run on a second member: that makes a second history (canonical/lxd#13524).",
        )
    )
    copy = Step(
        f"Copy the tarball to {_names(situation)}",
        (f"sudo scp {_LXD}/lxd_recovery_db.tar.gz NODE:{_LXD}/",),
        "LXD unpacks it at its next start.",
        "A member that is to be kept did not get it: do not start it.",
    )
    return [
        _stop("sudo snap stop lxd"),
        _backup(_LXD),
        force,
        *(() if alone else (copy,)),
        Step(
            f"Start {situation.node}, then the others",
            ("sudo snap start lxd", "sudo lxc cluster list"),
            "The database answers; members that are lost show as offline and can be removed with --force.",
            "`no available dqlite leader server found` for more than a minute.",
        ),
    ]


def _generic(situation: Situation) -> list[Step]:
    return [
        _stop("# stop the application"),
        _backup("DIRECTORY"),
        Step(
            f"On {situation.node}: write cluster.yaml as below, and force it",
            ('dqlite -s file://DIRECTORY/cluster.yaml DATABASE ".reconfigure DIRECTORY DIRECTORY/cluster.yaml"',),
            f"It prints OK; in the directory {_after(situation)}.",
            "It is run on a second node: that makes a second history.",
        ),
        Step(
            f"On {_names(situation)}: replace everything but info.yaml and certificates with what {situation.node} has",
            (),
            "Every node has the same log and the new cluster.yaml, and its own info.yaml.",
            "A node would be started with its old directory.",
        ),
        Step(
            f"Start {situation.node}, then the others",
            (),
            "A leader within seconds.",
            "No leader: stop all, and compare the directories again (`diff`).",
        ),
    ]


_MAKERS: dict[str, Callable[[Situation], list[Step]]] = {
    "k8s-dqlite": _k8s_dqlite,
    "k8sd": _k8sd,
    "microk8s": _microk8s,
    "lxd": _lxd,
}
