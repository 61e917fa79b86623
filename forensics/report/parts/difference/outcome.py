"""Two uploads in a sentence: another cluster, worse, repaired, gone on, or the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from forensics.facts.cluster.state_change import Trend
from forensics.report.document.difference import Difference, FindingDifference, NodeDifference, UploadsDifference
from forensics.report.parts.difference.pairs import Pair
from forensics.severity import Severity

_NAMED = 3
_WORDS = {
    Trend.WORSE: "got worse",
    Trend.REPAIRED: "was repaired",
    Trend.CHANGED: "changed",
    Trend.LATER: "only went on",
}
"""The weightiest first: of that one the sentence tells."""


def concluded(found: UploadsDifference, pairs: Sequence[Pair]) -> UploadsDifference:
    """The difference with `related`, `trend` and `summary`."""
    matched = [pair for pair in pairs if pair.before and pair.after]
    strangers = [pair for pair in matched if pair.same is False]
    if not matched:
        return replace(found, trend="changed", summary="No node of A is in B: there is nothing to compare.")
    if len(strangers) == len(matched):
        why = strangers[0].why
        return replace(found, related=False, trend="changed", summary=f"A and B are not one cluster: {why}.")
    told: dict[str, list[str]] = {}
    for kind, words in _told(found, strangers):
        told.setdefault(kind, []).append(words)
    trend = next((trend for trend in _WORDS if trend in told), None)
    if trend is None:
        return replace(found, related=True, trend="same", summary="Nothing differs.")
    return replace(found, related=True, trend=trend, summary=f"B {_WORDS[trend]}: {_some(told[trend])}.")


def _some(clauses: Sequence[str]) -> str:
    more = f" and {len(clauses) - _NAMED} more" if len(clauses) > _NAMED else ""
    return "; ".join(clauses[:_NAMED]) + more


def _told(found: UploadsDifference, strangers: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """(trend, what) of every difference, the weightiest kinds first."""
    for pair in strangers:
        if pair.before and pair.after:
            yield Trend.WORSE, f"{pair.after.name} belongs to another cluster now ({pair.why})"
    for row in found.commit_index:
        yield row.trend, f"{row.name} is proved committed up to {row.b}, and was up to {row.a}"
    for cluster in found.clusters:
        yield from ((change.trend, f"{cluster.name}: {_short(change)}") for change in cluster.changes)
    for node in found.nodes:
        yield from _of_node(node)
    yield from _of_findings(found.findings.new, "")
    yield from _of_findings(found.findings.gone, " is gone")
    for host in found.hosts:
        yield from ((change.trend, f"{host.host}: {_short(change)}") for change in host.changes)


def _of_findings(findings: Sequence[FindingDifference], ending: str) -> Iterator[tuple[str, str]]:
    """Each rule once for the same nodes; not those at info, which come and go with the log."""
    rules = dict.fromkeys((one.trend, one.rule, one.nodes) for one in findings if one.severity is not Severity.INFO)
    for trend, rule, nodes in rules:
        yield trend, f"{rule} {', '.join(nodes)}{ending}" if nodes else f"{rule}{ending}"


def _of_node(node: NodeDifference) -> Iterator[tuple[str, str]]:
    if node.a is None or node.b is None:
        yield Trend.CHANGED, f"{node.a or node.b} is only in {'B' if node.a is None else 'A'}"
    for change in node.changes:
        yield change.trend, f"{node.b}: {change.what}"


def _short(change: Difference) -> str:
    return f"{change.what} {change.a or '-'} → {change.b or '-'}"
