"""Findings, worst first, each with its evidence and its rule's own words; and what every rule answered."""

from __future__ import annotations

from forensics.barrier import stage
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Node
from forensics.report import document as doc
from forensics.report.baseline import fingerprint
from forensics.report.parts.context import Context
from forensics.report.parts.excerpt import Excerpts
from forensics.report.parts.values import plain
from forensics.report.prose import steps_of
from forensics.rules.api import Finding, Severity, Subject
from forensics.rules.engine import Judgement, database_of, effect_of, key_of, kind_of, severity_of, words_of
from forensics.wording import joined

_SCOPES: dict[type[Subject], doc.Scope] = {
    Node: doc.Scope.NODE,
    Cluster: doc.Scope.CLUSTER,
    Case: doc.Scope.CASE,
}


def build_findings(context: Context) -> tuple[doc.Finding, ...]:
    """All findings, by severity; causes before consequences; then by rule and subject."""
    found = [
        (severity_of(judgement, finding), judgement, finding)
        for judgement in context.judgements
        for finding in judgement.findings
    ]
    found.sort(key=_order)
    excerpts = Excerpts(context)
    return tuple(_finding(severity, judgement, finding, excerpts) for severity, judgement, finding in found)


def _order(row: tuple[Severity, Judgement, Finding]) -> tuple[object, ...]:
    severity, judgement, finding = row
    database = database_of(judgement, finding)
    return severity.rank, judgement.rule.consequence, judgement.rule.id, database, judgement.nodes


def build_checks(context: Context) -> tuple[doc.Check, ...]:
    """One answer a rule and subject: pass, fail, not checked and why, broken."""
    return tuple(
        doc.Check(
            rule=judgement.rule.id,
            title=judgement.rule.title,
            database=judgement.database or None,
            nodes=judgement.nodes,
            verdict=judgement.verdict,
            reason=judgement.reason or joined([gap.reason for gap in judgement.gaps]) or None,
            gaps=tuple(doc.CheckGap(code=gap.code, reason=gap.reason, nodes=gap.nodes) for gap in judgement.gaps),
            omitted=judgement.omitted,
        )
        for judgement in context.judgements
    )


def _bare(severity: Severity, judgement: Judgement, finding: Finding, _: Excerpts) -> doc.Finding:
    """What stands in its rule, where its words or its excerpts break."""
    rule = judgement.rule
    return doc.Finding(
        rule=rule.id,
        title=rule.title,
        severity=severity,
        scope=_SCOPES[rule.scope],
        database=database_of(judgement, finding) or None,
        nodes=finding.nodes or judgement.nodes,
        message=rule.title,
        problem=rule.title,
        evidence=(),
        why=rule.text.get("Why it matters", ""),
        false_alarm=rule.text.get("False alarm if", ""),
        remediation="",
        references=rule.references,
        fingerprint=fingerprint(rule.id),
    )


@stage("the words of a finding", lambda _, judgement, *__: judgement.rule.id, _bare, needed=True)
def _finding(severity: Severity, judgement: Judgement, finding: Finding, excerpts: Excerpts) -> doc.Finding:
    text = judgement.rule.text
    words = words_of(judgement, finding)
    key = key_of(judgement, finding)
    return doc.Finding(
        rule=judgement.rule.id,
        title=judgement.rule.title,
        severity=severity,
        effect=effect_of(judgement, finding),
        scope=_SCOPES[judgement.rule.scope],
        database=database_of(judgement, finding) or None,
        nodes=finding.nodes or judgement.nodes,
        key=key,
        kind=kind_of(judgement, finding),
        where=tuple(str(part) for part in finding.where),
        values=plain(finding.problem),
        message=words.message,
        problem=words.problem,
        details=words.details,
        evidence=tuple(excerpts.of(span) for span in finding.evidence),
        why=text.get("Why it matters", ""),
        false_alarm=text.get("False alarm if", ""),
        remediation=words.steps or "",
        steps=steps_of(words.steps or ""),
        references=judgement.rule.references,
        fingerprint=fingerprint(key),
    )
