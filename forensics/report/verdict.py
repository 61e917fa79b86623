"""The verdict in one sentence: what the findings and the evidence amount to."""

from __future__ import annotations

from forensics.facts.cluster import Case
from forensics.report.document import Document

_LEVELS = {"critical": "broken", "high": "degraded", "medium": "degraded", "low": "attention"}


def verdict_of(case: Case, findings: list[Document], incomplete: bool) -> Document:
    """Level and summary (CONTRACT, "verdict.level")."""
    if not case.clusters:
        return {"level": "unknown", "summary": "No dqlite state was found in the input."}
    worst = next((finding for finding in findings if finding["severity"] in _LEVELS), None)
    if worst is not None:
        return {"level": _LEVELS[worst["severity"]], "summary": f"{_where(worst)}{worst['message']}."}
    if incomplete:
        return {
            "level": "unknown",
            "summary": "Nothing wrong was found in what arrived, but the evidence is incomplete.",
        }
    nodes = len(case.nodes())
    return {
        "level": "healthy",
        "summary": f"All checks passed on the full evidence of {nodes} node{'s' * (nodes > 1)}.",
    }


def _where(finding: Document) -> str:
    nodes = ", ".join(finding["nodes"])
    return f"{finding['database']} on {nodes}: " if finding["database"] and nodes else ""
