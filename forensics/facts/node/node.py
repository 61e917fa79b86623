"""One state directory, decoded: identity, metadata pair, log, snapshots, configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from forensics.barrier import stage
from forensics.evidence import Blob, Parsed
from forensics.facts.database.replay_check import Difference
from forensics.facts.database.summary import NOT_EXAMINED, Databases
from forensics.facts.decoder import Decoder
from forensics.facts.log.assemble import assemble_log, regular_files
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.log.intact import IntactSegment
from forensics.facts.log.raft_log import RaftLog, entry_span
from forensics.facts.node.credentials import Credentials, read_credentials
from forensics.facts.node.local_database import LocalDatabase, read_local_database
from forensics.facts.node.microcluster import Microcluster, read_microcluster
from forensics.facts.node.precondition import Pending, Precondition
from forensics.facts.one_file import parsed_file, unread_files
from forensics.forecast.result import NOT_TRIED, NodeForecast, NoForecast
from forensics.ingest.files import Kind
from forensics.ingest.raft_names import SnapshotName, parse_snapshot, parse_snapshot_meta
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.masking.text import is_likely
from forensics.parsers.configuration import parse_configuration
from forensics.parsers.member_record import MemberList, MemberRecord
from forensics.parsers.members import parse_cluster, parse_info
from forensics.parsers.metadata import Metadata, parse_metadata
from forensics.parsers.snapshot import SnapshotData, SnapshotMeta, parse_snapshot_meta_file

T = TypeVar("T")


class Grade(Enum):
    """How much of a node's state arrived. Values are the words of report.json."""

    FULL = "full"  # every raft file with its whole content
    PARTIAL = "partial"  # some content, but not all that was there
    LISTING = "listing"  # names, sizes and times only
    YAML = "yaml"  # info.yaml, cluster.yaml and the like only
    CLEANED = "cleaned"  # `sos clean` took the binary files away


CONTENT_GRADES = frozenset({Grade.FULL, Grade.PARTIAL})  # of the others only names, sizes, times, YAML are known


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot by its name: data, `.meta`, or both."""

    name: SnapshotName
    data_file: StateFile | None
    meta_file: StateFile | None
    data: Parsed[SnapshotData] | None
    meta: Parsed[SnapshotMeta] | None

    @property
    def title(self) -> str:
        """The data file's name as raft writes it."""
        return f"snapshot-{self.name.term}-{self.name.index}-{self.name.timestamp_ms}"

    @property
    def paired(self) -> bool:
        """Both files are there."""
        return self.data_file is not None and self.meta_file is not None

    @property
    def loadable(self) -> bool:
        """Loading takes it into account: both files are there, and the data file is not empty.

        Source: docs/reference/start.md#listing-and-sorting.
        """
        return self.paired and self.data_file is not None and self.data_file.size_max > 0

    @property
    def sound(self) -> bool | None:
        """Both files read without anomaly; None where a content is not at hand."""
        if not self.paired:
            return False
        if self.data is None or self.meta is None:
            return None
        return self.data.whole and self.meta.whole


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """All facts of one state directory. What is None was not in the evidence, or only by name.

    Nodes are compared by identity. A stage that learns more of a node gives a new one: decoding (build_node), joining
    (cluster/build.py: unique names, founders, torn copies), examining (database/case_databases.py), looking at what its
    product needs (start/preconditions.py), and forecasting (start/node_forecast.py).

    Attributes:
        name: unique within its database.
        state: the directory.
        grade: how much of it arrived.
        info, cluster: info.yaml and cluster.yaml.
        metadata1, metadata2: the two copies.
        log: its segments.
        snapshots: by (term, index, timestamp).
        changes: configurations in its log, by index.
        credentials: certificates and keys.
        microcluster: what microcluster keeps around the database.
        local: LXD's and Incus' local.db.
        founder_id: of LXD, where only the founder's files say who it is.
        databases: what is in its databases.
        difference: of the newest snapshot and the log that leads to it, where both are there.
        unmet: what its product needs for a start and does not find; the forecast is of dqlite alone.
        pending: what its product would do to its files before that start.
        forecast: what its next start would do; else why that cannot be told.
    """

    name: str
    state: StateDirectory
    grade: Grade
    info: Parsed[MemberRecord] | None
    cluster: Parsed[MemberList] | None
    metadata1: Parsed[Metadata] | None
    metadata2: Parsed[Metadata] | None
    log: RaftLog
    snapshots: tuple[Snapshot, ...]
    changes: tuple[ConfigurationChange, ...]
    credentials: Credentials
    microcluster: Microcluster | None
    local: LocalDatabase | None
    founder_id: int | None = None
    databases: Databases = NOT_EXAMINED
    difference: Difference | None = None
    unmet: tuple[Precondition, ...] = ()
    pending: tuple[Pending, ...] = ()
    forecast: NodeForecast | NoForecast = NOT_TRIED

    def is_stopped_by(self, file: str) -> bool:
        """The product ends its start at that file."""
        return any(one.file == file for one in self.unmet)

    @property
    def names_cut(self) -> bool:
        """Not all names of its files are known: a listing that is not whole, or an input that was cut, or not read to
        its end. What is absent then proves nothing.
        """
        listed = bool(self.state.listing) and not self.state.listing_cut
        return (self.grade is Grade.LISTING and not listed) or (self.state.cut and not listed)

    @property
    def metadata(self) -> Metadata | None:
        """The copy that counts: the one of the larger version (docs/reference/metadata.md#metadata1-and-metadata2)."""
        return max(self.metadata_copies, key=lambda copy: copy.version, default=None)

    @property
    def metadata_copies(self) -> tuple[Metadata, ...]:
        """Those of the two that can be read: one holds what the node wrote last, the other what it wrote before."""
        read = (parsed.value for parsed in (self.metadata1, self.metadata2) if parsed)
        return tuple(copy for copy in read if copy and is_likely(copy.format))

    @property
    def newest_snapshot(self) -> Snapshot | None:
        """The one that loading would use: both files, some data, largest (term, index, timestamp)."""
        return newest_loadable(self.snapshots)

    @property
    def configuration(self) -> ConfigurationChange | None:
        """The newest configuration that the log or a sound snapshot holds; of two for one entry, the log's, then the
        newest snapshot's.
        """
        known = list(self.changes)
        for snapshot in reversed(self.snapshots):
            meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
            if meta and meta.configuration:
                known.append(ConfigurationChange(meta.configuration_index, None, meta.configuration, True))
        return max(known, key=lambda change: change.index, default=None)

    @property
    def id(self) -> int | None:
        """The server id: as info.yaml gives it, or LXD's local.db; else what its files prove. No node has 0."""
        if self.info and self.info.value:
            return self.info.value.id or None
        return self.local.own.id if self.local and self.local.own else self.founder_id

    @property
    def address(self) -> str | None:
        """The address, as info.yaml gives it, or LXD's local.db."""
        if self.info and self.info.value:
            return self.info.value.address
        return self.local.own.address if self.local and self.local.own else None

    @property
    def last_index(self) -> int | None:
        """The last index of the log, or that of the newest snapshot where the log is behind it or absent."""
        chain = self.log.chain()
        snapshot = self.newest_snapshot
        known = [chain.last] if chain else []
        known += [snapshot.name.index] if snapshot else []
        return max(known, default=None)

    @property
    def last_term(self) -> int | None:
        """The term at last_index."""
        chain = self.log.chain()
        snapshot = self.newest_snapshot
        if snapshot and (chain is None or chain.last <= snapshot.name.index):
            return snapshot.name.term
        return self.log.last_term


def build_node(state: StateDirectory, decoder: Decoder | None = None) -> Node:
    """Parse everything that a state directory holds, except what is decoded already.

    A file that broke its parser, or could not be read, counts as one that is known by its name alone.
    """
    decoder = decoder or Decoder()
    node = _build(state, decoder)
    left = state.without_contents(unread_files())
    return node if left is state else _build(left, decoder)


def _by_names(state: StateDirectory, _: Decoder) -> Node:
    nothing = Credentials({}, {})
    paths = {file.at.path for file in (*state.files.values(), *state.around.values())}
    left = state.without_contents(paths)
    return Node(state.node, left, grade_of(left), None, None, None, None, RaftLog(()), (), (), nothing, None, None)


@stage("reading the node", lambda state, _: state.node, _by_names)
def _build(state: StateDirectory, decoder: Decoder) -> Node:
    snapshots = _snapshots(state, decoder)
    newest = newest_loadable(snapshots)
    log = assemble_log(state, newest.name.index if newest else None, decoder)
    return Node(
        name=state.node,
        state=state,
        grade=grade_of(state),
        info=_parsed(state.files.get("info.yaml"), parse_info),
        cluster=_parsed(state.files.get("cluster.yaml"), parse_cluster),
        metadata1=_parsed(state.files.get("metadata1"), parse_metadata),
        metadata2=_parsed(state.files.get("metadata2"), parse_metadata),
        log=log,
        snapshots=snapshots,
        changes=changes_of(log),
        credentials=read_credentials(state),
        microcluster=read_microcluster(state),
        local=read_local_database(state),
    )


def grade_of(state: StateDirectory) -> Grade:
    """How much arrived."""
    raft = [file for file in state.files.values() if file.role in _CONTENT_ROLES and file.kind is not Kind.DIRECTORY]
    cleaned = state.collection is not None and state.collection.cleaned
    if not raft:
        return Grade.CLEANED if cleaned else Grade.YAML
    if all(file.listed for file in raft):
        return Grade.LISTING
    if all(file.arrived for file in raft):
        whole = {file.role for file in raft} & _TELLING_ROLES and not state.cut
        return Grade.FULL if whole else Grade.PARTIAL
    return Grade.CLEANED if cleaned else Grade.PARTIAL


_CONTENT_ROLES = (
    FileRole.METADATA,
    FileRole.CLOSED_SEGMENT,
    FileRole.OPEN_SEGMENT,
    FileRole.SNAPSHOT,
    FileRole.SNAPSHOT_META,
)
_TELLING_ROLES = frozenset(_CONTENT_ROLES) - {FileRole.SNAPSHOT_META}  # one of these, and there is a state at all


def _parsed(file: StateFile | None, parse: Callable[[Blob], Parsed[T]]) -> Parsed[T] | None:
    return parsed_file(parse, file.blob) if file is not None and file.blob is not None else None


def newest_loadable(snapshots: Iterable[Snapshot]) -> Snapshot | None:
    """The snapshot that loading would use."""
    loadable = (snapshot for snapshot in snapshots if snapshot.loadable)
    return max(loadable, key=lambda snapshot: snapshot.name.order, default=None)


def _snapshots(state: StateDirectory, decoder: Decoder) -> tuple[Snapshot, ...]:
    data = {name: file for file in regular_files(state, FileRole.SNAPSHOT) if (name := parse_snapshot(file.name))}
    meta = {
        name: file for file in regular_files(state, FileRole.SNAPSHOT_META) if (name := parse_snapshot_meta(file.name))
    }
    names = sorted({*data, *meta}, key=lambda name: (*name.order, not name.canonical))
    return tuple(
        Snapshot(
            name,
            data.get(name),
            meta.get(name),
            decoder.snapshot(data.get(name)),
            _parsed(meta.get(name), parse_snapshot_meta_file),
        )
        for name in names
    )


def changes_of(log: RaftLog) -> tuple[ConfigurationChange, ...]:
    """A log's configurations by index, those behind damage too; where two segments hold an index, the later one's."""
    blobs = log.blobs()
    changes = {change.index: change for known in log.intact.values() for change in _placed_changes(known)}
    for entry, segment in log.changes():
        payload = blobs[segment.path].take(entry.offset, entry.size)
        parsed = parse_configuration(payload or b"", entry_span(segment, entry))
        if parsed.value is not None:
            changes[entry.index] = ConfigurationChange(entry.index, entry.term, parsed.value)
    return tuple(changes[index] for index in sorted(changes))


def _placed_changes(known: IntactSegment) -> Iterator[ConfigurationChange]:
    return (change for part in known.parts for change in part.placed_changes())
