"""What the document means for a pipeline: the exit code's two questions."""

from __future__ import annotations

from forensics.report.document import Document

SEVERITIES = ("critical", "high", "medium", "low", "info")  # worst first


def gates(document: Document, fail_on: str) -> bool:
    """A finding at or above `fail_on` that no baseline knows already (`never` gates nothing)."""
    if fail_on == "never":
        return False
    gating = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return any(finding["severity"] in gating and finding.get("baseline") != "known" for finding in document["findings"])
