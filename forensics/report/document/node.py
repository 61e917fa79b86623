"""One node: who it is as each source tells it, its metadata, log, snapshots and files."""

from __future__ import annotations

from forensics.parsers.roles import Role
from forensics.report.document.credentials import Certificate, Microcluster
from forensics.report.document.forecast import Forecast
from forensics.report.document.log import Log
from forensics.report.document.membership import Server
from forensics.report.document.part import Count, Evidence, Part


class Metadata(Part):
    """What metadata1 or metadata2 says.

    Attributes:
        term: the current term.
        voted_for: ID of the member that the node voted for in it, as text; `0` for none.
        version: of the file: the higher one counts.
    """

    term: Count
    voted_for: str
    version: Count


class MetadataFiles(Part):
    """Both copies; null where a file is absent or cannot be read.

    Attributes:
        metadata1: the one.
        metadata2: the other.
    """

    metadata1: Metadata | None
    metadata2: Metadata | None


class SnapshotDatabase(Part):
    """A database in a snapshot.

    Attributes:
        name: its name.
        main_size: bytes of the main file.
        wal_size: bytes of the write-ahead log.
        whole: all of it is there; null where that cannot be told.
    """

    name: str
    main_size: Count | None = None
    wal_size: Count | None = None
    whole: bool | None = True


class Snapshot(Part):
    """One snapshot.

    Attributes:
        name: of its data file.
        term: of its last entry, by its name.
        index: of its last entry, by its name.
        timestamp_ms: milliseconds since the machine's start, by its name.
        configuration_index: of the configuration in its `.meta`.
        servers: that configuration.
        databases: in it.
        valid: it can be used; null where its content did not arrive.
        size: bytes of its data file.
        has_data: the data file is there.
        has_meta: the `.meta` file is there.
    """

    name: str
    term: Count
    index: Count
    timestamp_ms: Count | None = None
    configuration_index: Count | None
    servers: tuple[Server, ...]
    databases: tuple[SnapshotDatabase, ...]
    valid: bool | None
    size: Count | None = None
    has_data: bool = True
    has_meta: bool = True


class File(Part):
    """A name in the state directory, or of a microcluster's around it.

    Attributes:
        name: relative to the state directory.
        role: what the name says that it is.
        kind: file, directory, link, …
        size: bytes; null where it is not known exactly.
        path: in the input.
        listed: known by a listing only.
        cut: less of it arrived than there was.
    """

    name: str
    role: str
    kind: str = ""
    size: Count | None = None
    path: str = ""
    listed: bool = False
    cut: bool = False


class Node(Part):
    """One state directory.

    Attributes:
        name: of the host or directory that it came from, made unique.
        id: the server's ID, 64 bits, as text.
        address: host and port.
        role: in the newest configuration that the evidence supports; null where none tells.
        directory: where it lies in the input.
        evidence: how much of it arrived.
        info_yaml: what info.yaml says; its role is that of the node's creation.
        cluster_yaml: what cluster.yaml says; it lags behind the configuration.
        configuration: the newest of the node's own log and snapshots.
        configuration_index: of the entry that made it.
        metadata: the copy that counts.
        metadata_files: both copies.
        log: null where no segment tells of any entry.
        snapshots: by name, oldest first.
        files: all names in the directory.
        certificates: in it, and in a microcluster's around it.
        microcluster: daemon.yaml and truststore; null where there are none.
        forecast: what a start would do; null where the evidence does not suffice for one.
    """

    name: str
    id: str | None
    address: str | None
    role: Role | None
    directory: str
    evidence: Evidence
    info_yaml: Server | None = None
    cluster_yaml: tuple[Server, ...] | None = None
    configuration: tuple[Server, ...]
    configuration_index: Count | None = None
    metadata: Metadata | None
    metadata_files: MetadataFiles = MetadataFiles(metadata1=None, metadata2=None)
    log: Log | None
    snapshots: tuple[Snapshot, ...]
    files: tuple[File, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    microcluster: Microcluster | None = None
    forecast: Forecast | None
