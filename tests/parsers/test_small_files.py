"""Every cut and every flipped bit of small real files: nothing raises, and what is wrong is complained of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forensics.evidence import BytesBlob, Parsed, Span
from forensics.parsers.configuration import parse_configuration
from forensics.parsers.members import parse_cluster, parse_info
from forensics.parsers.metadata import parse_metadata
from forensics.parsers.segment import BENIGN, StopReason
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.snapshot import parse_snapshot_data, parse_snapshot_meta_file
from tests.real_files import recorded

Parse = Callable[[BytesBlob], Parsed[Any]]
SMALL: list[tuple[str, str, Parse]] = [
    ("trimmed", "metadata1", parse_metadata),
    ("trimmed", "info.yaml", parse_info),
    ("p118", "info.yaml", parse_info),
    ("trimmed", "cluster.yaml", parse_cluster),
    ("trimmed", "snapshot-2-384-2031873.meta", parse_snapshot_meta_file),
    ("p118", "snapshot-1-1024-2011275.meta", parse_snapshot_meta_file),
]
BOOTSTRAP = "0000000000000001-0000000000000001"


def flips(data: bytes) -> list[bytes]:
    return [data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :] for at in range(len(data)) for bit in range(8)]


def content(base: str, name: str) -> bytes:
    return recorded(base)["n1"][name]


@pytest.mark.parametrize(("base", "name", "parse"), SMALL, ids=lambda v: v if isinstance(v, str) else "")
def test_whole_files_are_whole(base: str, name: str, parse: Parse) -> None:
    assert parse(BytesBlob(name, content(base, name))).whole


@pytest.mark.parametrize(("base", "name", "parse"), SMALL, ids=lambda v: v if isinstance(v, str) else "")
def test_every_cut_is_answered(base: str, name: str, parse: Parse) -> None:
    data = content(base, name)
    for size in range(len(data)):
        parsed = parse(BytesBlob(name, data[:size]))
        assert parsed.value is not None or parsed.anomalies
        for anomaly in parsed.anomalies:
            assert anomaly.at.offset + anomaly.at.length <= size


@pytest.mark.parametrize(("base", "name", "parse"), SMALL, ids=lambda v: v if isinstance(v, str) else "")
def test_every_flip_is_answered(base: str, name: str, parse: Parse) -> None:
    for data in flips(content(base, name)):
        parsed = parse(BytesBlob(name, data))
        assert parsed.value is not None or parsed.anomalies


@pytest.mark.parametrize("name", ["snapshot-2-384-2031873.meta"])
def test_a_cut_meta_is_never_whole(name: str) -> None:
    data = content("trimmed", name)
    assert not any(parse_snapshot_meta_file(BytesBlob(name, data[:size])).whole for size in range(len(data)))


def test_a_flipped_meta_is_never_whole() -> None:
    """The checksum covers everything behind it, and both words before it are constants."""
    name = "snapshot-2-384-2031873.meta"
    assert not any(parse_snapshot_meta_file(BytesBlob(name, data)).whole for data in flips(content("trimmed", name)))


def test_every_cut_of_a_segment() -> None:
    """80 bytes: format, one batch with the founder's configuration (docs/reference/segments.md#test-vectors)."""
    data = content("healthy", BOOTSTRAP)
    assert len(data) == 80
    for size in range(len(data)):
        segment = parse_segment(data[:size], BOOTSTRAP)
        assert len(segment) == 0
        assert segment.damaged
        assert segment.stop.offset + segment.stop_span().length <= size


def test_every_flip_of_a_segment_is_noticed() -> None:
    """Both checksums and the format word leave no bit of a closed segment unprotected."""
    for data in flips(content("healthy", BOOTSTRAP)):
        segment = parse_segment(data, BOOTSTRAP)
        assert len(segment) == 0
        assert segment.stop.reason not in BENIGN


def test_a_bad_format_word_is_named() -> None:
    data = b"\3" + content("healthy", BOOTSTRAP)[1:]
    assert parse_segment(data, BOOTSTRAP).stop.reason is StopReason.FORMAT


def test_every_cut_and_flip_of_a_configuration() -> None:
    data = content("trimmed", "snapshot-2-384-2031873.meta")[32:]
    at = Span("m", 32, len(data))
    for size in range(len(data)):
        parsed = parse_configuration(data[:size], at)
        assert parsed.value is not None or parsed.anomalies
    for flipped in flips(data):
        parsed = parse_configuration(flipped, at)
        assert parsed.value is not None or parsed.anomalies


def test_cuts_of_a_snapshot_keep_what_they_hold() -> None:
    """A cut LZ4 frame is not whole, and the databases of it are never larger than they were."""
    name = "snapshot-1-1024-2011275"
    data = content("p118", name)
    sizes = {image.name: image.main_size for image in parse_snapshot_data(BytesBlob(name, data)).value.databases}  # type: ignore[union-attr]
    assert sizes.keys() == {"demo", "k8s"}
    for size in [0, 1, 4, 7, 15, 19, 100, *range(1000, len(data), 2500), len(data) - 1]:
        parsed = parse_snapshot_data(BytesBlob(name, data[:size]))
        assert not parsed.whole
        for image in parsed.value.databases if parsed.value else ():
            assert image.main_size == sizes[image.name]


def test_flips_of_a_snapshot_are_noticed() -> None:
    """The frame's content checksum covers every byte of the databases."""
    name = "snapshot-1-1024-2011275"
    data = content("p118", name)
    for at in range(30, len(data), 911):
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        assert not parse_snapshot_data(BytesBlob(name, flipped)).whole
