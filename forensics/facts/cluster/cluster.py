"""Several nodes' directories of one database, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from forensics.facts.cluster.commit import CommitIndex, common_history
from forensics.facts.cluster.join import Copy, CopyKind, Link
from forensics.facts.cluster.log_matching import Divergence, Kind, Side
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.membership import Membership
from forensics.facts.cluster.torn_copy import TornCopy
from forensics.facts.database.snapshot_comparison import SnapshotComparison
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.machine.host import Host
from forensics.facts.machine.moment import UNKNOWN_MOMENT, AsOf, Moment
from forensics.facts.node.node import Node
from forensics.ingest.products import Product
from forensics.parsers.configuration import Server
from forensics.parsers.journal_line import JournalLine


@dataclass(frozen=True, slots=True)
class LostMember:
    """A member that the user takes for lost for good.

    Attributes:
        name: of its directory, which counts as not arrived; empty where none arrived.
        server: as the configuration has it; None where nothing tells which one it is.
    """

    name: str
    server: Server | None

    @property
    def called(self) -> str:
        """Its name, else its address."""
        return self.name or (self.server.address if self.server else "")


@dataclass(frozen=True, eq=False)
class Cluster:
    """The nodes of one cluster of one database.

    Attributes:
        product: whose database it is, by the directories' paths or, where those tell nothing, by their content.
        nodes: sorted by name.
        name: the database; where the input holds several clusters of it, also who founded this one.
        links: what each pair of directories said of belonging together.
        copies: directories that carry another's ID.
        membership: the configurations over time.
        torn: copies that are not one consistent state, whose last open segments have no known indexes.
        divergences: where logs hold different entries at one index.
        misplaced: nodes whose entries do not have their indexes, by name: they prove nothing.
        commit: bounds of the commit index; None where neither log nor snapshot is at hand.
        snapshot_comparisons: newest snapshots, each compared with what another node has at its index; empty until
            databases are examined.
        lost: members that the user takes for lost for good; see lost_members.py.
        compared: False where an error of this program ended the comparison of its nodes: what a start comes to is
            then not known.
    """

    product: Product
    nodes: tuple[Node, ...]
    name: str
    links: tuple[Link, ...] = ()
    copies: tuple[Copy, ...] = ()
    membership: tuple[Membership, ...] = ()
    torn: tuple[TornCopy, ...] = ()
    divergences: tuple[Divergence, ...] = ()
    misplaced: frozenset[str] = frozenset()
    commit: CommitIndex | None = None
    snapshot_comparisons: tuple[SnapshotComparison, ...] = ()
    lost: tuple[LostMember, ...] = ()
    compared: bool = True

    @cached_property
    def configuration(self) -> ConfigurationChange | None:
        """See newest_configuration. Found once: each question about a node asks for it."""
        placed = [node for node in self.nodes if node.name not in self.misplaced]
        return newest_configuration(placed) or newest_configuration(self.nodes)

    @cached_property
    def configuration_may_be_older(self) -> bool:
        """A newer configuration than the newest that is known may lie in what did not arrive of some log."""
        change = self.configuration
        return change is not None and any(node.log.unread_behind(change.index) for node in self.originals())

    def server_of(self, node: Node) -> Server | None:
        """The member that a node is: by id, in the newest configuration."""
        configuration = self.configuration
        return configuration.configuration.by_id(node.id) if configuration and node.id is not None else None

    def known_elsewhere(self, node: Node) -> Server | None:
        """The member that a node is, where the newest configuration has another address for it than its info.yaml."""
        own = node.info.value.address if node.info and node.info.value else None
        server = self.server_of(node)
        return server if server and own and own != server.address else None

    def is_outside(self, node: Node) -> bool:
        """It says who it is, and is no member of the newest configuration.

        Where a newer one may be unread, only who was a member before is known to be none now.
        """
        if self.configuration is None or node.id is None or self.server_of(node) is not None:
            return False
        was_member = any(event.configuration.by_id(node.id) for event in self.membership)
        return was_member or not self.configuration_may_be_older

    def is_replaced(self, node: Node) -> bool:
        """The same, and a member of the newest configuration has its address."""
        change = self.configuration
        servers = change.configuration.servers if change else ()
        return self.is_outside(node) and any(server.address == node.address for server in servers)

    def absent(self) -> tuple[Server, ...]:
        """Members of the newest configuration whose directory is not in the input."""
        configuration = self.configuration
        if configuration is None:
            return ()
        here = {node.id for node in self.nodes}
        missing = tuple(server for server in configuration.configuration.servers if server.id not in here)
        return missing if self._strangers() < len(missing) else ()  # LXD's directories do not say whose they are

    def awaited(self) -> tuple[Server, ...]:
        """Absent members whose directories may still arrive: those that are not lost for good."""
        known = {one.server.id for one in self.lost if one.server}
        left = tuple(server for server in self.absent() if server.id not in known)
        unknown = sum(one.server is None for one in self.lost)
        return left if len(left) > unknown + (self._strangers() if unknown else 0) else ()

    def _strangers(self) -> int:
        return sum(node.id is None for node in self.originals())

    def originals(self) -> list[Node]:
        """One directory a server: without copies and older states of the same server."""
        return without_copies(self.nodes, self.copies)

    def directories(self) -> list[Node]:
        """Each directory once: a report beside the copy shows the same one again, by names or YAML alone."""
        looks = {copy.node for copy in self.copies if copy.kind is CopyKind.LOOK}
        return [node for node in self.nodes if node.name not in looks]

    def wholes(self) -> list[tuple[Node, Node]]:
        """Each node, with the node that has the content of the same directory: mostly itself."""
        looks = {copy.node: copy.of for copy in self.copies if copy.kind is CopyKind.LOOK}
        return [(node, self.node(looks.get(node.name, node.name))) for node in self.nodes]

    def node(self, name: str) -> Node:
        """The node of that name."""
        return next(node for node in self.nodes if node.name == name)

    def agreed(self, one: Node, other: Node) -> int:
        """The last index up to which `other` holds the history of `one`, by its log or a snapshot."""
        return common_history(one, other)

    def parted(self, one: str, other: str, index: int) -> bool:
        """The histories of the two differ at or before an index, as far as logs show."""
        sides = [
            side.nodes for divergence in self.divergences if divergence.index <= index for side in divergence.sides
        ]
        return any((one in names) != (other in names) for names in sides)

    def contradicted(self) -> dict[str, int]:
        """Nodes whose entries contradict committed ones, and from which index on: lost, renumbered or altered entries.
        Nothing is said of forks: there neither side is the odd one. Where entries have another index than theirs, that
        they have it is enough: whatever is committed, raft never moves an entry.
        """
        found: dict[str, int] = {}
        for divergence in self.divergences:
            for side in self._wrong_sides(divergence):
                found |= dict.fromkeys(side.nodes, divergence.index)
        return found

    def _wrong_sides(self, divergence: Divergence) -> list[Side]:
        moved = [side for side in divergence.sides if self.misplaced.issuperset(side.nodes)]
        if 0 < len(moved) < len(divergence.sides):
            return moved
        if (fewer := self.fewer(divergence)) is not None:
            return [fewer]
        right = self.committed_sides(divergence)
        if divergence.kind is Kind.ALTERED and len(right) == 1:
            return [side for side in divergence.sides if side is not right[0]]
        return []

    def fewer(self, divergence: Divergence) -> Side | None:
        """The side that lost entries before a shift; None where it is the other side's indexes that are wrong."""
        fewer = divergence.fewer
        others = [side for side in divergence.sides if side is not fewer]
        return None if all(self.misplaced.issuperset(side.nodes) for side in others) else fewer

    def committed_sides(self, divergence: Divergence) -> list[Side]:
        """The sides whose entries are proved to be committed."""
        return [side for side in divergence.sides if self.is_committed(side, divergence.index)]

    def histories(self) -> Iterator[tuple[Divergence, list[Side]]]:
        """Where two or more committed histories part: whichever is kept, the other's writes are lost."""
        for divergence in self.divergences:
            sides = self.committed_sides(divergence)
            if len(sides) > 1 and divergence.kind not in (Kind.ALTERED, Kind.SHIFTED):
                yield divergence, sides

    def disputed(self) -> list[Divergence]:
        """Forks and altered entries where nothing shows which side is right."""
        told = self.contradicted().keys() | self.misplaced
        parted = [divergence for divergence, _ in self.histories()]
        return [
            divergence
            for divergence in self.divergences
            if divergence.kind in (Kind.ALTERED, Kind.FORK)
            and divergence not in parted
            and not (told & {name for side in divergence.sides for name in side.nodes})
        ]

    def is_committed(self, side: Side, index: int) -> bool:
        """The entries of one side of a divergence are proved to be committed, at least up to `index`.

        What proves something of a node with wrong indexes is in other segments than those that differ.
        """
        proofs = self.commit.proofs if self.commit else {}
        placed = (name for name in side.nodes if name not in self.misplaced)
        return any(name in proofs and proofs[name].index >= index for name in placed)


def newest_configuration(nodes: Iterable[Node]) -> ConfigurationChange | None:
    """The newest configuration of the node that got furthest; of any node where that one shows none."""
    best = max((node for node in nodes if node.configuration), key=log_position, default=None)
    return best.configuration if best else None


def without_copies(nodes: Iterable[Node], copies: Iterable[Copy]) -> list[Node]:
    """One directory a server."""
    names = {copy.node for copy in copies}
    return [node for node in nodes if node.name not in names]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Everything of one run that rules may read.

    Attributes:
        clusters: sorted by database.
        hosts: the machines that collectors told of, and their journals.
        moment: what dates are judged at.
        repeats: inputs that were given twice: (name, name of the earlier one, which alone counts).
        unknown: inputs of which nothing is known.
    """

    clusters: tuple[Cluster, ...] = ()
    hosts: tuple[Host, ...] = ()
    moment: Moment = UNKNOWN_MOMENT
    repeats: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def as_of(self) -> float | None:
        """See Moment.time."""
        return self.moment.time

    @property
    def as_of_kind(self) -> AsOf:
        """See Moment.kind."""
        return self.moment.kind

    def like(self, cluster: Cluster) -> Iterator[Cluster]:
        """The other clusters of the same database."""
        return (
            other
            for other in self.clusters
            if other is not cluster and other.product.database == cluster.product.database
        )

    def with_nodes(self, made: Mapping[Node, Node]) -> Case:
        """The case with some nodes replaced: what a stage gives that learned more about nodes."""
        clusters = (replace(one, nodes=tuple(made.get(node, node) for node in one.nodes)) for one in self.clusters)
        return replace(self, clusters=tuple(clusters))

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
        near = named or [node for node in loose if slash and f"{node.state.path}/".startswith(f"{top}/")]
        return near if len({node.name for node in near}) == 1 else []

    def host_of(self, node: Node) -> Host | None:
        """The machine of a node; None where no collector describes it."""
        return next((host for host in self.hosts if node in self.nodes_of(host)), None)
