"""The report as SARIF 2.1.0, for code scanning and CI.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (sections 3.14 run, 3.27 result, 3.30 region).
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from msgspec import to_builtins

from forensics.report.baseline import fingerprint_of
from forensics.report.case_lines import headline_of
from forensics.report.document import Check, Document, Excerpt, Finding, Known, UsedFile
from forensics.rules.api import Rule
from forensics.rules.engine import catalogue
from forensics.severity import Answer, Severity
from forensics.shown import plain_json

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RANKS = {
    Severity.CRITICAL: 95.0,
    Severity.HIGH: 75.0,
    Severity.MEDIUM: 50.0,
    Severity.LOW: 25.0,
    Severity.INFO: 0.0,
}


def render_sarif(document: Document) -> str:
    """One run: rules, results (suppressed ones too), artifacts with digests, and what was missing."""
    rules = _rules(document)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    files = {file.path: number for number, file in enumerate(document.files)}
    results = [_result(finding, numbers, files) for finding in (*document.findings, *document.suppressed)]
    run = {
        "tool": {
            "driver": {
                "name": document.tool.name,
                "version": document.tool.version,
                "semanticVersion": document.tool.version,
                "rules": rules,
            }
        },
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(document)}],
        "artifacts": [_artifact(file) for file in document.files],
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": to_builtins(document.verdict),
            "incomplete": document.incomplete,
            "headline": headline_of(document),
            "first": [step.do for step in document.case.first] if document.case else [],
        },
    }
    whole = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return plain_json(json.dumps(whole, indent=1, ensure_ascii=False)) + "\n"


def _rules(document: Document) -> list[dict[str, Any]]:
    """Every rule that answered, by id, each with its help; those that found something as bad as the worst of it."""
    known = {rule.id: rule for rule in catalogue()}
    rules: dict[str, dict[str, Any]] = {}
    for check in document.checks:
        rules[check.rule] = _known(known[check.rule]) if check.rule in known else _unknown(check)
    for finding in reversed((*document.findings, *document.suppressed)):  # worst first, so the last word is the worst's
        rules[finding.rule] = _described(
            finding.rule, finding.title, finding.severity, finding.why, finding.remediation, finding.false_alarm
        )
    return [rules[rule_id] for rule_id in sorted(rules)]


def _known(rule: Rule) -> dict[str, Any]:
    """A rule that found nothing, in its own words."""
    texts = (rule.text.get(heading, "") for heading in ("Why it matters", "What to do", "False alarm if"))
    return _described(rule.id, rule.title, rule.severity, *texts)


def _unknown(check: Check) -> dict[str, Any]:
    """A rule of the version that wrote the report, which this one does not have any more."""
    return _described(check.rule, check.title, Severity.INFO, "", "", "")


def _described(rule_id: str, title: str, severity: Severity, why: str, steps: str, false_alarm: str) -> dict[str, Any]:
    alarm = f"\n\nFalse alarm if: {false_alarm}" if false_alarm else ""
    help_text = (steps or "Nothing has to be done.") + alarm
    return {
        "id": rule_id,
        "shortDescription": {"text": title or rule_id},
        "fullDescription": {"text": why or title or rule_id},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": _LEVELS[severity], "rank": _RANKS[severity]},
        "properties": {"severity": severity, "tags": [severity]},
    }


def _result(finding: Finding, numbers: dict[str, int], files: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "rank": _RANKS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(entry, files) for entry in finding.evidence],
        "partialFingerprints": {"dqliteForensics/v2": fingerprint_of(finding)},
        "properties": {
            "severity": finding.severity,
            "database": finding.database,
            "nodes": finding.nodes,
        },
    }
    if finding.baseline:
        result["baselineState"] = "unchanged" if finding.baseline is Known.KNOWN else "new"
    if finding.suppression:
        result["suppressions"] = [{"kind": "external", "justification": finding.suppression.reason}]
    return result


def _location(entry: Excerpt, files: dict[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": quote(entry.path)}
    if entry.path in files:
        artifact["index"] = files[entry.path]
    physical: dict[str, Any] = {"artifactLocation": artifact}
    region: dict[str, Any] = {"byteOffset": entry.offset, "byteLength": entry.length} if entry.length else {}
    lines = [line.number for line in entry.lines or [] if line.hit and line.number]
    if lines:
        region |= {"startLine": lines[0], "endLine": lines[-1]}
    return {"physicalLocation": physical | ({"region": region} if region else {})}


def _artifact(file: UsedFile) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": quote(file.path)}, "length": file.size}
    if file.sha256:
        artifact["hashes"] = {"sha-256": file.sha256}
    return artifact


def _notifications(document: Document) -> list[dict[str, Any]]:
    missing = [
        {"level": "warning", "message": {"text": f"incomplete: {gap.subject}: {gap.detail}"}}
        for gap in document.missing
    ]
    broken = [
        {"level": "error", "message": {"text": f"rule {check.rule} is broken: {check.reason}"}}
        for check in document.checks
        if check.verdict is Answer.BROKEN
    ]
    return missing + broken
