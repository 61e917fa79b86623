"""The verdict in one sentence: what findings, forecasts and evidence amount to (docs/reference/report.md#verdict).

Works on the document's own parts, so that a stored report can be judged again when its findings were suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from forensics.forecast.reasons import Outcome
from forensics.parsers.roles import Role
from forensics.report.document import Cluster, Document, Evidence, Finding, Gap, GapKind, Level, Node, Verdict
from forensics.severity import Effect, Severity

LEVELS = tuple(Level)  # worst first, for the case as a whole


def verdict_of_cluster(cluster: Cluster, findings: Iterable[Finding], missing: Iterable[Gap]) -> Verdict:
    """Level and summary of one database.

    Args:
        cluster: its part of the document.
        findings: of the whole case; those of other databases are passed over.
        missing: why the analysis is incomplete; as findings.
    """
    database = cluster.database
    own = [finding for finding in findings if _concerns(finding, cluster)]
    gaps = [reason for reason in missing if reason.database in (None, database)]
    level, why = _level(cluster, own, gaps)
    told = ", from names only" if {node.evidence for node in cluster.nodes} == {Evidence.LISTING} else ""
    return Verdict(level=level, summary=f"{_name(cluster)} {_VERBS[level]}{told}{f': {why}' if why else ''}.")


def verdict_of_case(clusters: Sequence[Cluster], findings: Sequence[Finding], missing: Sequence[Gap]) -> Verdict:
    """The worst of the databases' verdicts, the others named after it."""
    if not clusters:
        told = next(filter(_level_of, findings), None)
        told_level = _level_of(told) if told else None
        if told is None or told_level is None:
            return Verdict(level=Level.UNKNOWN, summary="No dqlite state was found in the input.")
        sentence = f"No state directory arrived, but a log says: {_sentence(told.message)}."
        return Verdict(level=told_level, summary=sentence)
    ordered = sorted(clusters, key=lambda cluster: LEVELS.index(cluster.verdict.level))
    level, summary = ordered[0].verdict.level, ordered[0].verdict.summary.removesuffix(".")
    others = [f"{_name(cluster)} {_VERBS[cluster.verdict.level]}" for cluster in ordered[1:]]
    everywhere = next((finding for finding in findings if finding.database is None and _level_of(finding)), None)
    everywhere_level = _level_of(everywhere) if everywhere else None
    if everywhere and everywhere_level and _outweighs(everywhere_level, level, first=everywhere is findings[0]):
        level, others = everywhere_level, [summary, *others]
        summary = _where(everywhere) + _sentence(everywhere.message)
    if level is Level.HEALTHY and missing:
        level, summary = Level.UNKNOWN, f"{summary} as far as the evidence goes, which is incomplete"
    return Verdict(level=level, summary="; ".join([summary, *others]) + ".")


def judge_again(document: Document) -> Document:
    """The document with its verdicts made anew from its own findings, after some were set aside."""
    findings, missing = document.findings, document.missing
    clusters = tuple(
        replace(cluster, verdict=verdict_of_cluster(cluster, findings, missing)) for cluster in document.clusters
    )
    return replace(document, clusters=clusters, verdict=verdict_of_case(clusters, findings, missing))


def _level_of(finding: Finding) -> Level | None:
    """What a finding alone would make of the case; None where it is only worth knowing."""
    return _BY_EFFECT.get(finding.effect or Effect.NONE)


def _outweighs(level: Level, other: Level, *, first: bool) -> bool:
    """A finding about no database says more than they do: it is worse, or as bad and the worst of all findings."""
    own, theirs = LEVELS.index(level), LEVELS.index(other)
    return own < theirs or (own == theirs and first)


_VERBS = {
    Level.BROKEN: "is broken",
    Level.DEGRADED: "is degraded",
    Level.ATTENTION: "needs attention",
    Level.HEALTHY: "is healthy",
    Level.UNKNOWN: "cannot be judged",
}
_BY_EFFECT = {
    Effect.BROKEN: Level.BROKEN,
    Effect.NODE_DOWN: Level.DEGRADED,
    Effect.DEGRADED: Level.DEGRADED,
    Effect.ATTENTION: Level.ATTENTION,
}


def _level(cluster: Cluster, findings: Sequence[Finding], gaps: Sequence[Gap]) -> tuple[Level, str]:
    """The level and its reason, worst question first."""
    if broken := _first(findings, Effect.BROKEN):
        return Level.BROKEN, broken
    down = _nodes_down(cluster, findings)
    if down and (sentence := _no_majority(cluster, down)):
        return Level.BROKEN, sentence
    if loss := _loss_of_committed(cluster):
        return Level.BROKEN, loss
    if down:
        return Level.DEGRADED, _down_sentence(cluster, down)
    for effect in (Effect.DEGRADED, Effect.ATTENTION):
        if why := _first(findings, effect):
            return _BY_EFFECT[effect], why
    if gaps:
        return Level.UNKNOWN, _gap_sentence(cluster, gaps)
    if minor := next((finding for finding in findings if finding.severity is not Severity.INFO), None):
        return Level.ATTENTION, _where(minor) + _sentence(minor.message)  # `healthy` is for nothing above info
    count = len(cluster.nodes)
    whole = f"the full evidence of {count} nodes" if count > 1 else "the full evidence of its node"
    return Level.HEALTHY, f"nothing wrong on {whole}"


def _first(findings: Sequence[Finding], effect: Effect) -> str | None:
    return next(
        (_where(finding) + _sentence(finding.message) for finding in findings if finding.effect is effect), None
    )


def _where(finding: Finding) -> str:
    nodes = [name for name in finding.nodes if name not in finding.message]
    return f"{', '.join(nodes)}: " if 0 < len(nodes) <= 3 else ""


_DOWN = {Outcome.FAILS: "does not start", Outcome.CRASHES: "crashes at start", Outcome.HANGS: "hangs at start"}


def _nodes_down(cluster: Cluster, findings: Sequence[Finding]) -> dict[str, str]:
    """Nodes that do not start or cannot take part, each with the reason: as rules say, and as the forecast says."""
    down: dict[str, str] = {}
    for finding in findings:
        if finding.effect is Effect.NODE_DOWN:
            for name in finding.nodes:
                down.setdefault(name, _sentence(finding.message))
    for node in cluster.nodes:
        forecast = node.forecast
        if forecast and forecast.outcome is not Outcome.STARTS:
            what = _DOWN.get(forecast.outcome, "does not start")
            down.setdefault(node.name, f"{what} ({forecast.message})" if forecast.message else what)
    return down


def _no_majority(cluster: Cluster, down: dict[str, str]) -> str | None:
    """A sentence where the nodes that are down leave no majority of the voters; None where they do, or may do."""
    voters = _voters(cluster)
    names = {node.name: node.id for node in cluster.nodes}
    if not voters:
        all_down = set(down) >= set(names)
        return "; ".join(f"{name}: {why}" for name, why in down.items()) if all_down else None
    lost = [name for name in down if names.get(name) in voters]
    if len(voters) - len(lost) >= len(voters) // 2 + 1:
        return None
    first = f"{lost[0]}: {down[lost[0]]}"
    if len(voters) == 1:
        return first
    return f"{len(lost)} of {len(voters)} voters are down, so no majority can form ({first})"


def _voters(cluster: Cluster) -> set[str | None]:
    """IDs of the voters of the newest configuration."""
    servers = cluster.configuration.servers if cluster.configuration else ()
    return {member.id for member in servers if member.role is Role.VOTER}


def _loss_of_committed(cluster: Cluster) -> str | None:
    """A sentence where starting a node would drop committed entries that no other node at hand holds."""
    committed = cluster.commit_index.at_least if cluster.commit_index else None
    if committed is None:
        return None
    for node in cluster.nodes:
        for lost in node.forecast.lost if node.forecast else ():
            first, last = lost.first_index, lost.last_index
            if first is None or first > committed:
                continue
            last = committed if last is None else min(last, committed)
            if not any(_keeps(other, last) for other in cluster.nodes if other is not node):
                return f"starting {node.name} loses committed entries {first} to {last}, which no other node holds"
    return None


def _keeps(node: Node, index: int) -> bool:
    """The node holds that index, and would still after a start."""
    forecast = node.forecast
    if forecast:
        return forecast.outcome is Outcome.STARTS and (forecast.last_index or 0) >= index
    return bool(node.log and node.log.last_index >= index)


def _down_sentence(cluster: Cluster, down: dict[str, str]) -> str:
    name, why = next(iter(down.items()))
    rest = f"; {len(down) - 1} more of {len(cluster.nodes)} nodes are down" if len(down) > 1 else ""
    voters = _voters(cluster)
    seen = {node.id for node in cluster.nodes} & voters
    lost = {node.id for node in cluster.nodes if node.name in down} & voters
    unseen = f", {len(voters - seen)} of them without evidence" if voters - seen else ""
    left = f"; {len(voters - lost)} of {len(voters)} voters remain, a majority{unseen}" if lost else ""
    return f"{name}: {why}{rest}{left}"


def _gap_sentence(cluster: Cluster, gaps: Sequence[Gap]) -> str:
    absent = sum(gap.kind is GapKind.ABSENT for gap in gaps)
    weak = sum(gap.kind is GapKind.GRADE for gap in gaps)
    other = len(gaps) - absent - weak
    parts = [
        f"{absent} member{'s' * (absent > 1)} without evidence" if absent else "",
        f"{weak} of {len(cluster.nodes)} nodes without full evidence" if weak else "",
        f"{other} member{'s' * (other > 1)} refused or cut" if other else "",
    ]
    return "nothing wrong was found, but " + ", ".join(part for part in parts if part) + _yaml_sentence(cluster)


def _yaml_sentence(cluster: Cluster) -> str:
    """What YAML alone can tell of the membership, where nothing tells more."""
    told = [node.cluster_yaml for node in cluster.nodes if node.cluster_yaml]
    if cluster.configuration or not told:
        return ""
    lists = {tuple(sorted((row.id or "", row.address or "", row.role or "") for row in rows)) for rows in told}
    if len(lists) != 1:
        return ""
    voters = sum(row.role is Role.VOTER for row in told[0])
    which = "its cluster.yaml names" if len(told) == 1 else f"all {len(told)} cluster.yaml name the same"
    return f"; {which} {len(told[0])} member{'s' * (len(told[0]) > 1)}, {voters} of them voters"


def _concerns(finding: Finding, cluster: Cluster) -> bool:
    if finding.database != cluster.database:
        return False
    names = {node.name for node in cluster.nodes}
    return not finding.nodes or bool(names & set(finding.nodes))


def _name(cluster: Cluster) -> str:
    return "The database" if cluster.database == "unknown" else str(cluster.database)


def _sentence(message: str) -> str:
    """The message's first clause, what stands in brackets left whole: the finding itself has the rest."""
    depth = 0
    for at, character in enumerate(message):
        depth += (character == "(") - (character == ")")
        if depth <= 0 and message.startswith("; ", at):
            return message[:at].strip().removesuffix(".")
    return message.strip().removesuffix(".")
