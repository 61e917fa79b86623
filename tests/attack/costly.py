"""Inputs that cost more than their bytes where something is looked at from each of them again.

Each is made in a folder, and has a bound of processor seconds: a few times what it takes where the cost is linear.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forensics.limits import MIB
from tests.made_clusters import CHANGE, COMMAND, Entry, command, configuration, info, metadata, segment

NODES: Final = 400
FILES: Final = 100_000
_TIME: Final = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Costly:
    """One of them.

    Attributes:
        what: in the table.
        make: writes it.
        seconds: of the processor that analysing it may take.
    """

    what: str
    make: Callable[[Path], None]
    seconds: float


def _archive(path: Path, files: Iterator[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in files:
            described = tarfile.TarInfo(name)
            described.size, described.mtime = len(content), _TIME
            archive.addfile(described, io.BytesIO(content))


def _address(number: int) -> str:
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}:9001"


def _one_cluster(path: Path) -> None:
    """Every node knows all the others, in raft and in cluster.yaml: 160,000 members are listed."""
    servers = [((number << 32) + 7, _address(number), 1 if number < 3 else 2) for number in range(NODES)]
    yaml = "".join(
        f"- ID: {one}\n  Address: {address}\n  Role: {role % 2}\n" for one, address, role in servers
    ).encode()
    entries: list[Entry] = [
        (1, CHANGE, configuration(*servers)),
        (1, COMMAND, command("a")),
        (2, COMMAND, command("b")),
    ]
    log = segment(entries)

    def files() -> Iterator[tuple[str, bytes]]:
        for number, (server, address, _) in enumerate(servers):
            yield f"n{number}/0000000000000001-0000000000000003", log
            yield f"n{number}/metadata1", metadata(2)
            yield f"n{number}/info.yaml", info(server, address)
            yield f"n{number}/cluster.yaml", yaml

    _archive(path, files())


def _strangers(path: Path) -> None:
    """Every node is a cluster of its own."""

    def files() -> Iterator[tuple[str, bytes]]:
        for number in range(NODES):
            server = ((number << 32) + 7, _address(number), 1)
            entries: list[Entry] = [(1, CHANGE, configuration(server)), (1, COMMAND, command(str(number)))]
            yield f"n{number}/0000000000000001-0000000000000002", segment(entries)
            yield f"n{number}/metadata1", metadata(1)
            yield f"n{number}/info.yaml", info(*server[:2])

    _archive(path, files())


def _untold(path: Path) -> None:
    """Nothing tells whether they belong together."""
    _archive(path, ((f"n{number}/metadata1", metadata(number + 1)) for number in range(NODES)))


def _empty_files(path: Path) -> None:
    _archive(path, ((f"d{number // 100}/f{number}", b"") for number in range(FILES)))


def _spread_segments(path: Path) -> None:
    """One directory, as many segments as files: each of one entry."""

    def files() -> Iterator[tuple[str, bytes]]:
        yield "n1/metadata1", metadata(1)
        for index in range(1, 2001):
            yield f"n1/{index:016d}-{index:016d}", segment([(1, COMMAND, command(str(index)))])

    _archive(path, files())


def _disk_usage(path: Path) -> None:
    """Lines as `df` and `du` print them."""
    path.write_bytes(b"/dev/sda1  100000 50000 50000  50% /var/lib/x\n12K\t/var/lib/x/y\n" * 16_000)


def _journal(path: Path) -> None:
    line = b'Jan 01 00:00:00 n1 k8s-dqlite[1]: time="2024-01-01T00:00:00Z" level=warning msg="attempt %d: n2"\n'
    path.write_bytes(b"".join(line % number for number in range(200_000)))


def _pax_globals(path: Path) -> None:
    """A header for all files, before each of them."""

    def record(number: int) -> bytes:
        text = b" a%06d=x\n" % number
        return b"%d" % (len(text) + 2) + text

    content = b"".join(map(record, range(90)))
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XGLTYPE, len(content)
    block = header.tobuf(tarfile.USTAR_FORMAT) + content.ljust(-(-len(content) // 512) * 512, b"\0")
    good = tarfile.TarInfo("n1/metadata1").tobuf(tarfile.USTAR_FORMAT)
    path.write_bytes((block + good) * 5000)


def _long_names(path: Path) -> None:
    """Headers that are chained: each is the name of the next."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 512
    path.write_bytes((header.tobuf(tarfile.USTAR_FORMAT) + b"a" * 511 + b"\0") * 2000)


def _zeros(path: Path) -> None:
    path.write_bytes(gzip.compress(bytes(600 * MIB), 1))


COSTLY: Final = (
    Costly(f"{NODES} nodes of one cluster", _one_cluster, 90),
    Costly(f"{NODES} clusters of one node", _strangers, 20),
    Costly(f"{NODES} nodes of which nothing tells", _untold, 20),
    Costly(f"{FILES} empty files", _empty_files, 20),
    Costly("2000 segments of one entry", _spread_segments, 20),
    Costly("1 MB of disk usage", _disk_usage, 10),
    Costly("24 MB of journal", _journal, 30),
    Costly("PAX headers for all files", _pax_globals, 20),
    Costly("2000 chained names", _long_names, 10),
    Costly("600 MB of zeros", _zeros, 20),
)
