"""One node: who it is as each source tells it, its metadata, its snapshots, its files."""

from __future__ import annotations

from forensics.evidence import Parsed
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node, Snapshot
from forensics.parsers.metadata import Metadata
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.encoding import id_text, server


def build_id(_: Context, __: Cluster, node: Node) -> str | None:
    """The server id, as info.yaml gives it."""
    return id_text(node.id)


def build_role(_: Context, cluster: Cluster, node: Node) -> str | None:
    """The role in the newest configuration that the evidence supports."""
    member = cluster.server_of(node)
    return member.role.value if member and member.role else None


def build_info_yaml(_: Context, __: Cluster, node: Node) -> Document | None:
    """What info.yaml says. Its role was written once, at creation (FACTS 6.3)."""
    return server(node.info.value) if node.info and node.info.value else None


def build_cluster_yaml(_: Context, __: Cluster, node: Node) -> list[Document] | None:
    """What cluster.yaml says; it lags behind the raft configuration by design (FACTS 6)."""
    if node.cluster is None or node.cluster.value is None:
        return None
    return [server(member) for member in node.cluster.value.members]


def build_configuration(_: Context, __: Cluster, node: Node) -> list[Document]:
    """The newest configuration of this node's own log and snapshots."""
    change = node.configuration
    return [server(member) for member in change.configuration.servers] if change else []


def build_configuration_index(_: Context, __: Cluster, node: Node) -> int | None:
    """The entry that made it."""
    return node.configuration.index if node.configuration else None


def build_metadata(_: Context, __: Cluster, node: Node) -> Document | None:
    """The copy that counts."""
    return _metadata(node.metadata) if node.metadata else None


def build_metadata_files(_: Context, __: Cluster, node: Node) -> Document:
    """Both copies, as each file tells it; null where a file is absent or unreadable."""
    return {"metadata1": _copy(node.metadata1), "metadata2": _copy(node.metadata2)}


def build_snapshots(_: Context, __: Cluster, node: Node) -> list[Document]:
    """All snapshots by name, oldest first."""
    return [_snapshot(snapshot) for snapshot in node.snapshots]


def build_files(_: Context, __: Cluster, node: Node) -> list[Document]:
    """Everything in the state directory, and in a microcluster's around it."""
    return [
        {
            "name": name,
            "role": file.role.value,
            "kind": file.kind.value,
            "size": file.exact_size,
            "path": file.at.path,
            "listed": file.listed,
            "cut": file.cut,
        }
        for name, file in sorted({**node.state.files, **node.state.around}.items())
    ]


def _copy(parsed: Parsed[Metadata] | None) -> Document | None:
    return _metadata(parsed.value) if parsed and parsed.value else None


def _metadata(metadata: Metadata) -> Document:
    return {"term": metadata.term, "votedFor": id_text(metadata.voted_for), "version": metadata.version}


def _snapshot(snapshot: Snapshot) -> Document:
    meta = snapshot.meta.value if snapshot.meta else None
    data = snapshot.data.value if snapshot.data else None
    return {
        "name": snapshot.title,
        "term": snapshot.name.term,
        "index": snapshot.name.index,
        "timestampMs": snapshot.name.timestamp_ms,
        "configurationIndex": meta.configuration_index if meta else None,
        "servers": [server(member) for member in meta.configuration.servers] if meta and meta.configuration else [],
        "databases": [
            {"name": image.name, "mainSize": image.main_size, "walSize": image.wal_size, "whole": image.whole}
            for image in (data.databases if data else ())
        ],
        "valid": snapshot.sound,
        "size": snapshot.data_file.exact_size if snapshot.data_file else None,
        "hasData": snapshot.data_file is not None,
        "hasMeta": snapshot.meta_file is not None,
    }
