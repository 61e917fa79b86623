"""Canonical Kubernetes: k8s-dqlite and k8sd, each by itself.

Sources: canonical/k8s-snap docs/canonicalk8s/snap/howto/restore-quorum.md and src/k8s/cmd/k8sd/k8sd_cluster_recover.go
(release-1.32 to 1.35; 1.36 has no k8s-dqlite, and its page no --skip-k8s-dqlite); canonical/microcluster
internal/recover/recover.go.
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, leave_behind, names, spread, start, stop
from forensics.plan.steps.model import Situation, Step

_K8SD = "/var/snap/k8s/common/var/lib/k8sd/state"
_K8S_DQLITE = "/var/snap/k8s/common/var/lib/k8s-dqlite"
_ARCHIVE = "/var/snap/k8s/common/recovery-k8s-dqlite-<time>-post-recovery.tar.gz"
_WITHOUT_K8S_DQLITE = (1, 36)
_START = ("sudo snap start k8s", "sudo k8s status --wait-ready")
_REMOVE = "sudo k8s remove-node NAME --force"


def _recover_command(flags: str) -> str:
    return f"sudo /snap/k8s/current/bin/k8sd cluster-recover {flags} --log-level 0"


def k8s_dqlite(situation: Situation) -> list[Step]:
    """The steps."""
    own = "cluster.crt cluster.key info.yaml"
    return [
        stop("sudo snap stop k8s"),
        backup(_K8S_DQLITE),
        Step(
            f"On {situation.node} only: force the new configuration (this leaves k8sd as it is; it has a plan of its "
            "own)",
            (_recover_command(f"--state-dir={_K8SD} --k8s-dqlite-state-dir={_K8S_DQLITE} --skip-k8sd"),),
            "Write cluster.yaml as above in the editor: lost members get role 2 (spare). The command then names "
            f"{_ARCHIVE}; the directory has {after(situation)}.",
            "The command says that services are still running, or that a file cannot be read.",
        ),
        *spread(
            situation,
            f"On {names(situation)}: replace the old state with the recovered one, and keep the node's own identity",
            (
                f"# copy {_ARCHIVE} from {situation.node} to the same path",
                f"sudo mv {_K8S_DQLITE} {_K8S_DQLITE}.bkp && sudo mkdir {_K8S_DQLITE}",
                f"sudo tar xf {_ARCHIVE} -C {_K8S_DQLITE}",
                f"for file in {own}; do sudo cp {_K8S_DQLITE}.bkp/$file {_K8S_DQLITE}/; done",
                f"sudo cp {_K8S_DQLITE}.bkp/failure-domain {_K8S_DQLITE}/  # if the node had one",
            ),
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
        backup(_K8SD),
        Step(
            f"On {situation.node} only: force the new configuration (this leaves the datastore as it is; it has a plan "
            "of its own)",
            (_recover_command(f"--state-dir={_K8SD}{skip}"),),
            "Write the members as above in the editor: lost members get the role spare; names, IDs and the number of "
            f"members stay.{note} The command makes a backup, {_K8SD}/db_backup.<time>.tar.gz, and writes "
            f"{_K8SD}/recovery_db.tar.gz; database/ has {after(situation)}.",
            "The command says that the daemon is running, or it contacts a member (then that one is not stopped). Or a "
            "member is not in the editor: the command matches truststore and cluster.yaml by address, and drops what "
            "differs.",
        ),
        *spread(
            situation,
            f"Copy the tarball to {names(situation)}",
            (f"sudo scp {_K8SD}/recovery_db.tar.gz NODE:{_K8SD}/",),
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
