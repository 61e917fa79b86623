"""The report as JUnit XML: one test case a rule and subject, so that CI shows what was checked, not only what failed.

A finding at `info` is no failure: it goes to the case's output. What is missing of the evidence is a skipped case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from forensics.ingest.paths import printable
from forensics.report.case_lines import headline_of, told_first
from forensics.report.document import Check, Document, Excerpt, Finding
from forensics.severity import Answer, Severity
from forensics.wording import count


def render_junit(document: Document) -> str:
    """One suite a database, one for the case as a whole."""
    databases = sorted({check.database or "" for check in document.checks})
    suites = [_suite(document, database) for database in databases]
    if document.missing:
        suites.append(_missing(document))
    totals = [sum(counts) for counts in zip(*(counts for counts, _ in suites), strict=True)] or [0, 0, 0, 0]
    head = f"<testsuites name={_attribute(document.tool.name)}{_numbers(totals)}>"
    body = "\n".join(text for _, text in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>\n'


Suite = tuple[tuple[int, int, int, int], str]  # tests, failures, errors, skipped; and the XML


def _suite(document: Document, database: str) -> Suite:
    cases = []
    first = _First.of(document)
    tests = failures = errors = skipped = 0
    for check in document.checks:
        if (check.database or "") != database:
            continue
        findings = [finding for finding in document.findings if _is_of(finding, check)]
        serious = [finding for finding in findings if finding.severity is not Severity.INFO]
        tests += 1
        failures += bool(serious)
        errors += check.verdict is Answer.BROKEN
        skipped += check.verdict is Answer.NOT_CHECKED and not serious
        cases.append(_case(check, findings, serious, first))
    name = database or "the case as a whole"
    counts = (tests, failures, errors, skipped)
    return (
        counts,
        f" <testsuite name={_attribute(name)}{_numbers(counts)}>\n{_properties(document)}{''.join(cases)} </testsuite>",
    )


def _properties(document: Document) -> str:
    """What happened, and what to do first: of the case, so the same in every suite."""
    steps = document.case.first if document.case else ()
    told = [("headline", headline_of(document)), *((f"first.{number}", one.do) for number, one in enumerate(steps, 1))]
    lines = "".join(f"   <property name={_attribute(name)} value={_attribute(value)}/>\n" for name, value in told)
    return f"  <properties>\n{lines}  </properties>\n"


def _is_of(finding: Finding, check: Check) -> bool:
    """A rule of the whole case may find something about one database."""
    same = finding.rule == check.rule and check.database in (None, finding.database)
    return same and (not check.nodes or set(finding.nodes) <= set(check.nodes))


@dataclass(frozen=True, slots=True)
class _First:
    """The first steps of the case, and the keys of the findings that they are about: their own advice is put aside."""

    steps: tuple[str, ...]
    keys: Collection[str]

    @classmethod
    def of(cls, document: Document) -> _First:
        steps = document.case.first if document.case else ()
        return cls(tuple(f"{number}. {one.do}" for number, one in enumerate(steps, 1)), told_first(document))

    def advice(self, finding: Finding) -> Sequence[str]:
        return self.steps if finding.key in self.keys else finding.remediation.splitlines()


def _case(check: Check, findings: Sequence[Finding], serious: Sequence[Finding], first: _First) -> str:
    subject = ".".join(filter(None, (check.database or "case", ",".join(check.nodes))))
    name = f"{check.rule} {check.title}".strip()
    inside = ""
    if check.verdict is Answer.BROKEN:
        inside += f"   <error message={_attribute(check.reason or 'the rule is broken')}/>\n"
    for finding in serious:
        inside += (
            f"   <failure type={_attribute(finding.severity)} message={_attribute(finding.problem or finding.message)}>"
            f"{_text(_lines(finding, first.advice(finding)))}</failure>\n"
        )
    if check.verdict is Answer.NOT_CHECKED and not serious:
        inside += f"   <skipped message={_attribute(check.reason or '')}/>\n"
    notes = [finding.message for finding in findings if finding not in serious]
    if notes:
        inside += f"   <system-out>{_text(notes)}</system-out>\n"
    head = f"  <testcase classname={_attribute(subject)} name={_attribute(name)}"
    return f"{head}>\n{inside}  </testcase>\n" if inside else f"{head}/>\n"


def _missing(document: Document) -> Suite:
    cases = "".join(
        f'  <testcase classname="evidence" name={_attribute(gap.subject)}>\n'
        f"   <skipped message={_attribute(gap.detail)}/>\n  </testcase>\n"
        for gap in document.missing
    )
    count = len(document.missing)
    return (count, 0, 0, count), f' <testsuite name="evidence"{_numbers((count, 0, 0, count))}>\n{cases} </testsuite>'


def _lines(finding: Finding, steps: Sequence[str]) -> list[str]:
    """The message, where it shows, what to do: each apart from the next."""
    places = [f"at {entry.path}{_where(entry)}" for entry in finding.evidence]
    advice = ["", "What to do:", *steps] if steps else []
    return ["", finding.message, *([""] if places else []), *places, *advice, ""]


def _where(entry: Excerpt) -> str:
    return f", byte {entry.offset}, {count(entry.length, 'byte')}" if entry.length else ""


def _numbers(counts: Iterable[int]) -> str:
    names = ("tests", "failures", "errors", "skipped")
    return "".join(f' {name}="{count}"' for name, count in zip(names, counts, strict=True))


def _attribute(value: str) -> str:
    """XML 1.0 has no way to write most control characters: they are written out before."""
    return quoteattr(printable(value))


def _text(lines: Iterable[str]) -> str:
    return escape("\n".join(printable(line) for line in lines))
