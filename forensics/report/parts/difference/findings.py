"""Findings of one side only; and whether the other side had been looked at for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.comparison import GRADES
from forensics.report.document import Document, Finding
from forensics.report.document.difference import FindingDifference, FindingsDifference
from forensics.report.parts.difference.pairs import Pair
from forensics.severity import Answer, Effect

_WORSE = (Effect.BROKEN, Effect.NODE_DOWN, Effect.DEGRADED, Effect.ATTENTION)


@dataclass(frozen=True, slots=True)
class _Key:
    """What is wrong and where, as a finding's own key has it, with the nodes' names of one side."""

    rule: str
    kind: str
    database: str | None
    nodes: tuple[str, ...]
    where: tuple[str, ...]


def compare_findings(documents: tuple[Document, Document], pairs: Sequence[Pair]) -> FindingsDifference:
    """What is wrong in both, in the same place, is the same trouble, whatever its counts and words.

    A finding that is gone was repaired only where its rule could look again: where less arrived of these nodes, the
    later input does not tell. A new one may have been there before, where less had arrived then.
    """
    before, after = documents
    renamed = {pair.before.name: pair.after.name for pair in pairs if pair.before and pair.after}
    original = {now: was for was, now in renamed.items()}
    old, new = _by_key(before.findings, renamed), _by_key(after.findings, {})
    return FindingsDifference(
        gone=tuple(_only(old, new, "repaired", lambda key: _unseen(pairs, key, after, {}, later=True))),
        new=tuple(_only(new, old, "worse", lambda key: _unseen(pairs, key, before, original, later=False))),
        same=len(old.keys() & new.keys()),
    )


def _by_key(findings: Iterable[Finding], renamed: Mapping[str, str]) -> dict[_Key, list[Finding]]:
    found: dict[_Key, list[Finding]] = {}
    for one in findings:
        key = _Key(one.rule, one.kind, one.database, _called(one.nodes, renamed), one.where)
        found.setdefault(key, []).append(one)
    return found


def _called(nodes: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in nodes)


def _only(
    side: Mapping[_Key, list[Finding]],
    other: Mapping[_Key, list[Finding]],
    trend: str,
    unseen: Callable[[_Key], str | None],
) -> Iterator[FindingDifference]:
    """Findings of one side whose key the other has not."""
    for key, found in side.items():
        if key not in other:
            reason = unseen(key)
            for one in found:
                yield _short(one, "unseen" if reason else trend, reason)


def _unseen(
    pairs: Sequence[Pair], key: _Key, document: Document, names: Mapping[str, str], *, later: bool
) -> str | None:
    """Why the other side's document does not tell; None where it does. `names`: what it calls the nodes."""
    if not _less_arrived(pairs, key.nodes, after=later):
        return None
    return _not_checked(document, key, _called(key.nodes, names))


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


def _not_checked(document: Document, key: _Key, nodes: tuple[str, ...]) -> str | None:
    """Why a rule had no answer on that side; None where it had one."""
    rows = [
        check
        for check in document.checks
        if check.rule == key.rule
        and check.database in (None, key.database)
        and (not nodes or not check.nodes or set(nodes) & set(check.nodes))
    ]
    if any(check.verdict in (Answer.PASS, Answer.FAIL) for check in rows):
        return None
    return next((check.reason for check in rows if check.reason), "nothing to look at")


def _short(finding: Finding, trend: str, reason: str | None) -> FindingDifference:
    """A finding without effect is neither better nor worse."""
    return FindingDifference(
        rule=finding.rule,
        kind=finding.kind,
        severity=finding.severity,
        database=finding.database,
        nodes=finding.nodes,
        where=finding.where,
        problem=finding.problem,
        message=finding.message,
        trend=trend if trend == "unseen" or finding.effect in _WORSE else "changed",
        not_checked=reason,
    )
