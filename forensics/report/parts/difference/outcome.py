"""Two uploads in a sentence: another cluster, worse, repaired, gone on, or the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from forensics.report.document.difference import Difference, NodeDifference, UploadsDifference
from forensics.report.parts.difference.pairs import Pair
from forensics.severity import Severity

_NAMED = 3
_WORDS = {
    "worse": "got worse",
    "repaired": "was repaired",
    "changed": "changed",
    "later": "merely went on",
}


def concluded(found: UploadsDifference, pairs: Sequence[Pair]) -> UploadsDifference:
    """The difference with `related`, `trend` and `summary`."""
    matched = [pair for pair in pairs if pair.before and pair.after]
    strangers = [pair for pair in matched if pair.same is False]
    if not matched:
        return replace(found, trend="changed", summary="No node of A is in B: there is nothing to compare.")
    if len(strangers) == len(matched):
        why = strangers[0].why
        return replace(found, related=False, trend="changed", summary=f"A and B are not one cluster: {why}.")
    told = list(_told(found, strangers))
    for trend, words in _WORDS.items():
        what = list(dict.fromkeys(text for kind, text in told if kind == trend))
        if what:
            more = f" and {len(what) - _NAMED} more" if len(what) > _NAMED else ""
            summary = f"B {words}: {'; '.join(what[:_NAMED])}{more}."
            return replace(found, related=True, trend=trend, summary=summary)
    return replace(found, related=True, trend="same", summary="Nothing differs.")


def _told(found: UploadsDifference, strangers: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """(trend, what) of every difference, the weightiest kinds first."""
    for pair in strangers:
        if pair.before and pair.after:
            yield "worse", f"{pair.after.name} belongs to another cluster now ({pair.why})"
    for row in found.commit_index:
        yield row.trend, f"{row.name} provably is committed up to {row.b}, was up to {row.a}"
    for cluster in found.clusters:
        yield from ((change.trend, f"{cluster.name}: {_short(change)}") for change in cluster.changes)
    for node in found.nodes:
        yield from _of_node(node)
    for findings, ending in ((found.findings.new, ""), (found.findings.gone, " is gone")):
        for one in findings:
            if one.severity is not Severity.INFO:  # those come and go with the log
                yield one.trend, f"{' '.join([one.rule, ', '.join(one.nodes)]).strip()}{ending}"
    for host in found.hosts:
        yield from ((change.trend, f"{host.host}: {_short(change)}") for change in host.changes)


def _of_node(node: NodeDifference) -> Iterator[tuple[str, str]]:
    if node.a is None or node.b is None:
        yield "changed", f"{node.a or node.b} is only in {'B' if node.a is None else 'A'}"
    for change in node.changes:
        yield change.trend, f"{node.b}: {change.what}"


def _short(change: Difference) -> str:
    return f"{change.what} {change.a or '-'} → {change.b or '-'}"
