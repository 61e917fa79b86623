"""k3s 1.0 to 1.18, whose dqlite was an experiment and went in 1.19.

Source: k3s-io/k3s pkg/dqlite/reset.go: --cluster-reset removes the other members through a leader before it recovers.
"""

from __future__ import annotations

from forensics.plan.steps.model import Situation, Step
from forensics.plan.steps.undocumented import undocumented


def k3s(situation: Situation) -> list[Step]:
    """None documented."""
    return undocumented(
        situation, "k3s", "k3s' dqlite (1.0 to 1.18)", "sudo systemctl stop k3s", "/var/lib/rancher/k3s/server/db",
        "`k3s server --cluster-reset` asks a leader to remove the other members first: without one it does not help.",
    )  # fmt: skip
