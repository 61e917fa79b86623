"""The table of cures: what removes a cause, by kind of fault, and by finding where a kind has several."""

from __future__ import annotations

from forensics.case.cures.model import AWAY, COLLECT_ALL, Cure, Do, End, Where
from forensics.case.cures.of_findings import BY_FINDING
from forensics.case.cures.of_machine import MACHINE
from forensics.case.cures.of_members import MEMBERS
from forensics.case.cures.of_state import STATE
from forensics.fault_kind import FaultKind

__all__ = ["AWAY", "BY_FINDING", "BY_KIND", "COLLECT_ALL", "Cure", "Do", "End", "Where", "cure_of"]

BY_KIND = STATE | MEMBERS | MACHINE
"""Of every kind of fault."""


def cure_of(fault: FaultKind, rule: str = "", finding: str = "") -> Cure:
    """The most special one: of the kind of finding, else of the rule, else of the kind of fault."""
    return BY_FINDING.get(finding) or BY_FINDING.get(rule) or BY_KIND[fault]
