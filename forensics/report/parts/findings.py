"""Findings, worst first, each with its evidence and its rule's own words; and what every rule answered."""

from __future__ import annotations

from forensics.report.baseline import fingerprint
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.excerpt import Excerpts
from forensics.report.parts.values import plain
from forensics.rules.api import Finding, Severity
from forensics.rules.engine import Judgement, effect_of, key_of, kind_of, severity_of, words_of
from forensics.wording import joined


def build_findings(context: Context) -> list[Document]:
    """All findings, by severity; causes before consequences; then by rule and subject."""
    found = [
        (severity_of(judgement, finding), judgement, finding)
        for judgement in context.judgements
        for finding in judgement.findings
    ]
    found.sort(key=_order)
    excerpts = Excerpts(context)
    return [_finding(severity, judgement, finding, excerpts) for severity, judgement, finding in found]


def _order(row: tuple[Severity, Judgement, Finding]) -> tuple[object, ...]:
    severity, judgement, _ = row
    return severity.rank, judgement.rule.consequence, judgement.rule.id, judgement.database, judgement.nodes


def build_checks(context: Context) -> list[Document]:
    """One answer a rule and subject: pass, fail, not checked and why, broken."""
    return [
        {
            "rule": judgement.rule.id,
            "title": judgement.rule.title,
            "database": judgement.database or None,
            "nodes": list(judgement.nodes),
            "verdict": judgement.verdict.value,
            "reason": judgement.reason or joined([gap.reason for gap in judgement.gaps]) or None,
            "gaps": [{"code": gap.code, "reason": gap.reason, "nodes": list(gap.nodes)} for gap in judgement.gaps],
            "omitted": judgement.omitted,
        }
        for judgement in context.judgements
    ]


def _finding(severity: Severity, judgement: Judgement, finding: Finding, excerpts: Excerpts) -> Document:
    text = judgement.rule.text
    words = words_of(judgement, finding)
    key = key_of(judgement, finding)
    nodes = list(finding.nodes or judgement.nodes)
    return {
        "rule": judgement.rule.id,
        "title": judgement.rule.title,
        "severity": severity.value,
        "effect": effect_of(judgement, finding).value,
        "database": judgement.database or None,
        "nodes": nodes,
        "key": key,
        "kind": kind_of(judgement, finding),
        "where": [str(part) for part in finding.where],
        "values": {} if isinstance(finding.problem, str) else plain(finding.problem),
        "message": words.message,
        "problem": words.problem,
        "details": list(words.details),
        "evidence": [excerpts.of(span) for span in finding.evidence],
        "why": text.get("Why it matters", ""),
        "whenWrong": text.get("False alarm if", ""),
        "remediation": words.steps or "",
        "references": list(judgement.rule.references),
        "baseline": None,
        "fingerprint": fingerprint(key),
    }
