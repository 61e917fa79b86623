"""One node: who it is as each source tells it, its metadata, its snapshots, its files."""

from __future__ import annotations

from forensics.evidence import Parsed
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node, Snapshot
from forensics.masking.text import is_likely
from forensics.parsers.metadata import Metadata
from forensics.parsers.roles import Role
from forensics.report import document as doc
from forensics.report.parts.encoding import server, servers


def role_of(cluster: Cluster, node: Node) -> Role | None:
    """The role in the newest configuration that the evidence supports."""
    member = cluster.server_of(node)
    return member.role if member else None


def build_info_yaml(node: Node) -> doc.Server | None:
    """What info.yaml says. Its role was written once, at creation (docs/reference/go-dqlite.md#what-the-files-mean)."""
    return server(node.info.value) if node.info and node.info.value else None


def build_cluster_yaml(node: Node) -> tuple[doc.Server, ...] | None:
    """What cluster.yaml says; it lags behind the raft configuration by design (docs/reference/go-dqlite.md)."""
    if node.cluster is None or node.cluster.value is None:
        return None
    return servers(node.cluster.value.members)


def build_newest_configuration(node: Node) -> doc.Configuration | None:
    """The newest configuration of this node's own log and snapshots, and the entry that made it."""
    change = node.configuration
    if change is None:
        return None
    return doc.Configuration(index=change.index, servers=servers(change.configuration.servers))


def build_metadata(node: Node) -> doc.Metadata | None:
    """The copy that counts."""
    return _metadata(node.metadata) if node.metadata else None


def build_metadata_files(node: Node) -> doc.MetadataFiles:
    """Both copies, as each file tells it; null where a file is absent or unreadable."""
    return doc.MetadataFiles(metadata1=_copy(node.metadata1), metadata2=_copy(node.metadata2))


def build_snapshots(node: Node) -> tuple[doc.Snapshot, ...]:
    """All snapshots by name, oldest first."""
    return tuple(_snapshot(snapshot) for snapshot in node.snapshots)


def build_files(node: Node) -> tuple[doc.File, ...]:
    """Everything in the state directory, and in a microcluster's around it."""
    return tuple(
        doc.File(
            name=name,
            role=file.role.value,
            kind=file.kind.value,
            size=file.exact_size,
            path=file.at.path,
            listed=file.listed,
            cut=file.cut,
        )
        for name, file in sorted({**node.state.files, **node.state.around}.items())
    )


def _copy(parsed: Parsed[Metadata] | None) -> doc.Metadata | None:
    return _metadata(parsed.value) if parsed and parsed.value and is_likely(parsed.value.format) else None


def _metadata(metadata: Metadata) -> doc.Metadata:
    return doc.Metadata(term=metadata.term, voted_for=str(metadata.voted_for), version=metadata.version)


def _snapshot(snapshot: Snapshot) -> doc.Snapshot:
    meta = snapshot.meta.value if snapshot.meta else None
    data = snapshot.data.value if snapshot.data else None
    return doc.Snapshot(
        name=snapshot.title,
        term=snapshot.name.term,
        index=snapshot.name.index,
        timestamp_ms=snapshot.name.timestamp_ms,
        configuration_index=meta.configuration_index if meta and meta.configuration else None,
        servers=servers(meta.configuration.servers) if meta and meta.configuration else (),
        databases=tuple(
            doc.SnapshotDatabase(name=image.name, main_size=image.main_size, wal_size=image.wal_size, whole=image.whole)
            for image in (data.databases if data else ())
        ),
        valid=snapshot.sound,
        size=snapshot.data_file.exact_size if snapshot.data_file else None,
        has_data=snapshot.data_file is not None,
        has_meta=snapshot.meta_file is not None,
    )
