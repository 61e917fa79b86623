"""An earlier report as a baseline: what it knows already does not gate again."""

from __future__ import annotations

import hashlib
import json

from forensics.report.document import Document


def fingerprint(key: str) -> str:
    """A finding's key, short: no path of the input is in it, for those carry dates and case numbers."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def fingerprint_of(finding: Document) -> str:
    """Its own. A report of schemaVersion 1 has no keys: its findings are told by rule, database and nodes."""
    return fingerprint(finding["key"]) if "key" in finding else _of_version_1(finding)


def _of_version_1(finding: Document) -> str:
    parts = [finding["rule"], finding["database"], sorted(finding["nodes"])]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def apply_baseline(document: Document, baseline: Document) -> Document:
    """The document with each finding marked `new` or `known`, and what the baseline had that is gone."""
    mark = fingerprint_of if baseline["schemaVersion"] > 1 else _of_version_1
    before = {mark(finding): finding for finding in (*baseline["findings"], *baseline["suppressed"])}
    findings = [
        finding | {"baseline": "known" if mark(finding) in before else "new"} for finding in document["findings"]
    ]
    now = {mark(finding) for finding in (*document["findings"], *document["suppressed"])}
    gone = [finding for known, finding in before.items() if known not in now]
    seen = sum(finding["baseline"] == "known" for finding in findings)
    return document | {
        "findings": findings,
        "baseline": {
            "known": seen,
            "new": len(findings) - seen,
            "gone": [{key: finding[key] for key in ("rule", "nodes", "message")} for finding in gone],
        },
    }
