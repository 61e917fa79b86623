"""Of all nodes together: one history, no log missing, everything stopped."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.unknown_voters import with_unknown_voters
from forensics.facts.node.node import Grade, Node
from forensics.parsers.roles import Role
from forensics.plan.checks.model import Check, CheckKind, Choice, Histories, MissingLogs, Reach, State
from forensics.plan.ranking import kept, undecided


def of_cluster(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _one_history(choice)
    yield from _all_logs(choice)
    yield from _whole_logs(choice)
    yield from _undecided(choice)
    yield from _further(choice)
    yield from _running(choice)
    yield from _both_databases(choice)


def _one_history(choice: Choice) -> Iterator[Check]:
    cluster = choice.cluster
    for name, index in cluster.contradicted().items():
        state = State.STOP if name == choice.best.name else State.LOOK
        yield Check(state, CheckKind.CONTRADICTS_COMMITTED, (name,), index=index)
    histories = list(cluster.histories())
    for divergence, sides in histories:
        nodes = tuple(side.nodes for side in sides)
        yield Check(State.STOP, CheckKind.SEVERAL_HISTORIES, index=divergence.index, about=Histories(nodes))
    disputed = cluster.disputed()
    for divergence in disputed:
        yield Check(State.STOP, CheckKind.DISPUTED_ENTRY, index=divergence.index)
    unknown = with_unknown_voters(cluster)
    for node in unknown:
        yield Check(State.STOP, CheckKind.VOTERS_UNKNOWN, (node.name,))
    if not any(node.log.blobs() for node in cluster.originals()):
        yield Check(State.LOOK, CheckKind.HISTORY_UNKNOWN)
    elif not histories and not disputed and not unknown:
        yield Check(State.OK, CheckKind.ONE_HISTORY)


def _all_logs(choice: Choice) -> Iterator[Check]:
    lost = _lost_logs(choice.cluster)
    if lost:
        yield Check(State.LOOK, CheckKind.MEMBERS_LOST, about=lost)
    missing = _missing_logs(choice)
    if missing:
        yield Check(State.LOOK, CheckKind.LOGS_MISSING, about=missing)
    if choice.cluster.configuration is None:
        yield _by_cluster_yaml(choice)
    elif not missing and not lost:
        yield Check(State.OK, CheckKind.ALL_LOGS)


def _missing_logs(choice: Choice) -> MissingLogs | None:
    """Where fewer than a majority are at hand, those that are not may have committed by themselves."""
    cluster = choice.cluster
    absent = [server.address for server in cluster.awaited() if server.role and server.role is not Role.SPARE]
    strangers = sum(node.id is None for node in cluster.originals())
    ranked = {candidate.node for candidate in choice.ranking}
    without = [node.name for node in cluster.originals() if node.name not in ranked and _replicates(cluster, node)]
    if not absent and not without:
        return None
    return _missing(cluster, (*absent, *without), len(absent) - strangers if absent and strangers else None)


def _lost_logs(cluster: Cluster) -> MissingLogs | None:
    """Of those whom the user takes for lost: spares hold none."""
    held = [one for one in cluster.lost if one.server is None or one.server.role is not Role.SPARE]
    names = tuple(one.called for one in held)
    return _missing(cluster, names, None) if names else None


def _missing(cluster: Cluster, members: tuple[str, ...], some: int | None) -> MissingLogs:
    commit = cluster.commit
    return MissingLogs(
        members=members,
        some=some,
        committed=commit.at_least if commit else None,
        may_hold_committed=commit is None or commit.at_most is None,
    )


def _replicates(cluster: Cluster, node: Node) -> bool:
    server = cluster.server_of(node)
    return server is not None and server.role is not None and server.role.value != "spare"


def _by_cluster_yaml(choice: Choice) -> Check:
    """Without a raft configuration, cluster.yaml is the only list; it may be old
    (docs/reference/go-dqlite.md#what-the-files-mean).
    """
    book = choice.best.cluster.value if choice.best.cluster else None
    if book is None:
        return Check(State.LOOK, CheckKind.NO_CONFIGURATION)
    here = {node.id for node in choice.cluster.originals()}
    others = tuple(one.address for one in book.members if one.address and one.id not in here)
    return Check(State.LOOK, CheckKind.ONLY_CLUSTER_YAML, (choice.best.name,), others)


def _whole_logs(choice: Choice) -> Iterator[Check]:
    others = [node for node in choice.cluster.originals() if node is not choice.best]
    weak = tuple(node.name for node in others if node.grade not in (Grade.FULL, Grade.YAML))
    if weak:
        yield Check(State.LOOK, CheckKind.RANK_IS_LOWER_BOUND, weak)


def _undecided(choice: Choice) -> Iterator[Check]:
    names = undecided(choice.cluster, choice.ranking)
    if names:
        yield Check(State.STOP, CheckKind.OPEN_SEGMENTS_UNREAD, names)


def _further(choice: Choice) -> Iterator[Check]:
    """A node that does not start as it is may hold more than the one that does."""
    best = choice.best
    keeps = kept(best, choice.starts.get(best.name))[1] or 0
    for candidate in choice.ranking[1:]:
        start = choice.starts.get(candidate.node)
        if start is None or start.proposal is None or candidate.role is None:
            continue
        agreed = min(choice.cluster.agreed(choice.cluster.node(candidate.node), best), keeps)
        if start.reach > keeps:
            reach = Reach(best.name, start.reach, agreed, start)
            yield Check(State.STOP, CheckKind.GOES_FURTHER, (candidate.node,), about=reach)


def _running(choice: Choice) -> Iterator[Check]:
    alive = tuple(node.name for node in choice.cluster.originals() if node.log.open)
    if alive:
        yield Check(State.LOOK, CheckKind.WAS_RUNNING, alive)


def _both_databases(choice: Choice) -> Iterator[Check]:
    """Canonical Kubernetes' page looks at k8sd's directories alone, and recovers both databases on one node."""
    if choice.context.sibling is None:
        return
    other, nodes = choice.context.sibling
    mine = {candidate.node for candidate in choice.ranking if candidate.rank == 1}
    if mine.isdisjoint(nodes):
        yield Check(State.LOOK, CheckKind.OTHER_DATABASE_ELSEWHERE, (choice.best.name, *nodes), (other,))
