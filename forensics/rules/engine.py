"""Find the rules by folder, and judge a case with each: fail, pass, not checked (why), broken (the rule itself)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import forensics.rules
from forensics.barrier import broken_by, is_late, leave_out, note
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Grade, Node
from forensics.limits import FINDINGS_PER_RULE_MAX
from forensics.rules.api import Answer, Effect, Finding, Needs, NotChecked, Rule, Severity, Subject
from forensics.wording import Words, listed

_ENGINE_MODULES = ("api", "engine")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule said of one subject.

    Attributes:
        database, nodes: the subject, by name; empty for the whole case.
        findings: of a fail (a broken rule keeps what it had found).
        gaps: what could not be told, and why.
        reason: of a broken rule, where and how it broke; else empty.
        omitted: findings beyond FINDINGS_PER_RULE_MAX.
    """

    rule: Rule
    database: str
    nodes: tuple[str, ...]
    verdict: Answer
    findings: tuple[Finding, ...] = ()
    gaps: tuple[NotChecked, ...] = ()
    reason: str = ""
    omitted: int = 0


@cache
def catalogue() -> tuple[Rule, ...]:
    """All rules, by id."""
    found: dict[str, Rule] = {}
    for module_info in pkgutil.walk_packages(forensics.rules.__path__, "forensics.rules."):
        if module_info.name.rpartition(".")[2] in _ENGINE_MODULES:
            continue
        for value in vars(importlib.import_module(module_info.name)).values():
            if isinstance(value, Rule):
                found[value.id] = value
    return tuple(found[rule_id] for rule_id in sorted(found))


def judge(case: Case, rules: tuple[Rule, ...] | None = None) -> list[Judgement]:
    """Every rule on every subject that it takes, by rule and then subject."""
    return [
        _judge(rule, subject, database, nodes)
        for rule in (catalogue() if rules is None else rules)
        for subject, database, nodes in _subjects(rule, case)
    ]


def _subjects(rule: Rule, case: Case) -> Iterator[tuple[Subject, str, tuple[str, ...]]]:
    if rule.scope is Case:
        yield case, "", ()
        return
    for cluster in case.clusters:
        database = cluster.product.database
        if rule.products and database not in rule.products:
            continue
        if rule.scope is Cluster:
            yield cluster, database, tuple(node.name for node in cluster.nodes)
        else:
            for node in cluster.nodes:
                yield node, database, (node.name,)


def _judge(rule: Rule, subject: Subject, database: str, nodes: tuple[str, ...]) -> Judgement:
    missing = tuple(
        NotChecked(need.value, f"missing-{need.name.lower()}") for need in rule.needs if not _has(subject, need)
    )
    if missing:
        return Judgement(rule, database, nodes, Answer.NOT_CHECKED, gaps=missing)
    if is_late():
        leave_out("judging", "the rules")  # once for all of them: each says that it was not checked
        late = NotChecked("the time that the run may take is over", "out-of-time")
        return Judgement(rule, database, nodes, Answer.NOT_CHECKED, gaps=(late,))
    findings: list[Finding] = []
    gaps: list[NotChecked] = []
    try:
        for answer in rule.check(subject):
            if isinstance(answer, NotChecked):
                gaps.append(answer)
            else:
                findings.append(answer)
    except Exception as error:  # noqa: BLE001 - a broken rule is an answer of its own, and never takes the report with it
        broken = broken_by(error, "the rule", rule.id)
        note(broken)
        kept = tuple(findings[:FINDINGS_PER_RULE_MAX])
        return Judgement(rule, database, nodes, Answer.BROKEN, kept, tuple(gaps), broken.why)
    if findings:
        omitted = max(len(findings) - FINDINGS_PER_RULE_MAX, 0)
        kept = tuple(findings[:FINDINGS_PER_RULE_MAX])
        return Judgement(rule, database, nodes, Answer.FAIL, kept, tuple(gaps), omitted=omitted)
    gaps += _gaps(rule, subject)
    return Judgement(rule, database, nodes, Answer.NOT_CHECKED if gaps else Answer.PASS, gaps=tuple(gaps))


def words_of(judgement: Judgement, finding: Finding) -> Words:
    """What is said of a finding, with the steps that fit its severity: the only place that asks a finding for words."""
    severity = severity_of(judgement, finding)
    words = finding.problem.words(severity)
    if words.steps is not None:
        return words
    own = severity is judgement.rule.severity
    return replace(words, steps=judgement.rule.text.get("What to do", "") if own else "")


def kind_of(judgement: Judgement, finding: Finding) -> str:
    """What is wrong, without where: `SEG001.data-checksum`. The same in every report and version."""
    return f"{judgement.rule.id}.{finding.problem.kind}"


def key_of(judgement: Judgement, finding: Finding) -> str:
    """What is wrong and where: kind, database, nodes, and what else tells it from its like. No counts, no words."""
    nodes = "+".join(sorted(finding.nodes or judgement.nodes))
    return "|".join([kind_of(judgement, finding), database_of(judgement, finding), nodes, *map(str, finding.where)])


def database_of(judgement: Judgement, finding: Finding) -> str:
    """Which it is about; empty for the whole case."""
    return finding.database or judgement.database


def severity_of(judgement: Judgement, finding: Finding) -> Severity:
    """The finding's own severity, else its rule's."""
    return finding.severity or judgement.rule.severity


def effect_of(judgement: Judgement, finding: Finding) -> Effect:
    """The finding's own effect; else its rule's, where its severity is too; else what its severity suggests."""
    stated = finding.effect or (judgement.rule.effect if finding.severity is None else None)
    if stated is not None:
        return stated
    severity = severity_of(judgement, finding)
    if severity is Severity.CRITICAL:
        return Effect.NODE_DOWN if judgement.rule.scope is Node else Effect.BROKEN
    return _EFFECTS[severity]


_EFFECTS = {
    Severity.HIGH: Effect.DEGRADED,
    Severity.MEDIUM: Effect.ATTENTION,
    Severity.LOW: Effect.ATTENTION,
    Severity.INFO: Effect.NONE,
}


def _has(subject: Subject, need: Needs) -> bool:
    """A node has it, or any node of a cluster."""
    if isinstance(subject, Case):
        return any(_has(cluster, need) for cluster in subject.clusters)
    if isinstance(subject, Cluster):
        if need is Needs.SEVERAL_NODES:
            return len(subject.nodes) > 1
        return any(_has(node, need) for node in subject.nodes)
    return _NODE_HAS[need](subject)


_NODE_HAS: dict[Needs, Callable[[Node], bool]] = {
    Needs.NAMES: lambda node: node.grade not in (Grade.YAML, Grade.CLEANED) and not node.names_cut,
    Needs.SOME_NAMES: lambda node: node.grade not in (Grade.YAML, Grade.CLEANED),
    Needs.SEGMENTS: lambda node: bool(node.log.blobs()),
    Needs.SNAPSHOTS: lambda node: any(snapshot.meta or snapshot.data for snapshot in node.snapshots),
    Needs.METADATA: lambda node: bool(node.metadata1 or node.metadata2),
    Needs.INFO: lambda node: node.info is not None,
    Needs.CLUSTER: lambda node: node.cluster is not None,
    Needs.CONFIGURATION: lambda node: node.configuration is not None,
    Needs.SEVERAL_NODES: lambda _: False,
    Needs.CERTIFICATES: lambda node: bool(node.credentials.certificates),
    Needs.KEYS: lambda node: bool(node.credentials.keys),
    Needs.DATABASES: lambda node: bool(node.databases.found),
    Needs.MICROCLUSTER: lambda node: node.microcluster is not None,
}


def _gaps(rule: Rule, subject: Subject) -> list[NotChecked]:
    """Why a rule without findings must not call it a pass: content that it needed was not whole."""
    if not {Needs.SEGMENTS, Needs.SNAPSHOTS, Needs.NAMES} & set(rule.needs):
        return []
    nodes = [subject] if isinstance(subject, Node) else subject.nodes() if isinstance(subject, Case) else subject.nodes
    partial = tuple(node.name for node in nodes if node.grade is Grade.PARTIAL)
    if not partial:
        return []
    return [NotChecked(f"some files of {listed(partial)} are missing or cut", "partial-evidence", partial)]
