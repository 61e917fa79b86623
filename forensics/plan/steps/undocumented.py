"""Where no page of the product says how: what is safe all the same, and no invented command."""

from __future__ import annotations

from forensics.plan.steps.common import backup, stop
from forensics.plan.steps.model import Situation, Step


def undocumented(situation: Situation, product: str, stopping: str, directory: str, why: str) -> list[Step]:
    """Stop, back up, and take it to who knows."""
    return [
        stop(stopping),
        backup(directory),
        Step(
            f"No documented recovery of {product} is known to this tool: force nothing by commands from other products",
            (),
            f"{why} Take the backups, the ranking above and {situation.node} as the node to recover from to the "
            "product's support.",
            "Somebody wants to try: only on a copy, and never on more than one node.",
        ),
    ]
