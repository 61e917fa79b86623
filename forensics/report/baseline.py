"""An earlier report as a baseline: what it knows already does not gate again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from forensics.report.document import Document


def fingerprint(rule: str, database: str | None, nodes: Iterable[str], message: str) -> str:
    """The same for the same finding in a later report: no path of the input, which carries dates and case numbers."""
    parts = [rule, database, sorted(nodes), message]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def fingerprint_of(finding: Document) -> str:
    """The finding's own, or computed where an older report has none."""
    return finding.get("fingerprint") or fingerprint(
        finding["rule"], finding["database"], finding["nodes"], finding["message"]
    )


def apply_baseline(document: Document, baseline: Document) -> Document:
    """The document with each finding marked `new` or `known`, and what the baseline had that is gone."""
    before = {fingerprint_of(finding): finding for finding in (*baseline["findings"], *baseline["suppressed"])}
    findings = [
        finding | {"baseline": "known" if fingerprint_of(finding) in before else "new"}
        for finding in document["findings"]
    ]
    now = {fingerprint_of(finding) for finding in (*document["findings"], *document["suppressed"])}
    gone = [finding for mark, finding in before.items() if mark not in now]
    known = sum(finding["baseline"] == "known" for finding in findings)
    return document | {
        "findings": findings,
        "baseline": {
            "known": known,
            "new": len(findings) - known,
            "gone": [{key: finding[key] for key in ("rule", "nodes", "message")} for finding in gone],
        },
    }
