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


def exit_code(document: Document, fail_on: str = "high") -> int:
    """Of `analyze` (CONTRACT, "Exit codes"): 1 for a gating finding, 4 for an incomplete analysis, else 0."""
    if gates(document, fail_on):
        return 1
    return 4 if document["incomplete"] else 0
