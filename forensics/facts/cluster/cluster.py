"""Several nodes' directories of one database, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from forensics.facts.cluster.commit import CommitIndex, commit_index, common_history
from forensics.facts.cluster.join import Copy, CopyKind, Link, belongs_to, find_copies, join
from forensics.facts.cluster.log_matching import Divergence, Kind, Side, match_logs
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.membership import Membership, membership_of
from forensics.facts.database.snapshot_comparison import Twin
from forensics.facts.machine.host import Host
from forensics.facts.node.node import ConfigurationChange, Grade, Node
from forensics.facts.node.product_by_content import product_by_content
from forensics.facts.node.torn_copy import TornCopy, set_torn_aside
from forensics.ingest.products import UNKNOWN, Product
from forensics.parsers.configuration import Server
from forensics.parsers.journal import JournalLine
from forensics.parsers.roles import Role


@dataclass(slots=True)
class Cluster:
    """The nodes of one cluster of one database.

    Attributes:
        product: whose database it is, by the directories' paths or, where those tell nothing, by their content.
        nodes: sorted by name.
        name: the database; where the input holds several clusters of it, also who founded this one.
        links: what each pair of directories said of belonging together.
        copies: directories that carry another's ID.
        membership: the configurations over time.
        torn: copies of no one moment, whose last open segments have no known indexes.
        divergences: where logs hold different entries at one index.
        commit: bounds of the commit index; None where neither log nor snapshot is at hand.
    """

    product: Product
    nodes: list[Node] = field(default_factory=list)
    name: str = ""
    links: list[Link] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    membership: list[Membership] = field(default_factory=list)
    torn: list[TornCopy] = field(default_factory=list)
    divergences: list[Divergence] = field(default_factory=list)
    commit: CommitIndex | None = None
    twins: list[Twin] = field(default_factory=list)  # by the pipeline, for it is costly: see snapshot_twin.py

    @property
    def configuration(self) -> ConfigurationChange | None:
        """The newest configuration of the node that got furthest; of any node where that one shows none."""
        known = [node for node in self.nodes if node.configuration]
        best = max(known, key=log_position, default=None)
        return best.configuration if best else None

    def server_of(self, node: Node) -> Server | None:
        """The member that a node is: by id, in the newest configuration."""
        configuration = self.configuration
        return configuration.configuration.by_id(node.id) if configuration and node.id is not None else None

    def absent(self) -> tuple[Server, ...]:
        """Members of the newest configuration with no directory in the input."""
        configuration = self.configuration
        if configuration is None:
            return ()
        here = {node.id for node in self.nodes}
        missing = tuple(server for server in configuration.configuration.servers if server.id not in here)
        strangers = sum(node.id is None for node in self.originals())
        return missing if strangers < len(missing) else ()  # LXD's directories do not say whose they are

    def originals(self) -> list[Node]:
        """One directory a server: without copies and older states of the same server."""
        copies = {copy.node for copy in self.copies}
        return [node for node in self.nodes if node.name not in copies]

    def directories(self) -> list[Node]:
        """Each directory once: without further looks, by names or YAML alone, at one that arrived."""
        looks = {copy.node for copy in self.copies if copy.kind is CopyKind.LOOK}
        return [node for node in self.nodes if node.name not in looks]

    def wholes(self) -> list[tuple[Node, Node]]:
        """Each node, and the one with content that is the same directory: most often itself."""
        looks = {copy.node: copy.of for copy in self.copies if copy.kind is CopyKind.LOOK}
        return [(node, self.node(looks.get(node.name, node.name))) for node in self.nodes]

    def node(self, name: str) -> Node:
        """The node of that name."""
        return next(node for node in self.nodes if node.name == name)

    def agreed(self, one: Node, other: Node) -> int:
        """The last index up to which `other` holds the history of `one`, by its log or a snapshot."""
        return common_history(one, other)

    def parted(self, one: str, other: str, index: int) -> bool:
        """The history of the one left that of the other at or before an index, as far as logs show."""
        sides = [
            side.nodes for divergence in self.divergences if divergence.index <= index for side in divergence.sides
        ]
        return any((one in names) != (other in names) for names in sides)

    def contradicted(self) -> dict[str, int]:
        """Nodes whose entries contradict committed ones within a term, and from which index on: lost, renumbered or
        altered entries. Nothing is said of forks: there neither side is the odd one.
        """
        found: dict[str, int] = {}
        for divergence in self.divergences:
            right = self.committed_sides(divergence)
            wrong: list[Side] = []
            if divergence.fewer and right:
                wrong = [divergence.fewer]
            elif divergence.kind is Kind.ALTERED and len(right) == 1:
                wrong = [side for side in divergence.sides if side is not right[0]]
            for side in wrong:
                found |= dict.fromkeys(side.nodes, divergence.index)
        return found

    def committed_sides(self, divergence: Divergence) -> list[Side]:
        """Those whose entries provably are committed."""
        return [side for side in divergence.sides if self.is_committed(side, divergence.index)]

    def histories(self) -> Iterator[tuple[Divergence, list[Side]]]:
        """Where two or more committed histories part: whichever is kept, the other's writes are lost."""
        for divergence in self.divergences:
            sides = self.committed_sides(divergence)
            if len(sides) > 1 and divergence.kind not in (Kind.ALTERED, Kind.SHIFTED):
                yield divergence, sides

    def disputed(self) -> list[Divergence]:
        """Different entries of one term of which nothing tells the right ones: forks, altered entries."""
        told = self.contradicted().keys()
        parted = [divergence for divergence, _ in self.histories()]
        return [
            divergence
            for divergence in self.divergences
            if divergence.kind in (Kind.ALTERED, Kind.FORK)
            and divergence not in parted
            and not (told & {name for side in divergence.sides for name in side.nodes})
        ]

    def is_committed(self, side: Side, index: int) -> bool:
        """The entries of one side of a divergence provably are committed, up to `index` at least."""
        proofs = self.commit.proofs if self.commit else {}
        return any(name in proofs and proofs[name].index >= index for name in side.nodes)


class AsOf(Enum):
    """Where the moment that dates are judged at comes from."""

    ASKED = "--as-of"
    COLLECTED = "the time of collection"
    FILES = "the newest file time"
    UNKNOWN = "nothing"


@dataclass(slots=True)
class Case:
    """Everything of one run that rules may read.

    Attributes:
        clusters: sorted by database.
        as_of: the moment that dates are judged at, seconds since 1970 UTC; None where nothing tells the time.
        as_of_source: where that moment comes from, in words.
        as_of_kind: the same, for rules: a file's time is no later than the collection, and may be much earlier.
        hosts: the machines that collectors told of, and their journals.
    """

    clusters: list[Cluster] = field(default_factory=list)
    as_of: float | None = None
    as_of_source: str = "nothing in the evidence tells the time"
    as_of_kind: AsOf = AsOf.UNKNOWN
    hosts: list[Host] = field(default_factory=list)

    def nodes(self) -> list[Node]:
        """All nodes of all clusters."""
        return [node for cluster in self.clusters for node in cluster.nodes]

    def directories(self) -> list[Node]:
        """Each directory once: see Cluster.directories."""
        return [node for cluster in self.clusters for node in cluster.directories()]

    def nodes_of(self, host: Host) -> list[Node]:
        """The nodes whose state directories are of that machine; for files copied by hand, all of a lone machine.

        Where a report and a copy of the same directory arrived, the copy is the machine's.
        """
        nodes = self.nodes()
        if not host.by_hand:
            held = {id(node) for node in nodes if host.holds(node.state.path)}
            return [whole for cluster in self.clusters for node, whole in cluster.wholes() if id(node) in held]
        loose = [node for node in nodes if node.state.collection is None]
        return loose if len({node.name for node in loose}) == 1 else []

    def nodes_of_line(self, host: Host, line: JournalLine) -> list[Node]:
        """The nodes that a log line is of: those of its machine.

        Of logs copied by hand: those that have the name of the line's host, else those in the same archive or folder,
        where these are of one machine.
        """
        nodes = self.nodes_of(host)
        if nodes or not host.by_hand:
            return nodes
        loose = [node for node in self.nodes() if node.state.collection is None]
        named = [node for node in loose if node.name == line.host]
        top, slash, _ = line.at.path.partition("/")
        near = named or [node for node in loose if slash and node.state.path.startswith(f"{top}/")]
        return near if len({node.name for node in near}) == 1 else []

    def host_of(self, node: Node) -> Host | None:
        """The machine of a node, where a collector told of it."""
        return next((host for host in self.hosts if node in self.nodes_of(host)), None)


def build_clusters(nodes: list[Node]) -> list[Cluster]:
    """Group nodes by database, and by what their contents say of belonging together; then compare them."""
    clusters = [Cluster(product, members, links=links) for product, members, links in _groups(nodes)]
    for cluster in clusters:
        _compare(cluster)
    clusters.sort(key=lambda cluster: (cluster.product.database, -len(cluster.nodes), cluster.nodes[0].name))
    _name(clusters)
    return clusters


def _groups(nodes: list[Node]) -> Iterator[tuple[Product, list[Node], list[Link]]]:
    by_product: dict[str, list[Node]] = defaultdict(list)
    products: dict[str, Product] = {}
    for node in nodes:
        by_product[node.state.product.database].append(node)
        products[node.state.product.database] = node.state.product
    strangers = by_product.pop(UNKNOWN.database, [])
    for database, members in by_product.items():
        groups, links = join(members)
        for group in groups:
            group += [stranger for stranger in strangers if belongs_to(stranger, group)]
            strangers = [stranger for stranger in strangers if stranger not in group]
            yield products[database], group, links
    groups, links = join(strangers)
    for group in groups:
        yield product_by_content(group), group, links


def _compare(cluster: Cluster) -> None:
    names = {node.name for node in cluster.nodes}
    cluster.links = [link for link in cluster.links if set(link.nodes) <= names]
    _find_founder(cluster)
    cluster.copies = find_copies(cluster.nodes)
    _grade_spares(cluster)
    cluster.divergences = match_logs(cluster.nodes)
    while torn := set_torn_aside(cluster.nodes, cluster.divergences):
        cluster.torn += torn
        cluster.divergences = match_logs(cluster.nodes)
    cluster.membership = membership_of(cluster.nodes)
    cluster.commit = commit_index(cluster.originals())


def _find_founder(cluster: Cluster) -> None:
    """Only a founder's directory has a first segment of one entry (FACTS 4.3), unless it was copied to others."""
    founders = [node for node in cluster.nodes if any((part.first, part.last) == (1, 1) for part in node.log.closed)]
    founding = next((event for event in membership_of(cluster.nodes) if event.index == 1), None)
    if len(founders) == 1 and founders[0].id is None and founding and len(founding.configuration.servers) == 1:
        founders[0].founder_id = founding.configuration.servers[0].id


def _grade_spares(cluster: Cluster) -> None:
    """A spare has no log: where others' raft files arrived, nothing of a spare that has none is missing (FACTS 6.3)."""
    if any(node.grade is Grade.FULL for node in cluster.nodes):
        for node in cluster.nodes:
            server = cluster.server_of(node)
            if node.grade is Grade.YAML and server is not None and server.role is Role.SPARE:
                node.grade = Grade.FULL


def _name(clusters: list[Cluster]) -> None:
    """The database's word, with the founder's address where several clusters share it; node names made unique."""
    by_database: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_database[cluster.product.database].append(cluster)
    for database, same in by_database.items():
        taken: set[str] = set()
        for cluster in same:
            cluster.name = database if len(same) == 1 else f"{database} of {_founder(cluster)}"
            for node in cluster.nodes:
                unique, number = node.name, 2
                while unique in taken:
                    unique, number = f"{node.name}-{number}", number + 1
                taken.add(unique)
                node.name = unique


def _founder(cluster: Cluster) -> str:
    founding = next((event for event in cluster.membership if event.index == 1), None)
    if founding and founding.configuration.servers:
        return founding.configuration.servers[0].address
    return ", ".join(node.name for node in cluster.nodes[:3])


def evidence_is_whole(node: Node) -> bool:
    """Nothing of the node's raft state is missing or cut."""
    return node.grade is Grade.FULL
