"""Where no page of the product says how: what is safe in any case, and no invented command."""

from __future__ import annotations

from forensics.plan.steps.common import backup, stop
from forensics.plan.steps.model import Situation, Step, StepKind


def undocumented(
    situation: Situation, database: str, product: str, stopping: str, directory: str, why: str
) -> list[Step]:
    """Stop, back up, and take it to who knows."""
    return [
        stop(stopping),
        backup(database, directory),
        Step(
            StepKind.ASK_SUPPORT,
            f"No documented recovery of {product} is known to this tool: do not use commands from other products",
            (),
            f"{why} Give the product's support the backups and the ranking above, with {situation.node} as the node to "
            "recover from.",
            "Somebody wants to try: only on a copy, and never on more than one node.",
            (situation.node,),
        ),
    ]
