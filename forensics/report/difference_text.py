"""What `diff` prints on a terminal: worse first, then what was repaired, then what only went on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from forensics.facts.cluster.state_change import Trend
from forensics.report.document.difference import (
    Difference,
    DifferenceSide,
    FindingDifference,
    FindingsDifference,
    NodeDifference,
    NodesDifference,
    UploadsDifference,
)

_WIDTH = 110
_ORDER = (Trend.WORSE, Trend.REPAIRED, Trend.CHANGED, Trend.LATER)


def render_difference(found: NodesDifference | UploadsDifference) -> str:
    """The whole answer, in blocks with a blank line between them."""
    blocks: list[Iterable[str]] = [[f"A  {_side(found.a)}", f"B  {_side(found.b)}"]]
    if isinstance(found, NodesDifference):
        (pair,) = found.nodes
        strangers = f"; of different clusters: {pair.why}" if pair.same_cluster is False else ""
        title = f"{pair.a} (A) and {pair.b} (B), side by side{strangers}"
        blocks.append([title, *_rows(pair.changes, trends=False)])
    else:
        blocks.append(_wrapped(found.summary, "", "   "))
        blocks += _findings(found.findings)
        blocks.append(
            f"{row.name}: committed at least up to {row.a} in A, {row.b} in B ({row.trend})"
            for row in found.commit_index
        )
        blocks += ([one.name, *_rows(one.changes, trends=True)] for one in found.clusters)
        blocks += ([f"machine {one.host}", *_rows(one.changes, trends=True)] for one in found.hosts)
        blocks.append(_same(found.nodes))
        blocks += (_pair(pair) for pair in found.nodes)
    texts = ("\n".join(block) for block in blocks)
    return "\n\n".join(text for text in texts if text) + "\n"


def _side(side: DifferenceSide) -> str:
    names = ", ".join(entry.name for entry in side.inputs)
    return f"{names}: {side.verdict.summary}"


def _findings(findings: FindingsDifference) -> Iterator[list[str]]:
    for title, found, other in (("NEW IN B", findings.new, "A"), ("GONE IN B", findings.gone, "B")):
        lines = [line for finding in found for line in _finding(finding, other)]
        if lines:
            yield [title, *lines]
    if findings.same:
        yield [f"{findings.same} finding{'s' * (findings.same != 1)} in both"]


def _finding(finding: FindingDifference, other: str) -> list[str]:
    unseen = f" (not checked in {other}: {finding.not_checked})" if finding.not_checked else ""
    text = f"{finding.severity:8} {finding.rule} {finding.problem}{unseen}"
    return _wrapped(text, "  ", "           ")


def _same(pairs: Sequence[NodeDifference]) -> list[str]:
    """Nodes that did not change, in one line."""
    names = [pair.b for pair in pairs if pair.b and _unchanged(pair)]
    return [f"no change: {', '.join(names)}"] if names else []


def _unchanged(pair: NodeDifference) -> bool:
    return pair.a is not None and pair.b is not None and not pair.changes and pair.same_cluster is not False


def _pair(pair: NodeDifference) -> list[str]:
    if _unchanged(pair):
        return []
    if pair.b is None:
        return [f"{pair.a}: only in A"]
    if pair.a is None:
        return [f"{pair.b}: only in B"]
    name = pair.a if pair.a == pair.b else f"{pair.a} → {pair.b}"
    if pair.same_cluster is False:
        return [f"{name}: of another cluster ({pair.why})"]
    return [name, *_rows(pair.changes, trends=True)]


def _rows(changes: Sequence[Difference], *, trends: bool) -> Iterator[str]:
    for change in sorted(changes, key=lambda change: _ORDER.index(change.trend)):
        mark = f"{change.trend:9}" if trends else ""
        yield from _wrapped(f"{mark}{change.what}", "  ", "    ")
        if change.a is not None or change.b is not None:
            for side, words in (("A", change.a), ("B", change.b)):
                yield from _wrapped(f"{side}  {'-' if words is None else words}", "      ", "         ")


def _wrapped(text: str, indent: str, following: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )
