"""Juju's controllers.

Source: documentation.ubuntu.com/juju contributor/reference/high-availability: reduced to one controller, the dbaccessor
worker reconfigures the cluster with the local node as the only member. A page for a lost quorum was not found.
"""

from __future__ import annotations

from forensics.plan.steps.model import Situation, Step
from forensics.plan.steps.undocumented import undocumented


def juju(situation: Situation) -> list[Step]:
    """None documented."""
    return undocumented(
        situation, "juju", "Juju's dqlite", "sudo systemctl stop 'jujud-machine-*'", "/var/lib/juju/dqlite",
        "A controller that learns that it is the only one left makes itself the only member: do not also do so by "
        "hand.",
    )  # fmt: skip
