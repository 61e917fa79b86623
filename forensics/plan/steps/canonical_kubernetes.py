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
            f"On {situation.node}, and on no other: force the new configuration (k8sd is left as it is; plan it by its "
            "own directories)",
            (_recover_command(f"--state-dir={_K8SD} --k8s-dqlite-state-dir={_K8S_DQLITE} --skip-k8sd"),),
            "In the editor, cluster.yaml as above: members that are lost get role 2 (spare). Then it names "
            f"{_ARCHIVE}; in the directory {after(situation)}.",
            "It says that services are still running, or that a file cannot be read.",
        ),
        *spread(
            situation,
            f"On {names(situation)}: put the recovered state in place of the old one, keeping the node's own identity",
            (
                f"# copy {_ARCHIVE} from {situation.node} to the same path",
                f"sudo mv {_K8S_DQLITE} {_K8S_DQLITE}.bkp && sudo mkdir {_K8S_DQLITE}",
                f"sudo tar xf {_ARCHIVE} -C {_K8S_DQLITE}",
                f"for file in {own}; do sudo cp {_K8S_DQLITE}.bkp/$file {_K8S_DQLITE}/; done",
                f"sudo cp {_K8S_DQLITE}.bkp/failure-domain {_K8S_DQLITE}/  # if the node had one",
            ),
            "Every node has the same segments, snapshots and cluster.yaml, and its own info.yaml.",
            "A node would be started with its old directory: it would still believe in the old members.",
        ),
        start(
            situation,
            *_START,
            expect="A leader within a minute; `control plane nodes` lists the members that are left.",
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
            f"On {situation.node}, and on no other: force the new configuration (the datastore is left as it is; plan "
            "it by itself)",
            (_recover_command(f"--state-dir={_K8SD}{skip}"),),
            "In the editor, the members as above: who is lost gets the role spare; names, IDs and the number of "
            f"members stay.{note} It backs up to {_K8SD}/db_backup.<time>.tar.gz, and writes "
            f"{_K8SD}/recovery_db.tar.gz; in database/ {after(situation)}.",
            "It says that the daemon is running, or contacts a member (then that one is not stopped); or a member is "
            "not in the editor: it joins the truststore with cluster.yaml by address, and drops what differs.",
        ),
        *spread(
            situation,
            f"Copy the tarball to {names(situation)}",
            (f"sudo scp {_K8SD}/recovery_db.tar.gz NODE:{_K8SD}/",),
            "k8sd unpacks it at its next start, and backs the old database up.",
            "A node that is to be kept did not get it: do not start it.",
        ),
        start(
            situation,
            *_START,
            expect="recovery_db.tar.gz and patch.global.sql are gone after the start; `k8s status` lists the members.",
            stop="recovery_db/ stays behind, or no leader is found: stop all, put db_backup back as `database`, and "
            "compare again (`diff`).",
        ),
        *leave_behind(situation, _REMOVE),
    ]
