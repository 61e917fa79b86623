"""What the report shows of the bytes: headers yes, payloads and padding never.

Offsets: docs/reference/metadata.md#metadata1-and-metadata2, docs/reference/segments.md#batches,
docs/reference/snapshots.md#snapshot-metadata.
"""

from __future__ import annotations

import pytest

from forensics.evidence import Blob, BytesBlob, Span
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import build_node
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.inventory import find_state_directories
from forensics.report.document import Excerpt, ExcerptLine
from forensics.report.parts.context import Context
from forensics.report.parts.excerpt import Excerpts
from tests.fixtures import known
from tests.raft_bytes import Made, segment

SECRET = b"SECRET-PAYLOAD--"
SEGMENT = segment([[Made(payload=SECRET), Made(payload=SECRET)], [Made(payload=SECRET)]])
# format 8 | preamble 16, two entry headers 32, payloads 32 | preamble 16, one entry header 16, payload 16
SECOND = 8 + 16 + 32 + 32
HEADER = b"\1" + bytes(7) + bytes(range(8, 32))  # format 1, and words that can be told apart
METADATA = HEADER + b"tail"
FILES = {
    "0000000000000001-0000000000000003": SEGMENT,
    "metadata1": METADATA,
    "snapshot-1-3-100.meta": HEADER + SECRET * 4,
    "snapshot-1-3-100": SECRET * 8,
    "cluster.key": SECRET * 4,
    "cluster.yaml": b"- ID: 1\n  Address: a:1\n  Role: 0\n- ID: 2\n  token: hunter2\n  Role: 0\n",
    "node-store": SECRET,
    "0000000000000004-0000000000000004": segment([[Made(payload=SECRET)]]) + SECRET * 4,
    "metadata2": SECRET * 2,
}


@pytest.fixture(scope="module")
def excerpts() -> Excerpts:
    blobs: dict[str, Blob] = {f"n1/{name}": BytesBlob(f"n1/{name}", data) for name, data in FILES.items()}
    files = [InputFile(path, Kind.FILE, blob.size, blob) for path, blob in blobs.items()]
    nodes = [build_node(directory) for directory in find_state_directories(files)]
    return Excerpts(Context(Case(build_clusters(nodes)), [], blobs=blobs))


def of(excerpts: Excerpts, name: str, offset: int, length: int) -> Excerpt:
    return excerpts.of(Span(f"n1/{name}", offset, length))


def test_metadata_but_not_its_tail(excerpts: Excerpts) -> None:
    assert of(excerpts, "metadata1", 8, 8).hex == "08 09 0a 0b 0c 0d 0e 0f"
    assert of(excerpts, "metadata1", 28, 8).hex == "1c 1d 1e 1f"
    assert of(excerpts, "metadata1", 32, 4).hex is None


def test_a_batch_shows_its_headers_without_the_stale_bytes_and_no_payload(excerpts: Excerpts) -> None:
    shown = of(excerpts, "0000000000000001-0000000000000003", SECOND, len(SEGMENT) - SECOND)
    cells = known(shown.hex).split()
    assert cells[:16] == [f"{byte:02x}" for byte in SEGMENT[SECOND : SECOND + 16]]
    assert cells[16:] == ["01", *["00"] * 7, "01", "··", "··", "··", "10", "00", "00", "00"]


def test_a_payload_is_withheld_with_the_reason(excerpts: Excerpts) -> None:
    entry = of(excerpts, "0000000000000001-0000000000000003", SECOND + 32, 16)
    assert entry.hex is None
    assert "payloads" in known(entry.withheld)


def test_a_span_over_payload_and_header_hides_the_payload(excerpts: Excerpts) -> None:
    shown = of(excerpts, "0000000000000001-0000000000000003", SECOND - 4, 8)
    cells = known(shown.hex).split()
    assert cells[:4] == ["··"] * 4
    assert cells[4:] == [f"{byte:02x}" for byte in SEGMENT[SECOND : SECOND + 4]]


@pytest.mark.parametrize(("name", "offset"), [("0000000000000004-0000000000000004", 8 + 32 + 16), ("metadata2", 0)])
def test_nothing_is_a_header_that_no_checksum_or_format_tells(excerpts: Excerpts, name: str, offset: int) -> None:
    """Where the next batch would begin, and under a name: bytes of anything."""
    assert of(excerpts, name, offset, 32).hex is None


def test_the_header_of_a_meta_but_not_its_configuration(excerpts: Excerpts) -> None:
    assert of(excerpts, "snapshot-1-3-100.meta", 0, 96).hex == " ".join(f"{byte:02x}" for byte in HEADER)


@pytest.mark.parametrize("name", ["snapshot-1-3-100", "cluster.key", "node-store"])
def test_snapshots_keys_and_strangers_are_never_shown(excerpts: Excerpts, name: str) -> None:
    entry = of(excerpts, name, 0, 16)
    assert entry.hex is None
    assert entry.lines is None
    assert entry.withheld


def test_yaml_shows_lines_around_with_secrets_masked(excerpts: Excerpts) -> None:
    at = FILES["cluster.yaml"].index(b"token")
    lines = of(excerpts, "cluster.yaml", at, 5).lines
    assert lines == (
        ExcerptLine(number=4, text="- ID: 2", hit=False),
        ExcerptLine(number=5, text="  token: [masked]", hit=True),
        ExcerptLine(number=6, text="  Role: 0", hit=False),
    )


def test_no_more_than_64_bytes() -> None:
    many = segment([[Made(payload=SECRET)] * 100])
    blob = BytesBlob("n1/0000000000000001-0000000000000100", many)
    nodes = [build_node(d) for d in find_state_directories([InputFile(blob.path, Kind.FILE, blob.size, blob)])]
    shown = Excerpts(Context(Case(build_clusters(nodes)), [], blobs={blob.path: blob})).of(
        Span(blob.path, 0, len(many))
    )
    assert len(known(shown.hex).split()) == 64
