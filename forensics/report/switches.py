"""By what the page's findings can be picked out or left out: their faults, nodes and rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from forensics.report.document import Document, Finding

_KINDS = ("node", "rule", "fault")


def about_of(finding: Finding, fault: str | None) -> dict[str, list[str]]:
    """Names by the kinds of switches. `fault` is the page's name of its fault; None where it has none."""
    return {"node": list(finding.nodes), "rule": [finding.rule], "fault": [fault] if fault else []}


def switches_of(report: Document, faults: Mapping[int, str]) -> list[tuple[str, list[tuple[str, int]]]]:
    """(kind, (name, how many findings)), of each kind that has a choice.

    Args:
        report: whose findings.
        faults: the page's name of the fault of each finding, by its number from 1.
    """
    abouts = [about_of(finding, faults.get(number)) for number, finding in enumerate(report.findings, 1)]
    counts = {kind: Counter(name for about in abouts for name in about[kind]) for kind in _KINDS}
    return [(kind, sorted(names.items())) for kind, names in counts.items() if len(names) > 1]
