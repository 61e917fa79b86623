"""Any other go-dqlite application.

Source: canonical/go-dqlite node.go (ReconfigureMembershipExt: once, on one node, then copy).
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, names, stop
from forensics.plan.steps.model import Situation, Step


def generic(situation: Situation) -> list[Step]:
    """The steps."""
    return [
        stop("# stop the application"),
        backup("DIRECTORY"),
        Step(
            f"On {situation.node}: write cluster.yaml as below, and force it",
            ('dqlite -s file://DIRECTORY/cluster.yaml DATABASE ".reconfigure DIRECTORY DIRECTORY/cluster.yaml"',),
            f"It prints OK; in the directory {after(situation)}.",
            "It is run on a second node: that makes a second history.",
        ),
        Step(
            f"On {names(situation)}: replace everything but info.yaml and certificates with what {situation.node} has",
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
