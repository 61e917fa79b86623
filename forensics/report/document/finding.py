"""What was found, and what every rule answered."""

from __future__ import annotations

from typing import Any

import msgspec

from forensics.report.document.evidence import Line
from forensics.report.document.part import Count, Known, Part
from forensics.severity import Answer, Effect, Scope, Severity


class Span(Part):
    """Where bytes lie.

    Attributes:
        path: in the input.
        offset: of the first byte.
        length: bytes; 0 where the file as such is meant.
    """

    path: str
    offset: Count
    length: Count


class ExcerptLine(Line):
    """One line of a text, and whether it is meant.

    Attributes:
        number: from 1; null where lines were not counted.
        text: the line.
        hit: the finding points at this line; its neighbours are shown around it.
    """

    hit: bool = False


class DecodedField(Part):
    """One field of a file's header, read from its bytes.

    Attributes:
        offset: of its first byte in the file.
        length: bytes.
        name: in the file format: `term`, `header-checksum`. docs/reference has each file's layout.
        batch: of which batch of a segment, from 1; null outside of batches.
        entry: of which entry of the batch, from 1; null where it is of none.
        hex: its bytes, as `0a 1b`; fewer than `length` where the file ends in it.
        stored: its value: a checksum as eight hex digits, all else as a decimal number. Null where the file ends in it.
        computed: what it should be by the rest of the file, in the same form; null where that does not tell it.
    """

    offset: Count
    length: Count
    name: str
    batch: Count | None = None
    entry: Count | None = None
    hex: str
    stored: str | None
    computed: str | None = None


class Excerpt(Span):
    """A piece of evidence, and what may be shown of it.

    Attributes:
        path: in the input.
        offset: of the first byte.
        length: bytes; 0 where the file as such is meant.
        role: what the file is.
        hex: the first bytes as `0a 1b`, `··` for those that may be secret; null where none may be shown, or lines are.
        fields: what the same bytes are, field by field; null where `hex` is, and in older reports.
        lines: the lines of a text; null for other files.
        withheld: why no byte is shown.
    """

    role: str | None = None
    hex: str | None = None
    fields: tuple[DecodedField, ...] | None = None
    lines: tuple[ExcerptLine, ...] | None = None
    withheld: str | None = None


class Suppression(Part):
    """Why a finding was accepted: its entry of the ignore file.

    Attributes:
        reason: as the entry says.
        expires: its last day, ISO 8601; null where it has no end.
    """

    reason: str
    expires: str | None


class Finding(Part):
    """One thing that is wrong, or, at `info`, worth knowing.

    Attributes:
        rule: the rule's ID.
        title: the rule's.
        severity: how bad it is.
        effect: what it does to the database; null in a report of version 1 that did not say.
        scope: what its rule looks at; null in a report of version 1. The problem of a node's finding may leave the
            node's name out.
        database: of which database; null for the case.
        nodes: of which nodes.
        key: what is wrong and where, the same in a later report: kind, database, nodes, where. It has no counts and no
            words. Null in a report of version 1.
        kind: what is wrong, without where: the rule's ID, a dot, a stable word.
        where: what tells it from others of its kind on the same nodes: a file's name, an index, an address.
        values: what its words are made of. The keys belong to the kind; IDs are texts, and so are numbers above 2^53.
        message: problem and details as one text.
        problem: what is wrong, in one clause.
        details: what it means here, what was measured, what explains it: whole sentences.
        evidence: where it shows, most telling first.
        why: why the rule matters.
        false_alarm: when it is none.
        remediation: what to do, as Markdown: paragraphs, lists, `code`, indented commands. Empty where nothing is.
        steps: the same one by one: each item of a list, or paragraph, without commands.
        references: where this is described: links, and files of a project's sources.
        baseline: whether the baseline knows it; null without a baseline.
        fingerprint: the key, hashed; null in a report of version 1 that has none.
        suppression: why it was accepted; null for all but suppressed findings.
    """

    rule: str
    title: str
    severity: Severity
    effect: Effect | None = None
    scope: Scope | None = None
    database: str | None
    nodes: tuple[str, ...]
    key: str | None = None
    kind: str = ""
    where: tuple[str, ...] = ()
    values: dict[str, Any] = msgspec.field(default_factory=dict)
    message: str
    problem: str = ""
    details: tuple[str, ...] = ()
    evidence: tuple[Excerpt, ...]
    why: str
    false_alarm: str = ""
    remediation: str
    steps: tuple[str, ...] = ()
    references: tuple[str, ...]
    baseline: Known | None = None
    fingerprint: str | None = None
    suppression: Suppression | None = None


class CheckGap(Part):
    """Something that a rule could not tell.

    Attributes:
        code: why, stable.
        reason: why, in words.
        nodes: of which nodes; empty for the whole subject.
    """

    code: str
    reason: str
    nodes: tuple[str, ...] = ()


class Check(Part):
    """What one rule answered of one subject.

    Attributes:
        rule: the rule's ID.
        title: the rule's.
        database: of which database; null for the case.
        nodes: of which nodes.
        verdict: `fail` (it found something), `pass` (it looked at whole evidence and found nothing), `not-checked`
            (it could not tell), `broken` (the rule itself failed).
        reason: why it is not checked or broken.
        gaps: what could not be told, one by one.
        omitted: how many findings are not in the report, for there are too many.
    """

    rule: str
    title: str = ""
    database: str | None
    nodes: tuple[str, ...]
    verdict: Answer
    reason: str | None
    gaps: tuple[CheckGap, ...] = ()
    omitted: Count = 0
