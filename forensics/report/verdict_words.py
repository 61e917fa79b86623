"""The verdict in words. A finding's own clause is quoted whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from forensics.forecast.reasons import Outcome
from forensics.report.document import Cluster, Evidence, Finding, Forecast, Level, Scope
from forensics.report.verdict_reasons import CommittedLoss, Down, Incomplete, NodesDown, NothingWrong, Reason
from forensics.wording import are, count, entries

_VERBS = {
    Level.BROKEN: "is broken",
    Level.DEGRADED: "is degraded",
    Level.ATTENTION: "needs attention",
    Level.HEALTHY: "is healthy",
    Level.UNKNOWN: "cannot be judged",
}
_DOWN = {Outcome.FAILS: "does not start", Outcome.CRASHES: "crashes at start", Outcome.HANGS: "hangs at start"}


def cluster_words(cluster: Cluster, level: Level, reason: Reason) -> str:
    """Level and reason of one database, as a clause."""
    names_only = {node.evidence for node in cluster.nodes} == {Evidence.LISTING}
    return f"{_short(cluster, level)}{', from names only' if names_only else ''}: {_because(reason)}"


def case_words(judged: Sequence[tuple[Cluster, Level, Reason]], about_all: Finding | None, *, uncertain: bool) -> str:
    """The whole case, as a clause.

    Args:
        judged: every database with its level and reason, the worst first.
        about_all: a finding about no database that says more than they do.
        uncertain: all is well on evidence that is not whole.
    """
    first = cluster_words(*judged[0])
    if uncertain:
        first = f"{first} as far as the evidence goes, which is incomplete"
    others = [_short(cluster, level) for cluster, level, _ in judged[1:]]
    return "; ".join([_because(about_all), first, *others] if about_all else [first, *others])


def nothing_words(told: Finding | None) -> str:
    """Where no state directory arrived, as a clause; `told`: what a log says alone."""
    if told is None:
        return "No dqlite state was found in the input"
    return f"No state directory arrived, but a log says: {_because(told)}"


def _short(cluster: Cluster, level: Level) -> str:
    name = "The database" if cluster.database == "unknown" else cluster.database
    return f"{name} {_VERBS[level]}"


@singledispatch
def _because(reason: Reason) -> str:
    raise TypeError(type(reason))


@_because.register
def _(finding: Finding) -> str:
    """A finding of a node does not always name it."""
    of_node = finding.scope is Scope.NODE or (finding.scope is None and len(finding.nodes) == 1)
    return f"{', '.join(finding.nodes)}: {finding.problem}" if of_node else finding.problem


@_because.register
def _(down: NodesDown) -> str:
    if down.majority:
        return _some_down(down)
    if not down.voters:
        return "; ".join(map(_down, down.down))
    first = _down(next(one for one in down.down if one.voter))
    if down.voters == 1:
        return first
    return f"{down.lost} of {down.voters} voters {are(down.lost)} down, so no majority can form ({first})"


def _some_down(down: NodesDown) -> str:
    more = len(down.down) - 1
    rest = f"; {more} more of {down.nodes} nodes {are(more)} down" if more else ""
    unseen = f", {down.unseen} of them without evidence" if down.unseen else ""
    left = f"; {down.voters - down.lost} of {down.voters} voters remain, a majority{unseen}" if down.lost else ""
    return f"{_down(down.down[0])}{rest}{left}"


def _down(down: Down) -> str:
    why = down.why
    if isinstance(why, Forecast):
        what = _DOWN.get(why.outcome, "does not start")
        return f"{down.node}: {what} ({why.message})" if why.message else f"{down.node}: {what}"
    return f"{down.node}: {why.problem}" if why.scope in (Scope.NODE, None) else why.problem


@_because.register
def _(loss: CommittedLoss) -> str:
    which = entries(loss.first, loss.last)
    return f"starting {loss.node} loses committed {which}, which no other node holds"


@_because.register
def _(incomplete: Incomplete) -> str:
    parts = [
        f"{count(incomplete.absent, 'member')} without evidence" if incomplete.absent else "",
        f"{incomplete.weak} of {count(incomplete.nodes, 'node')} without full evidence" if incomplete.weak else "",
        f"{count(incomplete.refused, 'file')} refused or cut" if incomplete.refused else "",
    ]
    return f"nothing wrong was found, but {', '.join(filter(None, parts))}{_by_cluster_yaml(incomplete)}"


def _by_cluster_yaml(incomplete: Incomplete) -> str:
    if not incomplete.books:
        return ""
    which = "its cluster.yaml names" if incomplete.books == 1 else f"all {incomplete.books} cluster.yaml name the same"
    return f"; {which} {count(incomplete.members, 'member')}, {incomplete.voters} of them voters"


@_because.register
def _(fine: NothingWrong) -> str:
    return f"nothing wrong on the full evidence of {count(fine.nodes, 'node') if fine.nodes > 1 else 'its node'}"
