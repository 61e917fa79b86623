"""The whole report."""

from __future__ import annotations

from typing import Annotated

import msgspec

from forensics.report.document.accepted import Baseline, Ignore
from forensics.report.document.case import Case
from forensics.report.document.cluster import Cluster
from forensics.report.document.earlier import Earlier
from forensics.report.document.evidence import Collect, Coverage, Gap, Input, Refusal, Text, UsedFile
from forensics.report.document.finding import Check, Finding
from forensics.report.document.host import Host
from forensics.report.document.part import Part
from forensics.report.document.seen import Seen
from forensics.report.document.verdict import Verdict

SCHEMA_VERSION = 2


class Tool(Part):
    """What made the report.

    Attributes:
        name: `dqlite-forensics`.
        version: its version.
    """

    name: str
    version: str


class AsOf(Part):
    """The moment that dates are judged at.

    Attributes:
        time: ISO 8601; null where nothing tells the time.
        source: where it comes from.
    """

    time: str | None
    source: str


class Document(Part):
    """The report of dqlite-forensics (report.json).

    Keys may be added without a new version; nothing is removed or changes its meaning. IDs are texts; indexes and
    terms are numbers.

    Attributes:
        schema_version: 2.
        tool: what made it.
        inputs: what it was made from.
        verdict: of the case: the worst of its databases'.
        case: one answer to each question of a night; null in a report of version 1.
        incomplete: something is missing for a whole answer.
        missing: what that is.
        clusters: one a database; several of one database where the input holds several clusters of it.
        findings: worst first; causes before consequences.
        checks: what every rule answered, of every subject.
        suppressed: findings that the ignore file accepts.
        ignores: the ignore file's entries, and what became of them.
        earlier: an earlier report that was given along, and what of it the new evidence answers; null without one.
        seen: what a store of earlier cases knows that is like this one; null where none was asked.
        baseline: this report compared with an earlier one; null without a baseline.
        files: every file of a state directory that was read.
        refusals: what was not read.
        as_of: the moment that dates are judged at.
        texts: YAML files word for word, secrets masked.
        coverage: every byte of the raft files.
        collect: what to collect next.
        hosts: the machines that collectors told of.
    """

    schema_version: Annotated[int, msgspec.Meta(ge=SCHEMA_VERSION, extra_json_schema={"const": SCHEMA_VERSION})]
    tool: Tool
    inputs: tuple[Input, ...]
    verdict: Verdict
    incomplete: bool
    case: Case | None = None
    missing: tuple[Gap, ...] = ()
    clusters: tuple[Cluster, ...]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    suppressed: tuple[Finding, ...]
    ignores: tuple[Ignore, ...] = ()
    earlier: Earlier | None = None
    seen: Seen | None = None
    baseline: Baseline | None = None
    files: tuple[UsedFile, ...]
    refusals: tuple[Refusal, ...] = ()
    as_of: AsOf | None = None
    texts: tuple[Text, ...] = ()
    coverage: tuple[Coverage, ...]
    collect: tuple[Collect, ...] = ()
    hosts: tuple[Host, ...] = ()
