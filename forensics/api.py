"""The Python interface: `forensics.analyze(path) -> Report`, and `assert_sound` for tests.

Both names, what they take and the attributes of Report change only with a line in the changelog; the fields of
`Report.document` are described in docs/reference/report-fields.md.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from forensics import pipeline
from forensics.barrier import watching
from forensics.errors import UsageError
from forensics.exit_code import ExitCode
from forensics.report.baseline import apply_baseline
from forensics.report.document import Document, Evidence, Finding, Level
from forensics.report.formats import FORMATS, rendered
from forensics.report.gate import exit_code
from forensics.report.ignore import read_ignores
from forensics.report.stored import read_report
from forensics.rules.engine import catalogue
from forensics.severity import Severity

Path = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        document: the whole report, as report.json has it.
    """

    document: Document

    @property
    def level(self) -> Level:
        """The verdict: `healthy`, `attention`, `degraded`, `broken`, or `unknown`."""
        return self.document.verdict.level

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        return self.document.verdict.summary

    @property
    def incomplete(self) -> bool:
        """Something is missing for a whole answer; `document.missing` says what."""
        return self.document.incomplete

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, worst first."""
        return self.document.findings

    def worse_than(self, severity: Severity | str) -> tuple[Finding, ...]:
        """The findings of this severity, and of worse ones."""
        least = Severity(severity)
        return tuple(finding for finding in self.findings if finding.severity.rank <= least.rank)

    def exit_code(self, fail_on: str = "high") -> ExitCode:
        """As `dqlite-forensics analyze --fail-on` would end."""
        return exit_code(self.document, fail_on)

    def render(self, form: str = "text") -> str:
        """As `text`, `json`, `html`, `markdown`, `sarif` or `junit`. Raises UsageError for another."""
        if form not in FORMATS:
            raise UsageError(f"no format {form}: there are {', '.join(FORMATS)}")
        return rendered(form, self.document) or ""


def analyze(
    *inputs: Path,
    as_of: datetime | None = None,
    ignore_file: Path | None = None,
    baseline: Path | None = None,
) -> Report:
    """Read inputs, which are never written to, and judge them.

    Args:
        inputs: directories, archives, texts: nodes of one cluster in one or in several.
        as_of: what dates of certificates are judged at; by default the evidence's newest time.
        ignore_file: YAML with findings that are accepted.
        baseline: an earlier report.json; what it has does not count for `exit_code`.

    Raises:
        forensics.errors.ForensicsError: an input or one of the files cannot be read.
    """
    ignores = read_ignores(os.fspath(ignore_file)) if ignore_file is not None else []
    known = read_report(os.fspath(baseline)) if baseline is not None else None
    with watching(), pipeline.ingest([os.fspath(path) for path in inputs]) as evidence:
        document = pipeline.analyze(evidence, as_of.timestamp() if as_of else None, ignores).document
    return Report(document if known is None else apply_baseline(document, known))


def assert_sound(*inputs: Path, allow: Collection[str] = (), severity: Severity | str = Severity.MEDIUM) -> Report:
    """Analyse directories that a program has left, and hold that nothing is wrong with them.

    Args:
        inputs: see analyze. That other members sent nothing is no fault.
        allow: IDs of rules whose findings are accepted.
        severity: the mildest that counts. A healthy directory has nothing at medium or above.

    Raises:
        AssertionError: with the case as the terminal shows it.
        UsageError: there is no rule of an ID in `allow`.
    """
    __tracebackhide__ = True
    if unknown := sorted(set(allow) - {rule.id for rule in catalogue()}):
        raise UsageError(f"no rule {', '.join(unknown)}: `dqlite-forensics rules list` has them all")
    report = analyze(*inputs)
    found = [finding for finding in report.worse_than(severity) if finding.rule not in allow]
    nodes = [node for cluster in report.document.clusters for node in cluster.nodes]
    if found or not nodes or any(node.evidence is not Evidence.FULL for node in nodes):
        ids = ", ".join(dict.fromkeys(finding.rule for finding in found))
        raise AssertionError(f"{ids or 'not every raft file can be read'}\n\n{report.render()}")
    return report
