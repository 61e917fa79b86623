"""The verdict: what findings, forecasts and evidence amount to (docs/reference/report.md#verdict).

Works on the document's own parts, so that a stored report can be judged again when its findings were suppressed. What
is decided here is data (verdict_reasons.py); verdict_words.py has the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from forensics.forecast.reasons import Outcome
from forensics.parsers.roles import Role
from forensics.report.document import Cluster, Document, Finding, Forecast, Gap, GapKind, Level, Node, Server, Verdict
from forensics.report.verdict_reasons import CommittedLoss, Down, Incomplete, NodesDown, NothingWrong, Reason
from forensics.report.verdict_words import case_words, cluster_words, nothing_words
from forensics.severity import Effect, Severity

LEVELS = tuple(Level)  # worst first, for the case as a whole
_BY_EFFECT = {
    Effect.BROKEN: Level.BROKEN,
    Effect.NODE_DOWN: Level.DEGRADED,
    Effect.DEGRADED: Level.DEGRADED,
    Effect.ATTENTION: Level.ATTENTION,
}


def verdict_of_cluster(cluster: Cluster, findings: Iterable[Finding], missing: Iterable[Gap]) -> Verdict:
    """Level and summary of one database.

    Args:
        cluster: its part of the document.
        findings: of the whole case; those of other databases are passed over.
        missing: why the analysis is incomplete; as findings.
    """
    level, reason = judge(cluster, findings, missing)
    return Verdict(level=level, summary=f"{cluster_words(cluster, level, reason)}.")


def verdict_of_case(clusters: Sequence[Cluster], findings: Sequence[Finding], missing: Sequence[Gap]) -> Verdict:
    """The worst of the databases' verdicts, the others named after it; or the finding that says more than they do."""
    if not clusters:
        told = next(filter(level_of, findings), None)
        level = level_of(told) if told else None
        return Verdict(level=level or Level.UNKNOWN, summary=f"{nothing_words(told)}.")
    judged = [(cluster, *judge(cluster, findings, missing)) for cluster in clusters]
    judged.sort(key=lambda row: LEVELS.index(row[1]))
    worst = judged[0][1]
    about_all = _about_all(findings, worst)
    level = (level_of(about_all) if about_all else None) or worst
    uncertain = level is Level.HEALTHY and bool(missing)
    summary = f"{case_words(judged, about_all, uncertain=uncertain)}."
    return Verdict(level=Level.UNKNOWN if uncertain else level, summary=summary)


def judge_again(document: Document) -> Document:
    """The document with new verdicts by its own findings, after some of them were accepted."""
    findings, missing = document.findings, document.missing
    clusters = tuple(
        replace(cluster, verdict=verdict_of_cluster(cluster, findings, missing)) for cluster in document.clusters
    )
    return replace(document, clusters=clusters, verdict=verdict_of_case(clusters, findings, missing))


def level_of(finding: Finding) -> Level | None:
    """What a finding alone makes of the case; None where it is only worth knowing."""
    return _BY_EFFECT.get(finding.effect or Effect.NONE)


def _about_all(findings: Sequence[Finding], worst: Level) -> Finding | None:
    """The finding about no database that says more than they do: it is worse, or as bad and the first of all."""
    for finding in findings:
        level = level_of(finding) if finding.database is None else None
        if level is not None:
            own, theirs = LEVELS.index(level), LEVELS.index(worst)
            return finding if own < theirs or (own == theirs and finding is findings[0]) else None
    return None


def judge(cluster: Cluster, findings: Iterable[Finding], missing: Iterable[Gap]) -> tuple[Level, Reason]:
    """The level of one database and its reason, the worst question first."""
    own = [finding for finding in findings if _concerns(finding, cluster)]
    return next(_answers(cluster, own, [gap for gap in missing if gap.database in (None, cluster.database)]))


def _answers(cluster: Cluster, findings: list[Finding], gaps: list[Gap]) -> Iterator[tuple[Level, Reason]]:
    yield from _by_effect(findings, Effect.BROKEN)
    down = _nodes_down(cluster, findings)
    if down.down and not down.majority:
        yield Level.BROKEN, down
    if loss := _loss_of_committed(cluster):
        yield Level.BROKEN, loss
    if down.down:
        yield Level.DEGRADED, down
    yield from _by_effect(findings, Effect.DEGRADED)
    yield from _by_effect(findings, Effect.ATTENTION)
    if gaps:
        yield Level.UNKNOWN, _incomplete(cluster, gaps)
    for finding in findings:
        if finding.severity is not Severity.INFO:  # `healthy` is for nothing above info
            yield Level.ATTENTION, finding
    yield Level.HEALTHY, NothingWrong(len(cluster.nodes))


def _by_effect(findings: list[Finding], effect: Effect) -> Iterator[tuple[Level, Finding]]:
    for finding in findings:
        if finding.effect is effect:
            yield _BY_EFFECT[effect], finding


def _nodes_down(cluster: Cluster, findings: list[Finding]) -> NodesDown:
    """Nodes that do not start or cannot take part: as rules say, then as the forecast says."""
    why: dict[str, Finding | Forecast] = {}
    for finding in findings:
        if finding.effect is Effect.NODE_DOWN:
            for name in finding.nodes:
                why.setdefault(name, finding)
    for node in cluster.nodes:
        if node.forecast and node.forecast.outcome is not Outcome.STARTS:
            why.setdefault(node.name, node.forecast)
    voters = _voters(cluster)
    ids = {node.name: node.id for node in cluster.nodes}
    return NodesDown(
        down=tuple(Down(name, ids.get(name) in voters, said) for name, said in why.items()),
        nodes=len(ids),
        up=len(ids.keys() - why.keys()),
        voters=len(voters),
        unseen=len(voters - set(ids.values())),
    )


def _voters(cluster: Cluster) -> set[str | None]:
    """IDs of the voters of the newest configuration."""
    servers = cluster.configuration.servers if cluster.configuration else ()
    return {member.id for member in servers if member.role is Role.VOTER}


def _loss_of_committed(cluster: Cluster) -> CommittedLoss | None:
    committed = cluster.commit_index.at_least if cluster.commit_index else None
    if committed is None:
        return None
    for node in cluster.nodes:
        for first, last in _dropped(node, committed):
            if not any(_keeps(other, last) for other in cluster.nodes if other is not node):
                return CommittedLoss(node.name, first, last)
    return None


def _dropped(node: Node, committed: int) -> Iterator[tuple[int, int]]:
    """First and last of the committed entries that its start drops."""
    for lost in node.forecast.lost if node.forecast else ():
        if lost.first_index is not None and lost.first_index <= committed:
            yield lost.first_index, committed if lost.last_index is None else min(lost.last_index, committed)


def _keeps(node: Node, index: int) -> bool:
    """The node holds that index, and still does after a start."""
    forecast = node.forecast
    if forecast:
        return forecast.outcome is Outcome.STARTS and (forecast.last_index or 0) >= index
    return bool(node.log and node.log.last_index >= index)


def _incomplete(cluster: Cluster, gaps: list[Gap]) -> Incomplete:
    absent = sum(gap.kind is GapKind.ABSENT for gap in gaps)
    weak = sum(gap.kind is GapKind.GRADE for gap in gaps)
    books = [node.cluster_yaml for node in cluster.nodes if node.cluster_yaml]
    agree = cluster.configuration is None and len({tuple(sorted(map(_row, book))) for book in books}) == 1
    return Incomplete(
        absent,
        weak,
        len(cluster.nodes),
        len(gaps) - absent - weak,
        len(books) if agree else 0,
        len(books[0]) if agree else 0,
        sum(row.role is Role.VOTER for row in books[0]) if agree else 0,
    )


def _row(row: Server) -> tuple[str, str, str]:
    return row.id or "", row.address or "", row.role or ""


def _concerns(finding: Finding, cluster: Cluster) -> bool:
    if finding.database != cluster.database:
        return False
    names = {node.name for node in cluster.nodes}
    return not finding.nodes or bool(names & set(finding.nodes))
