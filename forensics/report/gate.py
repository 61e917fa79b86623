"""What the document means for a pipeline: the exit code's two questions."""

from __future__ import annotations

from forensics.exit_code import ExitCode
from forensics.report.document import Document, Known
from forensics.severity import Severity


def gates(document: Document, fail_on: str) -> bool:
    """A finding at or above `fail_on` that no baseline knows already (`never` gates nothing)."""
    if fail_on == "never":
        return False
    least = Severity(fail_on)
    return any(
        finding.severity.rank <= least.rank and finding.baseline is not Known.KNOWN for finding in document.findings
    )


def exit_code(document: Document, fail_on: str = "high") -> ExitCode:
    """Of `analyze`: FINDINGS for a gating finding, INCOMPLETE for an incomplete analysis, else OK.

    Source: docs/reference/command-line.md#exit-codes.
    """
    if gates(document, fail_on):
        return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if document.incomplete else ExitCode.OK
