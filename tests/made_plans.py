"""What tests ask of a plan."""

from __future__ import annotations

from forensics.plan.checks import Check, CheckKind
from forensics.plan.plan import Plan


def checks_of(made: Plan, kind: CheckKind) -> list[Check]:
    """The preconditions of one kind, in the plan's order."""
    return [check for check in made.checks if check.kind is kind]
