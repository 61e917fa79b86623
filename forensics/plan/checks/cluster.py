"""Of all nodes together: one history, nobody missed, everything stopped."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Grade, Node
from forensics.plan.checks.model import Check, Choice, State
from forensics.plan.ranking import undecided


def of_cluster(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _one_history(choice)
    yield from _nobody_missing(choice)
    yield from _undecided(choice)
    yield from _further(choice)
    yield from _running(choice)
    yield from _both_databases(choice)


def _one_history(choice: Choice) -> Iterator[Check]:
    cluster = choice.cluster
    several = False
    contradicted = cluster.contradicted()
    for name, index in contradicted.items():
        state = State.STOP if name == choice.best.name else State.LOOK
        what = f"{name}: from entry {index} on it contradicts committed entries: do not start it, and let it join anew"
        yield Check(state, what)
    for divergence, sides in cluster.histories():
        several = True
        who = " and ".join(", ".join(side.nodes) for side in sides)
        what = f"{who} have committed histories of their own from entry {divergence.index} on: whichever is kept, the "
        yield Check(State.STOP, what + "other's writes are lost; decide by content first")
    for divergence in cluster.disputed():
        what = f"entry {divergence.index} differs between nodes in one term: find out which is right"
        yield Check(State.STOP, what)
    if not any(node.log.blobs() for node in cluster.originals()):
        yield Check(State.LOOK, "no content of any log is at hand: whether there is one history is not known")
    elif not several:
        yield Check(State.OK, "one committed history")


def _nobody_missing(choice: Choice) -> Iterator[Check]:
    cluster = choice.cluster
    absent = [server.address for server in cluster.absent() if server.role and server.role.value != "spare"]
    strangers = sum(node.id is None for node in cluster.originals())
    some = f"{len(absent) - strangers} of " if absent and strangers else ""
    ranked = {candidate.node for candidate in choice.ranking}
    absent += [node.name for node in cluster.originals() if node.name not in ranked and _replicates(cluster, node)]
    if absent:
        yield Check(State.LOOK, f"{some}{', '.join(absent)}: no log at hand; {_may_hold(cluster)}")
    if cluster.configuration is None:
        yield _by_address_book(choice)
    elif not absent:
        yield Check(State.OK, "the log of every member that replicates is at hand")
    weak = [
        node.name
        for node in cluster.originals()
        if node.grade not in (Grade.FULL, Grade.YAML) and node is not choice.best
    ]
    if weak:
        yield Check(
            State.LOOK, f"{', '.join(weak)}: only names or parts of the files arrived, so the rank is a lower bound"
        )


def _undecided(choice: Choice) -> Iterator[Check]:
    names = undecided(choice.cluster, choice.ranking)
    if names:
        what = (
            f"{', '.join(names)}: the content of open segments did not arrive, and may go further than any name tells"
        )
        yield Check(State.STOP, f"{what}: collect it before a node is chosen")


def _by_address_book(choice: Choice) -> Check:
    """Without a raft configuration, cluster.yaml is the only list; it may be old (FACTS 6.3)."""
    book = choice.best.cluster.value if choice.best.cluster else None
    here = {node.id for node in choice.cluster.originals()}
    others = [one.address for one in book.members if one.address and one.id not in here] if book else []
    if book is None:
        what = "find out who all the members are, and look at each"
    elif others:
        what = f"by {choice.best.name}'s cluster.yaml, which may be old, nothing of {', '.join(others)} is at hand"
    else:
        what = f"the members are those of {choice.best.name}'s cluster.yaml, which may be old"
    return Check(State.LOOK, f"no raft configuration is at hand: {what}")


def _may_hold(cluster: Cluster) -> str:
    """What those could hold whom nobody has looked at: a majority's worth of them may have committed by themselves."""
    commit = cluster.commit
    if commit is None or commit.at_most is None:
        behind = f" behind entry {commit.at_least}" if commit else ""
        return f"committed entries{behind} may be there and nowhere else: look at those disks before anything is forced"
    return (
        "nothing committed is there alone, for a majority of the voters is at hand; look all the same if the disk can "
        "be read"
    )


def _replicates(cluster: Cluster, node: Node) -> bool:
    server = cluster.server_of(node)
    return server is not None and server.role is not None and server.role.value != "spare"


def _further(choice: Choice) -> Iterator[Check]:
    """A node that does not start as it is may hold more than the one that does."""
    for candidate in choice.ranking[1:]:
        outlook = choice.outlooks.get(candidate.node)
        if outlook is None or outlook.starts or candidate.role is None or not outlook.mend:
            continue
        node = choice.cluster.node(candidate.node)
        agreed = choice.cluster.agreed(node, choice.best)
        reach = outlook.mended[1] or 0
        if reach > max(agreed, choice.best.last_index or 0):
            yield Check(
                State.STOP,
                f"{candidate.node} goes further than {choice.best.name}, to entry {reach}, once it starts: on a copy, "
                f"{outlook.mend}. Decide before its entries from {agreed + 1} on are given up",
            )


def _running(choice: Choice) -> Iterator[Check]:
    alive = [node.name for node in choice.cluster.originals() if node.log.open]
    if alive:
        names = ", ".join(alive)
        yield Check(
            State.LOOK, f"{names}: running, or killed, when copied (open segments): make sure that all is stopped"
        )


def _both_databases(choice: Choice) -> Iterator[Check]:
    """Canonical Kubernetes' page looks at k8sd's directories alone, and recovers both databases on one node."""
    if choice.around.sibling is None:
        return
    other, nodes = choice.around.sibling
    mine = {candidate.node for candidate in choice.ranking if candidate.rank == 1}
    if mine.isdisjoint(nodes):
        yield Check(
            State.LOOK,
            f"{other} is to be recovered from {', '.join(nodes)}, this database from {choice.best.name}: the page "
            "recovers both on one node, chosen by k8sd's segments alone; run the command once on each",
        )
