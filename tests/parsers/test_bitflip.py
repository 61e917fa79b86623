"""Each flipped bit of a segment or a `.meta` is named, wherever it lies; damage of other kinds is not called one."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.bitflip import BitFlip, Field, Part
from forensics.parsers.damage import examine
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.snapshot import parse_snapshot_meta_file
from tests.raft_bytes import Made, segment

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"


@cache
def real_files(base: str) -> dict[str, bytes]:
    """Segments that hold entries and `.meta` files of a base's first node, by name."""
    files = {}
    with tarfile.open(BASES / f"{base}.tar.xz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            if "/n1/" in member.name and (name[:1].isdigit() or name.startswith("open-") or name.endswith(".meta")):
                reader = archive.extractfile(member)
                content = reader.read() if reader else b""
                if content.strip(b"\0"):
                    files[name] = content
    return files


def flip(data: bytes, byte: int, bit: int) -> bytes:
    return data[:byte] + bytes([data[byte] ^ (1 << bit)]) + data[byte + 1 :]


def named_in_segment(data: bytes) -> list[tuple[int, int] | None]:
    """What is named in each bad stretch."""
    return [found(damage.flip) for damage in examine(data, parse_segment(data, "s"))]


def named_in_meta(data: bytes) -> tuple[int, int] | None:
    meta = parse_snapshot_meta_file(BytesBlob("m", data)).value
    return found(meta.flip if meta else None)


def found(one: BitFlip | None) -> tuple[int, int] | None:
    return (one.at.offset, one.bit) if one else None


SMALL = [[Made(payload=b"a" * 24)], [Made(2, 1, b"b" * 16), Made(2, 2, bytes(8)), Made(2, 3, b"c" * 40)], [Made(2)]]


@pytest.mark.parametrize("disk_format", [1, 2])
@pytest.mark.parametrize("zeros", [0, 64])
def test_every_bit_of_a_small_segment(disk_format: int, zeros: int) -> None:
    data = segment(SMALL, disk_format, zeros)
    assert examine(data, parse_segment(data)) == ()
    for byte in range(len(data)):
        for bit in range(8):
            assert named_in_segment(flip(data, byte, bit))[0] == (byte, bit)


def test_what_the_flipped_byte_is() -> None:
    data = segment(SMALL)
    second = 8 + 16 + 16 + 24
    expected = {
        1: Field(Part.FORMAT),
        second: Field(Part.HEADER_CHECKSUM),
        second + 4: Field(Part.DATA_CHECKSUM),
        second + 9: Field(Part.ENTRY_COUNT),
        second + 16: Field(Part.TERM, 1),
        second + 32 + 8: Field(Part.TYPE, 2),
        second + 48 + 10: Field(Part.UNUSED, 3),
        second + 48 + 12: Field(Part.SIZE, 3),
        second + 64 + 17: Field(Part.PAYLOAD, 2),
    }
    for byte, field in expected.items():
        bad = flip(data, byte, 5)
        (damage,) = examine(bad, parse_segment(bad))
        assert damage.flip is not None
        assert (damage.flip.field, damage.flip.corrected) == (field, data[byte])


def seeds(data: bytes, count: int) -> Iterator[tuple[int, int]]:
    rng = Random(len(data))  # noqa: S311 - repeatable, not secret
    content = len(data.rstrip(b"\0"))
    for number in range(count):
        yield rng.randrange(content if number % 4 else len(data)), rng.randrange(8)


@pytest.mark.parametrize("base", ["s111", "s118", "k8sd", "lagging"])
def test_seeds_over_real_segments(base: str) -> None:
    names = [name for name in real_files(base) if not name.endswith(".meta")]
    for name in names:
        data = real_files(base)[name]
        for byte, bit in seeds(data, 12):
            assert named_in_segment(flip(data, byte, bit))[0] == (byte, bit), (name, byte, bit)


@pytest.mark.slow
@pytest.mark.parametrize("base", ["s111", "s118", "p111", "p118", "k8sd", "killed-mid-write", "lagging"])
def test_many_seeds_over_real_segments(base: str) -> None:
    for name, data in real_files(base).items():
        if not name.endswith(".meta"):
            for byte, bit in seeds(data + bytes(1), 120):
                if byte < len(data):
                    assert named_in_segment(flip(data, byte, bit))[0] == (byte, bit), (name, byte, bit)


@pytest.mark.parametrize("base", ["p111", "p118", "lagging"])
def test_every_bit_of_real_meta_files(base: str) -> None:
    metas = [data for name, data in real_files(base).items() if name.endswith(".meta")]
    assert metas
    for data in metas:
        assert named_in_meta(data) is None
        for byte in range(len(data)):
            for bit in range(8):
                assert named_in_meta(flip(data, byte, bit)) == (byte, bit)


def test_two_flips_in_different_batches_are_both_named() -> None:
    data = real_files("s118")["0000000000000001-0000000000000001"]
    assert named_in_segment(flip(data, 9, 1)) == [(9, 1)]
    data = segment([[Made(payload=bytes([n]) * 64)] for n in range(6)])
    assert named_in_segment(flip(flip(data, 8 + 96 + 50, 3), 8 + 4 * 96 + 60, 0)) == [
        (8 + 96 + 50, 3),
        (8 + 4 * 96 + 60, 0),
    ]


@pytest.mark.parametrize("bits", [2, 3, 8, 40])
def test_several_flips_in_one_batch_are_not_called_one(bits: int) -> None:
    """Also not by chance: a 12 KB batch matches a random difference in 1 of 43 000 cases."""
    data = real_files("s118")["open-1"]
    starts = parse_segment(data).batches
    rng = Random(bits)  # noqa: S311 - as above
    for _ in range(15):
        number = rng.randrange(len(starts) - 1)
        bad = data
        for place in rng.sample(range(8 * (starts[number] + 16), 8 * starts[number + 1]), bits):
            bad = flip(bad, place // 8, place % 8)
        assert set(named_in_segment(bad)) == {None}


def test_overwritten_meta_is_not_called_a_flip() -> None:
    data = next(data for name, data in real_files("p118").items() if name.endswith(".meta"))
    rng = Random(1)  # noqa: S311 - as above
    for start in range(0, len(data) - 8, 4):
        bad = data[:start] + rng.randbytes(8) + data[start + 8 :]
        assert named_in_meta(bad) is None
