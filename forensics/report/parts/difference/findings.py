"""Findings of one side only; and whether the other side had been looked at for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from forensics.facts.cluster.comparison import GRADES
from forensics.report.document import Document, Finding
from forensics.report.document.difference import FindingDifference, FindingsDifference
from forensics.report.parts.difference.pairs import Pair
from forensics.severity import Answer, Effect

_WORSE = (Effect.BROKEN, Effect.NODE_DOWN, Effect.DEGRADED, Effect.ATTENTION)
_Key = tuple[str, str | None, tuple[str, ...]]


def compare_findings(documents: tuple[Document, Document], pairs: Sequence[Pair]) -> FindingsDifference:
    """The same rule on the same nodes with other words is the same trouble, further on.

    A finding that is gone was repaired only where its rule could look again: where less arrived of these nodes, the
    later input does not tell. A new one may have been there before, where less had arrived then.
    """
    before, after = documents
    renamed = {pair.before.name: pair.after.name for pair in pairs if pair.before and pair.after}
    original = {now: was for was, now in renamed.items()}
    old, new = _by_key(before.findings, renamed), _by_key(after.findings, {})
    gone: list[FindingDifference] = []
    fresh: list[FindingDifference] = []
    for key, found in old.items():
        if key not in new:
            reason = _not_checked(after, key) if _less_arrived(pairs, key[2], after=True) else None
            trend = "unseen" if reason else "repaired"
            gone += [_short(one, trend, reason) for one in found]
    for key, found in new.items():
        if key not in old:
            was = (key[0], key[1], tuple(original.get(name, name) for name in key[2]))
            reason = _not_checked(before, was) if _less_arrived(pairs, key[2], after=False) else None
            fresh += [_short(one, "unseen" if reason else "worse", reason) for one in found]
    return FindingsDifference(gone=tuple(gone), new=tuple(fresh), same=sum(key in new for key in old))


def _by_key(findings: Iterable[Finding], renamed: Mapping[str, str]) -> dict[_Key, list[Finding]]:
    found: dict[_Key, list[Finding]] = {}
    for one in findings:
        nodes = tuple(renamed.get(name, name) for name in one.nodes)
        found.setdefault((one.rule, one.database, nodes), []).append(one)
    return found


def _less_arrived(pairs: Sequence[Pair], nodes: Sequence[str], *, after: bool) -> bool:
    """Of one of these nodes (of none named: of any) the later input, or else the earlier one, holds less."""
    for pair in pairs:
        names = {node.name for node in (pair.before, pair.after) if node}
        if nodes and names.isdisjoint(nodes):
            continue
        one, other = (pair.after, pair.before) if after else (pair.before, pair.after)
        if one is None or (other is not None and GRADES.index(one.grade) < GRADES.index(other.grade)):
            return True
    return False


def _not_checked(document: Document, key: _Key) -> str | None:
    """Why a rule had no answer on that side; None where it had one."""
    rule, database, nodes = key
    rows = [
        check
        for check in document.checks
        if check.rule == rule
        and check.database in (None, database)
        and (not nodes or not check.nodes or set(nodes) & set(check.nodes))
    ]
    if any(check.verdict in (Answer.PASS, Answer.FAIL) for check in rows):
        return None
    return next((check.reason for check in rows if check.reason), "nothing to look at")


def _short(finding: Finding, trend: str, reason: str | None) -> FindingDifference:
    """A finding without effect is neither better nor worse."""
    return FindingDifference(
        rule=finding.rule,
        severity=finding.severity,
        database=finding.database,
        nodes=finding.nodes,
        message=finding.message,
        trend=trend if trend == "unseen" or finding.effect in _WORSE else "changed",
        not_checked=reason,
    )
