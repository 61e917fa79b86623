"""Build a fixture, analyse it as `analyze` would, and say where the report differs from what was expected."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from forensics import pipeline
from forensics.check.build import build, pack, write
from forensics.check.manifest import Expect, ExpectedFinding, Fixture
from forensics.evidence import BytesBlob
from forensics.ingest.archive import archive_kind
from forensics.ingest.source import Source
from forensics.report.document import Document, Excerpt, Finding
from forensics.report.gate import exit_code
from forensics.severity import Answer, Severity

T = TypeVar("T")


def document_of(fixture: Fixture) -> Document:
    """The report of a fixture."""
    return analysed(fixture, lambda analysis: analysis.document)


def analysed(fixture: Fixture, then: Callable[[pipeline.Analysis], T]) -> T:
    """What is made of a fixture's analysis while its files can still be read."""
    tree = build(fixture)
    name = fixture.name.rpartition("/")[2]
    if fixture.pack == "directory":
        with tempfile.TemporaryDirectory(prefix="dqlite-forensics-") as private:
            write(tree, Path(private) / name)
            with pipeline.ingest([f"{private}/{name}"]) as evidence:
                return then(pipeline.analyze(evidence))
    suffix = "txt" if fixture.pack == "text" else fixture.pack
    blobs = [BytesBlob(f"{name}.{suffix}", pack(tree, fixture.pack, fixture.ends_before))]
    blobs += [BytesBlob(f"{name}-again.{how}", pack(tree, how)) for how in fixture.again]
    with pipeline.take([Source(b.path, archive_kind(b) or "text", b.size, b, b.path) for b in blobs]) as evidence:
        return then(pipeline.analyze(evidence))


def differences(fixture: Fixture, document: Document) -> list[str]:
    """What the report says otherwise than the fixture expects; empty where it holds."""
    return list(_differences(fixture.expect, document))


def _differences(expect: Expect, document: Document) -> Iterator[str]:
    yield from _of_outcome(expect, document)
    yield from _of_findings(expect, document.findings)
    known = {check.rule for check in document.checks}
    yield from (f"{rule} should be silent, but there is no such rule" for rule in sorted({*expect.silent} - known))
    broken = [check for check in document.checks if check.verdict is Answer.BROKEN]
    yield from (f"{check.rule} is broken: {check.reason}" for check in broken)


def _of_outcome(expect: Expect, document: Document) -> Iterator[str]:
    """Verdict, exit code, and whether the evidence is whole."""
    if expect.verdict and document.verdict.level != expect.verdict:
        yield f"verdict is {document.verdict.level}, not {expect.verdict}: {document.verdict.summary}"
    if expect.exit >= 0 and exit_code(document) != expect.exit:
        yield f"exit code is {exit_code(document)}, not {expect.exit}"
    if document.incomplete != expect.incomplete:
        reasons = "; ".join(f"{gap.subject}: {gap.detail}" for gap in document.missing)
        yield f"incomplete is {document.incomplete}, not {expect.incomplete}{f' ({reasons})' if reasons else ''}"


def _of_findings(expect: Expect, findings: Sequence[Finding]) -> Iterator[str]:
    """Which should come first, which should be there, and which should not."""
    if expect.first and not findings:
        yield f"no findings; {expect.first.rule} should come first"
    elif expect.first and (mismatch := _mismatch(expect.first, findings[0])):
        yield f"first finding: {mismatch}"
    for wanted in expect.also:
        yield from _absent(wanted, findings)
    yield from (f"should be silent: {_told(f)}" for f in findings if f.rule in expect.silent)
    if expect.worst:
        worse = [severity for severity in Severity if severity.rank < Severity(expect.worst).rank]
        yield from (f"worse than {expect.worst}: {_told(f)}" for f in findings if f.severity in worse)


def _absent(wanted: ExpectedFinding, findings: Sequence[Finding]) -> Iterator[str]:
    tried = [_mismatch(wanted, finding) for finding in findings if finding.rule == wanted.rule]
    if not tried:
        yield f"no finding of {wanted.rule}"
    elif all(tried):
        yield f"{wanted.rule}: {tried[0]}"


def _mismatch(wanted: ExpectedFinding, finding: Finding) -> str:
    """What is not as expected, or nothing."""
    mismatch = next(_mismatches(wanted, finding), "")
    return f"{mismatch}: {_told(finding)}" if mismatch else ""


def _mismatches(wanted: ExpectedFinding, finding: Finding) -> Iterator[str]:
    if finding.rule != wanted.rule:
        yield f"not {wanted.rule}"
    if wanted.severity and finding.severity != wanted.severity:
        yield f"not {wanted.severity}"
    if wanted.nodes and finding.nodes != wanted.nodes:
        yield f"of {', '.join(finding.nodes)}, not of {', '.join(wanted.nodes)}"
    if wanted.kind and finding.kind != f"{wanted.rule}.{wanted.kind}":
        yield f"is {finding.kind}, not {wanted.rule}.{wanted.kind}"
    if wanted.where and finding.where != wanted.where:
        yield f"is at {list(finding.where)}, not at {list(wanted.where)}"
    yield from _unlike(wanted.values, finding)
    if wanted.evidence and not any(_is_at(wanted.evidence, span) for span in finding.evidence):
        yield f"evidence is {', '.join(f'{s.path} at {s.offset}, {s.length} bytes' for s in finding.evidence)}"


def _unlike(values: dict[str, Any], finding: Finding) -> Iterator[str]:
    for name, value in values.items():
        if name not in finding.values or not _holds(value, finding.values[name]):
            yield f"{name} is {finding.values.get(name)!r}, not {value!r}"


def _holds(wanted: object, found: object) -> bool:
    """Equal; of tables, what is wanted of them is; of lists, item by item."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _holds(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_holds, wanted, found))
    return wanted == found


def _is_at(wanted: dict[str, Any], span: Excerpt) -> bool:
    return span.path.endswith(wanted.get("path", "")) and all(
        getattr(span, key) == wanted[key] for key in ("offset", "length") if key in wanted
    )


def _told(finding: Finding) -> str:
    return f"{finding.severity} {finding.rule} ({', '.join(finding.nodes)}) {finding.message}"
