"""An earlier report as a baseline: what it knows already does not gate again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from msgspec.structs import replace

from forensics.barrier import stage
from forensics.report.document import Baseline, Document, Finding, Gone, Known


def fingerprint(key: str) -> str:
    """A finding's key, short: no path of the input is in it, for those carry dates and case numbers."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def fingerprint_of(finding: Finding) -> str:
    """Its own. A report of schemaVersion 1 has no keys: its findings are told by rule, database and nodes."""
    return _of_version_1(finding, finding.database) if finding.key is None else fingerprint(finding.key)


@stage("the baseline", lambda *_: "all findings", lambda document, _: document, needed=True)
def apply_baseline(document: Document, baseline: Document) -> Document:
    """The document with each finding marked `new` or `known`, and what the baseline had that is gone."""
    earlier = (*baseline.findings, *baseline.suppressed)
    keyed = all(finding.key is not None for finding in earlier)
    marks: Callable[[Finding], tuple[str, ...]] = _marks if keyed else _marks_of_version_1
    before = {marks(finding)[0]: finding for finding in earlier}
    findings = tuple(
        replace(finding, baseline=Known.NEW if before.keys().isdisjoint(marks(finding)) else Known.KNOWN)
        for finding in document.findings
    )
    now = {mark for finding in (*document.findings, *document.suppressed) for mark in marks(finding)}
    gone = tuple(
        Gone(rule=finding.rule, nodes=finding.nodes, message=finding.message)
        for mark, finding in before.items()
        if mark not in now
    )
    seen = sum(finding.baseline is Known.KNOWN for finding in findings)
    return replace(document, findings=findings, baseline=Baseline(known=seen, new=len(findings) - seen, gone=gone))


def _marks(finding: Finding) -> tuple[str, ...]:
    return (fingerprint_of(finding),)


def _marks_of_version_1(finding: Finding) -> tuple[str, ...]:
    """By its database, and by none: some that version 1 told of the case are told of their database now."""
    return _of_version_1(finding, finding.database), _of_version_1(finding, None)


def _of_version_1(finding: Finding, database: str | None) -> str:
    parts = [finding.rule, database, sorted(finding.nodes)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
