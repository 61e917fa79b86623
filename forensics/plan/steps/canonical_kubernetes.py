"""Canonical Kubernetes: k8s-dqlite and k8sd, each by itself.

Sources: canonical/k8s-snap docs/canonicalk8s/snap/howto/restore-quorum.md and src/k8s/cmd/k8sd/k8sd_cluster_recover.go
(release-1.35); canonical/microcluster internal/recover/recover.go.
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, names, stop
from forensics.plan.steps.model import Situation, Step

_K8SD = "/var/snap/k8s/common/var/lib/k8sd/state"
_K8S_DQLITE = "/var/snap/k8s/common/var/lib/k8s-dqlite"


def _recover_command(flags: str) -> str:
    return f"sudo /snap/k8s/current/bin/k8sd cluster-recover {flags} --log-level 0"


def k8s_dqlite(situation: Situation) -> list[Step]:
    """The steps."""
    return [
        stop("sudo snap stop k8s"),
        backup(_K8S_DQLITE),
        Step(
            f"On {situation.node}: force the new configuration (k8sd is left as it is; plan it by its own directories)",
            (_recover_command(f"--state-dir={_K8SD} --k8s-dqlite-state-dir={_K8S_DQLITE} --skip-k8sd"),),
            "In the editor, cluster.yaml as below: members that are lost get role 2 (spare). Then it names "
            f"recovery-k8s-dqlite-<time>-post-recovery.tar.gz; in the directory {after(situation)}.",
            "It says that services are still running, or that a file cannot be read.",
        ),
        Step(
            f"On {names(situation)}: put the recovered state in place of the old one, keeping the node's own identity",
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


def k8sd(situation: Situation) -> list[Step]:
    """The steps."""
    return [
        stop("sudo snap stop k8s"),
        backup(_K8SD),
        Step(
            f"On {situation.node}: force the new configuration (the datastore is left as it is; plan it by itself)",
            (_recover_command(f"--state-dir={_K8SD} --skip-k8s-dqlite"),),
            "In the editor, members that are lost get the role spare; names, IDs and the number of members stay. It "
            f"backs up to db_backup.<time>.tar.gz, and writes {_K8SD}/recovery_db.tar.gz.",
            "It contacts a member (then that one is not stopped), or leaves a member out: it joins the truststore with "
            "cluster.yaml by address, so one that differs is dropped without a word.",
        ),
        Step(
            f"Copy the tarball to {names(situation)}",
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
