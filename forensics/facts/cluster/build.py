"""Nodes → clusters: who belongs together, who is who, whose copy is torn, and then what they hold side by side.

Each step takes nodes and gives nodes, so that a Cluster is made once, of settled nodes, and never changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.barrier import stage
from forensics.facts.cluster.cluster import Cluster, newest_configuration, without_copies
from forensics.facts.cluster.commit import commit_index
from forensics.facts.cluster.join import Link, belongs_to, find_copies, join
from forensics.facts.cluster.log_matching import Divergence, match_logs
from forensics.facts.cluster.membership import Membership, membership_of
from forensics.facts.cluster.misnamed import without_misnamed
from forensics.facts.cluster.misplaced import in_short_segment, misplaced
from forensics.facts.cluster.placement import with_places
from forensics.facts.cluster.recounted import recounted
from forensics.facts.cluster.torn_copy import TornCopy, without_torn
from forensics.facts.log.entry_arrays import entry_arrays_of
from forensics.facts.node.node import Grade, Node
from forensics.facts.node.product_by_content import product_by_content
from forensics.ingest.products import UNKNOWN, Product
from forensics.parsers.roles import Role


def _unjoined(nodes: Iterable[Node]) -> tuple[Cluster, ...]:
    """One a product, and nothing said of who belongs together."""
    by_product: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        by_product[node.state.product.database].append(node)
    groups = [_Group(held[0].state.product, tuple(held), ()) for _, held in sorted(by_product.items())]
    return tuple(map(_uncompared, _with_unique_names(groups)))


@stage("telling who belongs together", lambda _: "the nodes", _unjoined)
def build_clusters(nodes: Iterable[Node]) -> tuple[Cluster, ...]:
    """Group nodes by database, and by what their contents say of belonging together; then compare them."""
    groups = sorted(_groups(nodes), key=lambda group: (group.product.database, -len(group.nodes), group.nodes[0].name))
    clusters = [_cluster(group) for group in _with_unique_names(groups)]
    several = {name for name, count in Counter(cluster.name for cluster in clusters).items() if count > 1}
    return tuple(
        replace(cluster, name=f"{cluster.name} of {_founder(cluster)}") if cluster.name in several else cluster
        for cluster in clusters
    )


def told_by_names(cluster: Cluster) -> Cluster:
    """The cluster as the segments tell it whose names are not proved wrong, and whose indexes others show: others hold
    what the rest hold.
    """
    nodes = recounted(without_misnamed(cluster.nodes), _away(cluster))
    if nodes == cluster.nodes:
        return cluster
    made = _cluster(_Group(cluster.product, nodes, cluster.links))
    return replace(made, name=cluster.name, lost=cluster.lost, torn=(*cluster.torn, *made.torn))


def settled(cluster: Cluster) -> Cluster:
    """The same, where its nodes then agree; else the cluster as it is: more is wrong than a name."""
    away = _away(cluster)
    made = told_by_names(cluster) if away else cluster
    return cluster if made.misplaced or _parted(made.divergences) & away else made


def _away(cluster: Cluster) -> frozenset[str]:
    """Nodes whose entries do not have their indexes, or have too low ones."""
    return cluster.misplaced | {name for one in cluster.divergences if one.fewer for name in one.fewer.nodes}


def _parted(divergences: Iterable[Divergence]) -> frozenset[str]:
    """Nodes that differ from others somewhere."""
    return frozenset(name for one in divergences for side in one.sides for name in side.nodes)


@dataclass(frozen=True, slots=True)
class _Group:
    """Directories that belong together, before they are compared."""

    product: Product
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def _groups(nodes: Iterable[Node]) -> Iterator[_Group]:
    """By product. Directories whose path names no product join the group that their content belongs to, if any."""
    by_product: dict[str, list[Node]] = defaultdict(list)
    products: dict[str, Product] = {}
    for node in nodes:
        by_product[node.state.product.database].append(node)
        products[node.state.product.database] = node.state.product
    strangers = by_product.pop(UNKNOWN.database, [])
    for database, own in by_product.items():
        joined, links = join(own)
        for group, within in zip(joined, _links_within(links, joined), strict=True):
            found = [stranger for stranger in strangers if belongs_to(stranger, group)]
            strangers = [stranger for stranger in strangers if stranger not in found]
            yield _Group(products[database], (*group, *found), within)
    joined, links = join(strangers)
    for group, within in zip(joined, _links_within(links, joined), strict=True):
        yield _Group(product_by_content(group), tuple(group), within)


def _links_within(links: Iterable[Link], groups: Sequence[Sequence[Node]]) -> Iterator[tuple[Link, ...]]:
    """Of each group, those between its own nodes."""
    number = {node.name: at for at, group in enumerate(groups) for node in group}
    within: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        first, second = (number[name] for name in link.nodes)
        if first == second:
            within[first].append(link)
    return (tuple(within[at]) for at in range(len(groups)))


def _with_unique_names(groups: list[_Group]) -> Iterator[_Group]:
    """The groups with node names that are unique in each database, even across clusters."""
    taken: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        names = _unique([node.name for node in group.nodes], taken[group.product.database])
        renamed = dict(reversed([(node.name, name) for node, name in zip(group.nodes, names, strict=True)]))
        yield replace(
            group,
            nodes=tuple(replace(node, name=name) for node, name in zip(group.nodes, names, strict=True)),
            links=tuple(replace(link, nodes=(renamed[link.nodes[0]], renamed[link.nodes[1]])) for link in group.links),
        )


def _unique(names: list[str], taken: set[str]) -> list[str]:
    """The names, with a number behind those that are taken already. Adds them to `taken`."""
    found = []
    for name in names:
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name}-{number}", number + 1
        taken.add(unique)
        found.append(unique)
    return found


def _uncompared(group: _Group) -> Cluster:
    return Cluster(group.product, group.nodes, group.product.database, compared=False)


@stage("comparing the nodes", lambda group: group.product.database, _uncompared)
def _cluster(group: _Group) -> Cluster:
    nodes = _with_founder(group.nodes)
    copies = tuple(find_copies(nodes))
    nodes = _with_complete_spares(nodes)
    nodes, torn, divergences = _match(nodes)
    originals = without_copies(nodes, copies)
    away = misplaced(nodes, {node.name: entry_arrays_of(node) for node in nodes})
    return Cluster(
        product=group.product,
        nodes=nodes,
        name=group.product.database,
        links=group.links,
        copies=copies,
        membership=_membership(nodes, away),
        torn=torn,
        divergences=divergences,
        misplaced=away,
        commit=commit_index(*_provers(originals, away)),
    )


def _provers(nodes: Sequence[Node], away: frozenset[str]) -> tuple[list[Node], list[Node]]:
    """Whose indexes prove something, and whose nothing: of nodes with wrong ones the segments whose names fit count,
    where all then agree.
    """
    if not any(node.name in away for node in nodes):
        return list(nodes), []
    sure = without_misnamed(nodes)
    odd = away & (misplaced(sure, {node.name: entry_arrays_of(node) for node in sure}) | _parted(match_logs(sure)))
    told = [now if now.name in away else node for node, now in zip(nodes, sure, strict=True)]
    return [node for node in told if node.name not in odd], [node for node in nodes if node.name in odd]


def _membership(nodes: Sequence[Node], away: Container[str]) -> tuple[Membership, ...]:
    """Without the configurations whose index nothing shows: of nodes with wrong ones, in segments that do not fit."""
    unsure = {node.name: node for node in nodes if node.name in away}
    return tuple(
        event
        for event in membership_of(nodes)
        if not all(name in unsure and in_short_segment(unsure[name], event.index) for name in event.nodes)
    )


def _with_founder(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Only a founder's directory has a first segment of one entry, unless it was copied to others.

    Source: docs/reference/raft.md#bootstrap-and-ids.
    """
    founders = [node for node in nodes if any((part.first, part.last) == (1, 1) for part in node.log.closed)]
    founding = _founding(membership_of(nodes))
    if len(founders) != 1 or founders[0].id is not None or founding is None:
        return nodes
    servers = founding.configuration.servers
    if len(servers) != 1:
        return nodes
    return tuple(replace(node, founder_id=servers[0].id) if node is founders[0] else node for node in nodes)


def _with_complete_spares(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """A spare has no log: where others' raft files arrived, nothing of a spare that has none is missing.

    Source: docs/reference/go-dqlite.md#what-the-files-mean.
    """
    newest = newest_configuration(nodes)
    if newest is None or all(node.grade is not Grade.FULL for node in nodes):
        return nodes
    servers = newest.configuration

    def is_spare(node: Node) -> bool:
        server = servers.by_id(node.id) if node.id is not None else None
        return node.grade is Grade.YAML and not node.state.cut and server is not None and server.role is Role.SPARE

    return tuple(replace(node, grade=Grade.FULL) if is_spare(node) else node for node in nodes)


def _match(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[TornCopy, ...], tuple[Divergence, ...]]:
    """The nodes without indexes that torn copies only seemed to have; these copies; and where the logs still differ."""
    nodes = with_places(nodes)
    found: tuple[TornCopy, ...] = ()
    while True:
        divergences = match_logs(nodes)
        nodes, torn = without_torn(nodes, divergences)
        if not torn:
            return nodes, found, tuple(divergences)
        found += torn


def _founder(cluster: Cluster) -> str:
    """The address of the node that founded a cluster; where that is unknown, the names of its first nodes."""
    founding = _founding(cluster.membership)
    if founding and founding.configuration.servers:
        return founding.configuration.servers[0].address
    return ", ".join(node.name for node in cluster.nodes[:3])


def _founding(events: Iterable[Membership]) -> Membership | None:
    return next((event for event in events if event.index == 1), None)
