"""MicroK8s. Source: microk8s.io/docs/restore-quorum."""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, names, stop
from forensics.plan.steps.model import Situation, Step

_BACKEND = "/var/snap/microk8s/current/var/kubernetes/backend"


def microk8s(situation: Situation) -> list[Step]:
    """The steps."""
    dqlite = (
        "sudo /snap/microk8s/current/bin/dqlite -s 127.0.0.1:19001 "
        f"-c {_BACKEND}/cluster.crt -k {_BACKEND}/cluster.key k8s "
        f'".reconfigure {_BACKEND} {_BACKEND}/cluster.yaml"'
    )
    return [
        stop("microk8s stop"),
        backup(_BACKEND),
        Step(
            f"On {situation.node}: write cluster.yaml with the members that are left, as below",
            (f"sudo editor {_BACKEND}/cluster.yaml",),
            "One entry a member that is left, with the ID and address of its own info.yaml.",
            "A member that may come back is left out: it must not be started again, and joins anew.",
        ),
        Step(
            f"On {situation.node}: force the new configuration",
            (dqlite,),
            f"It prints OK; in the directory {after(situation)}.",
            "It prints an error: the directory may have been changed all the same; put the copy back.",
        ),
        Step(
            f"On {names(situation)}: replace log and snapshots with those of {situation.node}, keep info.yaml and "
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
