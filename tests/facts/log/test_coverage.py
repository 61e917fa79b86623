"""The ledger adds up, on every fixture and on made damage; what is healthy leaves nothing unexplained."""

from __future__ import annotations

import lz4.frame
import pytest

from forensics.facts.log.coverage import Covered, ledger
from forensics.facts.node.node import build_node
from forensics.layouts.command import COMMAND_HEADER, FRAMES_HEADER
from forensics.layouts.configuration import CONFIGURATION
from forensics.layouts.metadata import METADATA
from forensics.layouts.snapshot import DATA_HEADER, DATABASE_HEADER
from tests.fixtures import names, report
from tests.raft_bytes import Made, meta, segment, state_directory

NAME = "0000000000000001-0000000000000004"
CONFIGURATION_BYTES = bytes(
    CONFIGURATION.build({"format": 1, "count": 1, "servers": [{"id": 7, "address": "a:1", "role": 1}]})
)
FRAMES = (
    bytes(COMMAND_HEADER.build({"format": 1, "type": 2, "unused": bytes(6)}))
    + b"k8s\0\0\0\0\0"
    + bytes(
        FRAMES_HEADER.build(
            {"transaction": 0, "truncate": 0, "is_commit": 1, "unused1": 0, "unused2": 0, "pages": 1}
            | {"page_size": 512, "unused3": 0}
        )
    )
    + (1).to_bytes(8, "little")
    + bytes(512)
)


def covered(files: dict[str, bytes]) -> dict[str, Covered]:
    accounts = ledger(build_node(state_directory(dict(files))))
    assert {account.path[3:] for account in accounts} == set(files)
    for account in accounts:
        parts = account.covered
        assert parts.decoded + parts.padding + parts.unexplained == account.size == len(files[account.path[3:]])
        assert min(parts.decoded, parts.padding, parts.unexplained) >= 0
    return {account.path[3:]: account.covered for account in accounts}


@pytest.mark.parametrize("name", names())
def test_every_fixture_adds_up(name: str) -> None:
    document = report(name)
    rows = document.coverage
    for row in rows:
        assert row.decoded + row.padding + row.unexplained == row.size, row
        assert min(row.decoded, row.padding, row.unexplained) >= 0
    nodes = [node for cluster in document.clusters for node in cluster.nodes]
    if name.startswith("healthy/") and any(node.evidence == "full" for node in nodes):
        assert rows
        assert sum(row.unexplained for row in rows) == 0


def test_padding_is_what_the_format_leaves_unused() -> None:
    """By hand: 3 bytes of each of four entry headers; a command's 6, frames' 5; a barrier's 8; 2 behind a server."""
    assert len(CONFIGURATION_BYTES) == 9 + 8 + 4 + 1
    entries = [Made(payload=FRAMES), Made(), Made(1, 2, b"heapheap"), Made(1, 3, CONFIGURATION_BYTES + b"xy")]
    made = segment([entries[:1], entries[1:]])
    expected = 4 * 3 + (6 + 5) + 6 + 8 + 2
    assert covered({NAME: made})[NAME] == Covered(len(made) - expected, expected, 0)
    assert covered({"open-1": made + bytes(4096)})["open-1"] == Covered(len(made) - expected, expected + 4096, 0)


def test_what_does_not_decode_is_unexplained() -> None:
    made = segment([[Made(payload=b"no command at all, 32 bytes long")], [Made()], [Made()], [Made()]])
    assert covered({NAME: made})[NAME].unexplained == 32


@pytest.mark.parametrize("disk_format", [1, 2])
def test_bad_batches_are_unexplained_and_salvaged_ones_are_not(disk_format: int) -> None:
    made = bytearray(segment([[Made()]] * 4, disk_format))
    size = (len(made) - 8) // 4
    made[8 + size + 20] ^= 0xFF
    assert covered({NAME: bytes(made)})[NAME].unexplained == size
    assert covered({"open-1": bytes(made) + bytes(99) + b"x" + bytes(50)})["open-1"].unexplained == size + 100


@pytest.mark.parametrize("content", [b"", b"\1", bytes(5), b"\1" + bytes(7), b"\x09" * 40, bytes(64)])
def test_segments_of_next_to_nothing(content: bytes) -> None:
    covered({"open-1": content, NAME: content})


def test_a_bad_format_word_is_all_that_is_unexplained() -> None:
    made = b"\7" + segment([[Made()]] * 4)[1:]
    assert covered({NAME: made})[NAME].unexplained == 8


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bytes(METADATA.build({"format": 1, "version": 1, "term": 1, "voted_for": 0})), Covered(32, 0, 0)),
        (bytes(METADATA.build({"format": 1, "version": 1, "term": 1, "voted_for": 0})) + b"tail", Covered(32, 0, 4)),
        (b"short", Covered(0, 0, 5)),
    ],
)
def test_metadata(content: bytes, expected: Covered) -> None:
    assert covered({"metadata1": content, "open-1": b""})["metadata1"] == expected


SNAPSHOT = (
    bytes(DATA_HEADER.build({"format": 1, "databases": 1}))
    + b"k8s\0\0\0\0\0"
    + bytes(DATABASE_HEADER.build({"main_size": 4096, "wal_size": 0}))
    + b"p" * 4096
)
SNAPSHOT_NAME = "snapshot-1-2-3"


def test_snapshot_meta() -> None:
    sound = meta(CONFIGURATION_BYTES + b"xy")
    files = {f"{SNAPSHOT_NAME}.meta": sound, SNAPSHOT_NAME: SNAPSHOT}
    assert covered(files)[f"{SNAPSHOT_NAME}.meta"] == Covered(32 + 22, 2, 0)
    behind = {**files, f"{SNAPSHOT_NAME}.meta": sound + bytes(8)}
    assert covered(behind)[f"{SNAPSHOT_NAME}.meta"] == Covered(32 + 22, 10, 0)
    bad = {**files, f"{SNAPSHOT_NAME}.meta": sound[:20] + b"\xff" + sound[21:]}
    assert covered(bad)[f"{SNAPSHOT_NAME}.meta"] == Covered(16, 0, len(sound) - 16)


def test_snapshot_data() -> None:
    def one(content: bytes) -> Covered:
        return covered({f"{SNAPSHOT_NAME}.meta": meta(CONFIGURATION_BYTES), SNAPSHOT_NAME: content})[SNAPSHOT_NAME]

    assert one(SNAPSHOT) == Covered(len(SNAPSHOT), 0, 0)
    assert one(SNAPSHOT + b"behind") == Covered(len(SNAPSHOT), 0, 6)
    assert one(SNAPSHOT[:-96]) == Covered(len(SNAPSHOT) - 96, 0, 0)
    compressed = lz4.frame.compress(SNAPSHOT, content_checksum=True)
    assert one(compressed) == Covered(len(compressed), 0, 0)
    assert one(compressed + b"behind") == Covered(len(compressed), 0, 6)
    nonsense = lz4.frame.compress(b"no snapshot" * 100)
    assert one(nonsense) == Covered(0, 0, len(nonsense))
    assert one(compressed[: len(compressed) // 2]).decoded < len(compressed)


def test_what_self_repair_set_aside_has_its_account() -> None:
    """By hand: the format word, a good batch of 48 bytes of which 3 + 6 are padding, and one that is bad."""
    name = f"corrupt-1795429-{NAME}"
    content = bytearray(segment([[Made()], [Made()]]))
    assert len(content) == 8 + 48 + 48
    content[8 + 48] ^= 1
    assert covered({name: bytes(content)})[name] == Covered(8 + 48 - 9, 9, 48)
