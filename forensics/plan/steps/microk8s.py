"""MicroK8s.

Source: microk8s.io/docs/restore-quorum; scripts/wrappers/remove_node.py (--force).
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, leave_behind, names, spread, start, stop
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import on

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
        backup("microk8s", _BACKEND),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: write cluster.yaml as `plan` gives it, and force it",
            on((situation.node,), f"sudo editor {_BACKEND}/cluster.yaml", dqlite),
            "cluster.yaml has one entry for each remaining member, with the ID and address of its own info.yaml. The "
            f"command prints OK; the directory has {after(situation)}.",
            "The command prints an error: the directory may have changed nevertheless, so put the copy back.",
            (situation.node,),
        ),
        *spread(
            situation,
            f"On {names(situation)}: replace log and snapshots with those of {situation.node}, keep info.yaml and "
            "certificates",
            on(
                situation.survivors,
                f"sudo sh -c 'cd {_BACKEND} && rm -f snapshot-* 0*-0* open-* metadata1 metadata2'",
                f"# from {situation.node}: cluster.yaml, snapshot-* (with .meta), 0*-0*; not info.yaml, not metadata*",
            ),
            "Every node has the same segments and snapshots, the new cluster.yaml, and its own info.yaml.",
            "An old segment or metadata file is still there: the node may fail, or give entries other indexes.",
        ),
        start(situation, "microk8s start", "microk8s status --wait-ready", expect="There is a leader within a minute."),
        *leave_behind(situation, "microk8s remove-node NAME --force"),
    ]
