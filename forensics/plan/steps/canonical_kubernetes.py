"""Canonical Kubernetes: k8s-dqlite and k8sd, each by itself, or both by one command.

Sources: canonical/k8s-snap docs/canonicalk8s/snap/howto/restore-quorum.md and src/k8s/cmd/k8sd/k8sd_cluster_recover.go
(release-1.32 to 1.35; 1.36 has no k8s-dqlite, and its page no --skip-k8s-dqlite); canonical/microcluster
internal/recover/recover.go.
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, leave_behind, names, spread, start, stop
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import Runs, as_one, on

_K8SD = "/var/snap/k8s/common/var/lib/k8sd/state"
_K8S_DQLITE = "/var/snap/k8s/common/var/lib/k8s-dqlite"
_BOTH_DIRECTORIES = f"--state-dir={_K8SD} --k8s-dqlite-state-dir={_K8S_DQLITE}"
_ARCHIVE = "/var/snap/k8s/common/recovery-k8s-dqlite-<time>-post-recovery.tar.gz"
_WITHOUT_K8S_DQLITE = (1, 36)
_START = ("sudo snap start k8s", "sudo k8s status --wait-ready")
_REMOVE = "sudo k8s remove-node NAME --force"

_COPY_K8SD = f"sudo scp {_K8SD}/recovery_db.tar.gz root@NODE:{_K8SD}/"


def _replace_k8s_dqlite(situation: Situation) -> Runs:
    """The recovered state in the place of the old one; the node's own identity stays."""
    return (
        *on((situation.node,), f"sudo scp {_ARCHIVE} root@NODE:/var/snap/k8s/common/"),
        *on(
            situation.survivors,
            f"sudo mv {_K8S_DQLITE} {_K8S_DQLITE}.bkp && sudo mkdir {_K8S_DQLITE}",
            f"sudo tar xf {_ARCHIVE} -C {_K8S_DQLITE}",
            f"for file in cluster.crt cluster.key info.yaml; do sudo cp {_K8S_DQLITE}.bkp/$file {_K8S_DQLITE}/; done",
            f"sudo cp {_K8S_DQLITE}.bkp/failure-domain {_K8S_DQLITE}/  # if the node had one",
        ),
    )


def _recover_command(flags: str) -> str:
    return f"sudo /snap/k8s/current/bin/k8sd cluster-recover {flags} --log-level 0"


def k8s_dqlite(situation: Situation) -> list[Step]:
    """The steps."""
    return [
        stop("sudo snap stop k8s"),
        backup("k8s-dqlite", _K8S_DQLITE),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: force the new configuration (k8sd stays as it is)",
            on((situation.node,), _recover_command(f"{_BOTH_DIRECTORIES} --skip-k8sd")),
            "Write cluster.yaml in the editor as `plan` gives it: lost members get role 2 (spare). The command then "
            f"names {_ARCHIVE}; the directory has {after(situation)}.",
            "The command says that services are still running, or that a file cannot be read.",
            (situation.node,),
        ),
        *spread(
            situation,
            f"On {names(situation)}: replace the old state with the recovered one, and keep the node's own identity",
            _replace_k8s_dqlite(situation),
            "Every node has the same segments, snapshots and cluster.yaml, and its own info.yaml.",
            "A node would be started with its old data: it would still have the old configuration.",
        ),
        start(
            situation,
            *_START,
            expect="There is a leader within a minute. `control plane nodes` lists the remaining members.",
        ),
        *leave_behind(situation, _REMOVE),
    ]


def k8sd(situation: Situation) -> list[Step]:
    """The steps."""
    known = situation.version is not None
    skip = "" if known and (situation.version or ()) >= _WITHOUT_K8S_DQLITE else " --skip-k8s-dqlite"
    note = "" if known else " From 1.36 on leave --skip-k8s-dqlite out."
    return [
        stop("sudo snap stop k8s"),
        backup("k8sd", _K8SD),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: force the new configuration (k8s-dqlite stays as it is)",
            on((situation.node,), _recover_command(f"--state-dir={_K8SD}{skip}")),
            "Write the members in the editor as `plan` gives them: lost members get the role spare; names, IDs and the "
            f"number of members stay.{note} The command makes a backup, {_K8SD}/db_backup.<time>.tar.gz, and writes "
            f"{_K8SD}/recovery_db.tar.gz; database/ has {after(situation)}.",
            "The command says that the daemon is running, or it contacts a member (then that one is not stopped). Or a "
            "member is not in the editor: the command matches truststore and cluster.yaml by address, and drops what "
            "differs.",
            (situation.node,),
        ),
        *spread(
            situation,
            f"Copy the tarball to {names(situation)}",
            on((situation.node,), _COPY_K8SD),
            "k8sd unpacks it at its next start, and makes a backup of the old database.",
            "A node that is to stay a member did not get it: do not start that node.",
        ),
        start(
            situation,
            *_START,
            expect="recovery_db.tar.gz and patch.global.sql are gone after the start; `k8s status` lists the members.",
            stop="recovery_db/ is still there, or no leader is found: stop all nodes, put db_backup back as "
            "`database`, and compare the directories (`diff`).",
        ),
        *leave_behind(situation, _REMOVE),
    ]


def recovers_both(version: tuple[int, ...] | None) -> bool:
    """One command recovers both databases: not from 1.36 on, which has no k8s-dqlite."""
    return version is None or version < _WITHOUT_K8S_DQLITE


def both(situation: Situation) -> list[Step]:
    """Both databases on one node: the page's own command, without a flag that skips one.

    Args:
        situation: k8s-dqlite's; k8sd's node is the same.
    """
    return [
        stop("sudo snap stop k8s"),
        Step(
            StepKind.COPY,
            backup("k8sd", _K8SD).title,
            (*backup("k8s-dqlite", _K8S_DQLITE).runs, *backup("k8sd", _K8SD).runs),
        ),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: force the new configuration of k8s-dqlite and k8sd, with one command",
            on((situation.node,), _recover_command(_BOTH_DIRECTORIES)),
            "An editor opens for each database: lost members get role 2 (spare) in the one, the role spare in the "
            f"other; names, IDs and the number of members stay. The command names {_ARCHIVE}, and writes "
            f"{_K8SD}/recovery_db.tar.gz.",
            "The command says that services are still running, or that a file cannot be read; or it contacts a member "
            "(then that one is not stopped).",
            (situation.node,),
        ),
        *spread(
            situation,
            f"On {names(situation)}: replace k8s-dqlite's state with the recovered one, and copy k8sd's tarball there",
            as_one((*on((situation.node,), _COPY_K8SD), *_replace_k8s_dqlite(situation))),
            "Every node has the same segments and snapshots of k8s-dqlite, its own info.yaml, and recovery_db.tar.gz, "
            "which k8sd unpacks at its next start.",
            "A node would be started with its old data: it would still have the old configuration.",
        ),
        start(
            situation,
            *_START,
            expect="There is a leader of both within a minute, and recovery_db.tar.gz is gone.",
        ),
        *leave_behind(situation, _REMOVE),
    ]
