"""The report as SARIF 2.1.0, for code scanning and CI.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (sections 3.14 run, 3.27 result, 3.30 region).
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from forensics.report.baseline import fingerprint_of
from forensics.report.document import Document
from forensics.report.fill import fill

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RANKS = {"critical": 95.0, "high": 75.0, "medium": 50.0, "low": 25.0, "info": 0.0}


def render_sarif(document: Document) -> str:
    """One run: rules, results (suppressed ones too), artifacts with digests, and what was missing."""
    document = fill(document)
    rules = _rules(document)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    files = {member["path"]: number for number, member in enumerate(document["members"])}
    results = [_result(finding, numbers, files) for finding in (*document["findings"], *document["suppressed"])]
    run = {
        "tool": {
            "driver": {
                "name": document["tool"]["name"],
                "version": document["tool"]["version"],
                "semanticVersion": document["tool"]["version"],
                "rules": rules,
            }
        },
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(document)}],
        "artifacts": [_artifact(member) for member in document["members"]],
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": document["verdict"], "incomplete": document["incomplete"]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _rules(document: Document) -> list[dict[str, Any]]:
    """Every rule that answered, by id; those that found something with their help."""
    rules: dict[str, dict[str, Any]] = {}
    for check in document["checks"]:
        rules[check["rule"]] = {"id": check["rule"], "shortDescription": {"text": check["title"] or check["rule"]}}
    for finding in (*document["suppressed"], *document["findings"]):
        rules[finding["rule"]] = {
            "id": finding["rule"],
            "shortDescription": {"text": finding["title"] or finding["rule"]},
            "fullDescription": {"text": finding["why"] or finding["title"] or finding["rule"]},
            "help": {"text": finding["remediation"] or "No remedy is known."},
            "defaultConfiguration": {"level": _LEVELS[finding["severity"]]},
        }
    return [rules[rule_id] for rule_id in sorted(rules)]


def _result(finding: Document, numbers: dict[str, int], files: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding["rule"],
        "ruleIndex": numbers[finding["rule"]],
        "level": _LEVELS[finding["severity"]],
        "rank": _RANKS[finding["severity"]],
        "message": {"text": finding["message"]},
        "locations": [_location(entry, files) for entry in finding["evidence"]],
        "partialFingerprints": {"dqliteForensics/v1": fingerprint_of(finding)},
        "properties": {
            "severity": finding["severity"],
            "database": finding["database"],
            "nodes": finding["nodes"],
        },
    }
    if finding["baseline"]:
        result["baselineState"] = "unchanged" if finding["baseline"] == "known" else "new"
    if finding["suppression"]:
        result["suppressions"] = [{"kind": "external", "justification": finding["suppression"]["reason"]}]
    return result


def _location(entry: Document, files: dict[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": quote(entry["path"])}
    if entry["path"] in files:
        artifact["index"] = files[entry["path"]]
    physical: dict[str, Any] = {"artifactLocation": artifact}
    region: dict[str, Any] = {"byteOffset": entry["offset"], "byteLength": entry["length"]} if entry["length"] else {}
    lines = [line["number"] for line in entry["lines"] or [] if line.get("hit") and line["number"]]
    if lines:
        region |= {"startLine": lines[0], "endLine": lines[-1]}
    return {"physicalLocation": physical | ({"region": region} if region else {})}


def _artifact(member: Document) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": quote(member["path"])}, "length": member["size"]}
    if member["sha256"]:
        artifact["hashes"] = {"sha-256": member["sha256"]}
    return artifact


def _notifications(document: Document) -> list[dict[str, Any]]:
    missing = [
        {"level": "warning", "message": {"text": f"incomplete: {gap['subject']}: {gap['detail']}"}}
        for gap in document["missing"]
    ]
    broken = [
        {"level": "error", "message": {"text": f"rule {check['rule']} is broken: {check['reason']}"}}
        for check in document["checks"]
        if check["verdict"] == "broken"
    ]
    return missing + broken
