"""The fields beside their hex: what each byte is, what is stored, and what it should be.

Offsets: docs/reference/segments.md#batches, docs/reference/metadata.md#metadata1-and-metadata2,
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
from forensics.report.document import DecodedField, Excerpt
from forensics.report.parts.context import Context
from forensics.report.parts.excerpt import Excerpts
from tests.fixtures import known
from tests.raft_bytes import Made, meta, segment

SECRET = b"SECRET-PAYLOAD--"
NAME = "0000000000000001-0000000000000003"
# format 8 | checksums 4 + 4, count 8, two entry headers 32, payloads 32 | checksums, count 16, entry header 16, payload
FIRST, SECOND = 8, 8 + 16 + 32 + 32
TERM, DATA = 5, 8 + 16 + 32


def log(disk_format: int = 1) -> bytearray:
    entries = [[Made(term=TERM, payload=SECRET), Made(term=TERM, payload=SECRET)], [Made(term=TERM, payload=SECRET)]]
    return bytearray(segment(entries, disk_format))


def checksum(data: bytes | bytearray) -> str:
    """Raft's, bit by bit as its definition says (docs/reference/segments.md#checksum): our own code has it from a
    library.
    """
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return f"{value:08x}"


def excerpt(content: bytes | bytearray, offset: int, length: int, name: str = NAME) -> Excerpt:
    blobs: dict[str, Blob] = {f"n1/{name}": BytesBlob(f"n1/{name}", bytes(content))}
    files = [InputFile(path, Kind.FILE, blob.size, blob) for path, blob in blobs.items()]
    nodes = [build_node(directory) for directory in find_state_directories(files)]
    return Excerpts(Context(Case(build_clusters(nodes)), [], blobs=blobs)).of(Span(f"n1/{name}", offset, length))


def fields(content: bytes | bytearray, offset: int, length: int, name: str = NAME) -> dict[str, DecodedField]:
    """By name; those of entries with their number."""
    found = known(excerpt(content, offset, length, name).fields)
    return {f"{one.name} {one.entry or ''}".strip(): one for one in found}


def test_a_good_batch_has_all_its_fields_and_nothing_of_its_payload() -> None:
    content = log()
    shown = known(excerpt(content, SECOND, len(content) - SECOND).fields)
    header, data = checksum(content[SECOND + 8 : SECOND + 32]), checksum(SECRET)
    assert [(one.offset - SECOND, one.length, one.name, one.entry, one.stored, one.computed) for one in shown] == [
        (0, 4, "header-checksum", None, header, header),
        (4, 4, "data-checksum", None, data, data),
        (8, 8, "count", None, "1", None),
        (16, 8, "term", 1, "5", None),
        (24, 1, "type", 1, "1", None),
        (28, 4, "size", 1, "16", None),
    ]
    assert {one.batch for one in shown} == {2}
    assert shown[3].hex == "05 00 00 00 00 00 00 00"


def test_fields_are_those_that_the_span_touches() -> None:
    assert list(fields(log(), FIRST + 16 + 16, 9)) == ["term 2", "type 2"]  # of the second entry's header


def test_flipped_data_gives_another_checksum_than_the_stored_one() -> None:
    content = log()
    content[DATA] ^= 1
    found = fields(content, FIRST, 16)["data-checksum"]
    assert found.stored == checksum(SECRET * 2)
    assert found.computed == checksum(content[DATA : DATA + 32])


def test_a_flipped_bit_of_a_header_is_shown_in_its_field() -> None:
    content = log()
    content[FIRST + 16] ^= 0x40  # the term of the first entry: 5 is 69
    found = fields(content, FIRST, 64)
    assert (found["term 1"].stored, found["term 1"].computed) == (str(TERM + 0x40), str(TERM))
    assert found["header-checksum"].stored == checksum(log()[FIRST + 8 : DATA])
    assert found["header-checksum"].computed == checksum(content[FIRST + 8 : DATA])
    assert found["term 2"].computed is None


def test_a_flipped_count_has_the_entries_that_it_should_count() -> None:
    content = log()
    content[FIRST + 8] ^= 1  # 3 instead of 2
    found = fields(content, FIRST, 64)
    assert (found["count"].stored, found["count"].computed) == ("3", "2")
    assert ("size 2" in found, "size 3" in found) == (True, False)


def test_what_no_checksum_proves_to_be_a_header_is_not_shown() -> None:
    """Two bits of a header: it may be anything, and so a payload."""
    content = log()
    content[FIRST + 16] ^= 0x40
    content[FIRST + 17] ^= 0x20
    assert excerpt(content, FIRST, 64).fields is None
    assert excerpt(content, FIRST, 64).hex is None


def test_batches_behind_damage_are_numbered_on() -> None:
    content = log()
    content[DATA] ^= 3
    assert {one.batch for one in fields(content, SECOND, 32).values()} == {2}


def test_format_2_has_one_more_field() -> None:
    found = fields(log(disk_format=2), FIRST, 64)
    assert (found["local-data-size"].offset, found["local-data-size"].stored) == (FIRST + 16, "16")
    assert found["term 1"].offset == FIRST + 24


def test_metadata_has_its_four_words() -> None:
    words = (1, 7, TERM, 3297041220608546238)
    content = b"".join(word.to_bytes(8, "little") for word in words)
    found = known(excerpt(content, 0, 32, "metadata1").fields)
    assert [(one.name, one.stored, one.computed) for one in found] == [
        (name, str(word), None) for name, word in zip(("format", "version", "term", "voted-for"), words, strict=True)
    ]


def test_a_file_that_ends_in_a_field_has_no_value_of_it() -> None:
    content = bytes([1]) + bytes(7) + bytes([7, 0, 0])
    found = fields(content, 0, 32, "metadata1")
    assert list(found) == ["format", "version"]
    assert (found["version"].hex, found["version"].stored) == ("07 00 00", None)


@pytest.mark.parametrize("flipped", [40, 8])  # in the configuration; in the checksum itself
def test_the_checksum_of_a_meta_file(flipped: int) -> None:
    configuration = bytes([1, 1]) + bytes(7) + bytes([1]) + bytes(7) + b"a:1\0\1" + bytes(2)
    content = bytearray(meta(configuration))
    content[flipped] ^= 1
    found = fields(content, 0, 32, "snapshot-1-3-100.meta")
    assert found["checksum"].stored == f"{int.from_bytes(content[8:12], 'little'):08x}"
    assert found["checksum"].computed == checksum(content[16:])
    assert found["configuration-size"].stored == str(len(configuration))
