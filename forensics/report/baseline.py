"""An earlier report as a baseline: what it knows already does not gate again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from msgspec.structs import replace

from forensics.report.document import Baseline, Document, Finding, Gone, Known


def fingerprint(key: str) -> str:
    """A finding's key, short: no path of the input is in it, for those carry dates and case numbers."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def fingerprint_of(finding: Finding) -> str:
    """Its own. A report of schemaVersion 1 has no keys: its findings are told by rule, database and nodes."""
    return _of_version_1(finding) if finding.key is None else fingerprint(finding.key)


def apply_baseline(document: Document, baseline: Document) -> Document:
    """The document with each finding marked `new` or `known`, and what the baseline had that is gone."""
    earlier = (*baseline.findings, *baseline.suppressed)
    mark: Callable[[Finding], str] = (
        fingerprint_of if all(finding.key is not None for finding in earlier) else _of_version_1
    )
    before = {mark(finding): finding for finding in earlier}
    findings = tuple(
        replace(finding, baseline=Known.KNOWN if mark(finding) in before else Known.NEW)
        for finding in document.findings
    )
    now = {mark(finding) for finding in (*document.findings, *document.suppressed)}
    gone = tuple(
        Gone(rule=finding.rule, nodes=finding.nodes, message=finding.message)
        for known, finding in before.items()
        if known not in now
    )
    seen = sum(finding.baseline is Known.KNOWN for finding in findings)
    return replace(document, findings=findings, baseline=Baseline(known=seen, new=len(findings) - seen, gone=gone))


def _of_version_1(finding: Finding) -> str:
    parts = [finding.rule, finding.database, sorted(finding.nodes)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
