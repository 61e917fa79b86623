"""Reports of schemaVersion 1, made ones of version 2: docs/reference/report.md#changes-in-version-2.

What version 1 had not is left out, and so gets its field's default. The value is not validated yet: what is not of the
expected type is left for the validation to refuse.
"""

from __future__ import annotations

from typing import Any

from forensics.report.prose import steps_of


def upgraded(report: dict[str, Any]) -> dict[str, Any]:
    """The report with version 2's names. Its findings have no key."""
    new = _renamed(report, "members", "files") | {"schemaVersion": 2}
    for key, change in (("clusters", _cluster), ("findings", _finding), ("suppressed", _suppressed)):
        if isinstance(report.get(key), list):
            new[key] = [change(item) if isinstance(item, dict) else item for item in report[key]]
    return new


def _cluster(cluster: dict[str, Any]) -> dict[str, Any]:
    return cluster | {"product": cluster.get("product") or cluster.get("database")}


def _finding(finding: dict[str, Any]) -> dict[str, Any]:
    told = {"problem": finding.get("message"), "key": None, "steps": steps_of(str(finding.get("remediation")))}
    return _renamed(finding, "whenWrong", "falseAlarm") | told


def _suppressed(finding: dict[str, Any]) -> dict[str, Any]:
    return _finding(finding) | {"suppression": finding.get("suppression") or {"reason": "", "expires": None}}


def _renamed(value: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: inner for key, inner in value.items()}
