"""Commands, against the layouts (which build the bytes) and against what real clusters wrote."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.evidence import Span
from forensics.layouts.command import COMMAND_HEADER, FRAMES_HEADER, UNDO
from forensics.parsers.command import Checkpoint, CommandType, Frames, Open, Undo, parse_command
from forensics.parsers.segment import EntryType
from forensics.pipeline import gather, ingest

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"
AT = Span("open-1", 48, 0)


def header(kind: int, version: int = 1) -> bytes:
    return bytes(COMMAND_HEADER.build({"format": version, "type": kind, "unused": b"garbag"}))


def text(name: str) -> bytes:
    raw = name.encode() + b"\0"
    return raw + bytes(-len(raw) % 8)


def frames(
    name: str, pages: list[tuple[int, bytes]], *, transaction: int = 0, is_commit: int = 1, claimed: int | None = None
) -> bytes:
    """A frames command as dqlite's encoder lays it out."""
    size = len(pages[0][1]) if pages else 4096
    fields = {
        "transaction": transaction,
        "truncate": 0,
        "is_commit": is_commit,
        "unused1": 127,
        "unused2": 0xABCD,
        "pages": len(pages) if claimed is None else claimed,
        "page_size": size,
        "unused3": 0xEF01,
    }
    numbers = b"".join(struct.pack("<Q", number) for number, _ in pages)
    return header(2) + text(name) + bytes(FRAMES_HEADER.build(fields)) + numbers + b"".join(page for _, page in pages)


def parse(payload: bytes) -> object:
    parsed = parse_command(payload, Span("open-1", 48, len(payload)))
    assert not parsed.anomalies
    return parsed.value


@pytest.mark.parametrize("name", ["k8s", "db.bin", "7 bytes", "8 bytes.", ""])
def test_open_and_checkpoint_name_their_database(name: str) -> None:
    assert parse(header(CommandType.OPEN) + text(name)) == Open(name)
    assert parse(header(CommandType.CHECKPOINT) + text(name)) == Checkpoint(name)


def test_undo_names_its_transaction() -> None:
    assert parse(header(CommandType.UNDO) + UNDO.build({"transaction": 2**64 - 1})) == Undo(2**64 - 1)


def test_frames_give_pages_as_slices_of_the_payload() -> None:
    pages = [(2, b"b" * 512), (1, b"a" * 512)]
    payload = memoryview(frames("k8s", pages, transaction=7, is_commit=0))
    parsed = parse_command(payload, Span("open-1", 48, len(payload)))
    command = parsed.value
    assert parsed.whole
    assert isinstance(command, Frames)
    assert (command.name, command.transaction, command.is_commit, command.truncate) == ("k8s", 7, False, 0)
    assert (command.page_size, command.claimed, command.numbers) == (512, 2, (2, 1))
    assert [(number, bytes(page)) for number, page in command.pages()] == pages
    assert command.page(0).obj is payload.obj
    span = command.page_span(1)
    assert bytes(payload[span.offset - 48 :][: span.length]) == b"a" * 512


def test_frames_of_a_transaction_without_pages() -> None:
    """Written by dqlite up to 1.5 to end a transaction whose pages came in earlier entries."""
    command = parse(frames("k8s", [], transaction=3))
    assert isinstance(command, Frames)
    assert (command.is_commit, command.numbers) == (True, ())


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "command-short"),
        (header(1, version=2) + text("k8s"), "command-format"),
        (header(9), "command-type"),
        (header(3) + b"1234567", "command-short"),
        (header(1) + b"k" * 600, "command-name"),
        (header(2) + text("k8s") + bytes(23), "command-short"),
        (frames("k8s", [(1, bytes(100))]), "command-page-size"),
        (frames("k8s", [(0, bytes(512))]), "command-page-number"),
        (frames("k8s", [(1 << 31, bytes(512))]), "command-page-number"),
        (frames("k8s", [(1, bytes(512))]) + b"rest", "command-tail"),
        (frames("k8s", [(1, bytes(512))], claimed=2**32 - 1), "command-short"),
    ],
)
def test_what_is_wrong_is_named(payload: bytes, code: str) -> None:
    assert code in [anomaly.code for anomaly in parse_command(payload, AT).anomalies]


def test_a_cut_command_keeps_the_whole_pages() -> None:
    payload = frames("k8s", [(5, b"a" * 512), (6, b"b" * 512)])[:-1]
    command = parse_command(payload, AT).value
    assert isinstance(command, Frames)
    assert (command.claimed, command.numbers, bytes(command.page(0))) == (2, (5,), b"a" * 512)


@given(st.binary(max_size=300), st.sampled_from([1, 2, 3, 4, 5]))
def test_any_bytes_are_answered(rest: bytes, kind: int) -> None:
    parsed = parse_command(header(kind) + rest, AT)
    assert parsed.value is not None or parsed.anomalies


@pytest.mark.parametrize("base", ["s111", "s118", "p111", "p118"])
def test_every_command_of_a_real_cluster_is_whole(base: str) -> None:
    """Real dqlite writes one frames command a transaction, of pages of 4096 bytes.

    Source: docs/reference/commands.md#generations
    """
    seen = set()
    with ingest([str(BASES / f"{base}.tar.xz")]) as evidence:
        for node in gather(evidence).nodes():
            blobs = node.log.blobs()
            for entry, segment in node.log.entries():
                if entry.type != EntryType.COMMAND:
                    continue
                payload = blobs[segment.path].read(entry.offset, entry.size)
                parsed = parse_command(payload, Span(segment.path, entry.offset, entry.size))
                assert parsed.whole
                seen.add(type(parsed.value))
                if isinstance(parsed.value, Frames):
                    assert (parsed.value.page_size, parsed.value.transaction) == (4096, 0)
                    assert parsed.value.is_commit
    assert Frames in seen
    assert (Checkpoint in seen) == base.endswith("111")  # leaders of dqlite 1.10 to 1.18.2 append them
