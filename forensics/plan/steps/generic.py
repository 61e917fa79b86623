"""Any other go-dqlite application.

Source: canonical/go-dqlite node.go (ReconfigureMembershipExt: once, on one node, then copy) and the help of its shell's
.reconfigure; carried out for real by fixtures/make/recoveries.py.
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, leave_behind, names, spread, start, stop
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import on


def generic(situation: Situation) -> list[Step]:
    """The steps."""
    return [
        stop(),
        backup("dqlite", ""),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: write cluster.yaml as `plan` gives it, and force it",
            on(
                (situation.node,),
                'dqlite -s file://DIRECTORY/cluster.yaml DATABASE ".reconfigure DIRECTORY DIRECTORY/cluster.yaml"',
            ),
            f"The command prints OK; the directory has {after(situation)}.",
            "The application has a recovery command of its own: use that. Or the command is run on a second node: that "
            "makes a second history.",
            (situation.node,),
        ),
        *spread(
            situation,
            f"On {names(situation)}: replace log and snapshots with those of {situation.node}, keep info.yaml and "
            "certificates",
            on(
                situation.survivors,
                "sudo sh -c 'cd DIRECTORY && rm -f snapshot-* 0*-0* open-* metadata1 metadata2'",
                f"# from {situation.node}: cluster.yaml, snapshot-* (with .meta), 0*-0*; not info.yaml, not metadata*",
            ),
            "Every node has the same log and the new cluster.yaml, and its own info.yaml.",
            "A node would be started with its old data.",
        ),
        start(situation, expect="There is a leader within seconds."),
        *leave_behind(situation),
    ]
