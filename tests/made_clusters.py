"""Cases for tests of facts: recorded bases, and nodes put together from logs written by hand."""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from forensics import pipeline
from forensics.crc import crc32
from forensics.evidence import BytesBlob
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.decoder import Decoder
from forensics.facts.node.node import Node, build_node
from forensics.facts.start.node_forecast import with_forecasts
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.inventory import find_state_directories

BASES = Path(__file__).resolve().parents[1] / "fixtures" / "bases"
COMMAND, BARRIER, CHANGE = 1, 2, 3
_KEPT = ExitStack()

Entry = tuple[int, int, bytes]  # term, type, payload


@cache
def gather(base: str) -> Case:
    """The facts of a recorded base; read once, and kept open to the end of the tests."""
    return pipeline.gather(_KEPT.enter_context(pipeline.ingest([str(BASES / f"{base}.tar.xz")])))


def only_cluster(base: str) -> Cluster:
    """The facts of a base that is one cluster."""
    (cluster,) = gather(base).clusters
    return cluster


def command(text: str) -> bytes:
    """A payload that differs with `text`: an `open` command, as docs/reference/commands.md#layout lays it out."""
    return b"\x01\x01" + bytes(6) + text.encode().ljust((len(text) // 8 + 1) * 8, b"\0")


def configuration(*servers: tuple[int, str, int], padding: bytes = b"") -> bytes:
    """An encoded configuration (docs/reference/configurations.md#encoding).

    Role codes are those on disk: 0 stand-by, 1 voter, 2 spare.
    """
    body = struct.pack("<BQ", 1, len(servers))
    for server_id, address, role in servers:
        body += struct.pack("<Q", server_id) + address.encode() + b"\0" + bytes([role])
    return body + padding.ljust(-len(body) % 8, b"\0")[: -len(body) % 8]


def segment(entries: Iterable[Entry], batch: int = 1) -> bytes:
    """A segment of batches of `batch` entries each (docs/reference/segments.md#segments)."""
    rows = list(entries)
    data = struct.pack("<Q", 1)
    for start in range(0, len(rows), batch):
        group = rows[start : start + batch]
        headers = struct.pack("<Q", len(group))
        headers += b"".join(struct.pack("<QB3xI", term, kind, len(payload)) for term, kind, payload in group)
        payloads = b"".join(payload for _, _, payload in group)
        data += struct.pack("<II", crc32(headers), crc32(payloads)) + headers + payloads
    return data


def metadata(term: int, vote: int = 0, version: int = 1) -> bytes:
    """A metadata file (docs/reference/metadata.md#metadata1-and-metadata2)."""
    return struct.pack("<QQQQ", 1, version, term, vote)


def info(server_id: int, address: str) -> bytes:
    """An info.yaml."""
    return f"ID: {server_id}\nAddress: {address}\nRole: 0\n".encode()


def base(name: str, nodes: Iterable[str] = ("n1", "n2", "n3")) -> dict[str, bytes]:
    """The files of a recording's directories, by path `node/name`."""
    with tarfile.open(BASES / f"{name}.tar.xz") as archive:
        return {
            inner: data.read()
            for member in archive
            if (inner := member.name.partition("/")[2]).partition("/")[0] in nodes
            and (data := archive.extractfile(member)) is not None
        }


def nodes_of(files: dict[str, bytes]) -> list[Node]:
    """Nodes from files in memory, by path `node/name`."""
    inputs = [InputFile(path, Kind.FILE, len(data), BytesBlob(path, data)) for path, data in files.items()]
    return [build_node(directory) for directory in find_state_directories(inputs)]


def clusters_of(files: dict[str, bytes]) -> list[Cluster]:
    """Clusters from files in memory, by path `node/name`; nothing of their databases is examined."""
    return list(with_forecasts(Case(build_clusters(nodes_of(files))), Decoder()).clusters)


ONE, TWO, THREE = (101 << 32, "10.0.0.1:9001"), (102 << 32, "10.0.0.2:9001"), (103 << 32, "10.0.0.3:9001")
VOTERS = ((*ONE, 1), (*TWO, 1), (*THREE, 1))


def history(*commands: tuple[int, str]) -> list[Entry]:
    """A bootstrap of ONE, the others added as voters in term 1, then commands of (term, text) from index 4 on."""
    entries = [(1, CHANGE, configuration(*VOTERS[:count])) for count in (1, 2, 3)]
    return entries + [(term, COMMAND, command(text)) for term, text in commands]


def directory(name: str, who: tuple[int, str], entries: list[Entry], term: int, *, batch: int = 1) -> dict[str, bytes]:
    """A state directory of one closed segment."""
    return {
        f"{name}/{1:016d}-{len(entries):016d}": segment(entries, batch),
        f"{name}/metadata1": metadata(term),
        f"{name}/info.yaml": info(*who),
    }
