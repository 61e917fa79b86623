"""Heads and tails of files in a collector's archive: what is read of them, and what is not believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import pipeline
from forensics.evidence import BytesBlob, Span
from forensics.ingest.ends import EndsBlob, with_ends
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import Ends, StateFile
from forensics.limits import SEGMENT_BYTES_MAX

_SHA = "0" * 64


@given(st.binary(max_size=9), st.integers(0, 9), st.binary(max_size=9), st.integers(0, 30), st.integers(0, 30))
def test_what_lies_between_reads_as_no_batch(head: bytes, gap: int, tail: bytes, offset: int, length: int) -> None:
    whole = head + b"\xff" * gap + tail
    blob = EndsBlob(BytesBlob("a", head), BytesBlob("b", tail), len(whole))
    assert blob.read(offset, length) == whole[offset : offset + length]
    assert blob.read(offset) == whole[offset:]


def state(size: int, *, head: bytes | None = None, role: FileRole = FileRole.CLOSED_SEGMENT) -> StateFile:
    """A file as a listing shows it; with the content of its beginning, as the archive has it."""
    blob = None if head is None else BytesBlob("parts/1-2.head", head)
    return StateFile("1-2", role, Kind.FILE, size, size, Span("x"), blob, listed=blob is None, cut=blob is not None)


def end(content: bytes) -> InputFile:
    return InputFile("parts/1-2.tail", Kind.FILE, len(content), BytesBlob("parts/1-2.tail", content))


def test_both_ends_are_read() -> None:
    found = with_ends(state(3, head=b"abc"), state(9), end(b"xyz"), _SHA)
    assert (found.blob and found.blob.read(), found.size_max, found.cut) == (b"abc\xff\xff\xffxyz", 9, True)
    assert found.ends == Ends(3, 3, _SHA)


def test_a_beginning_that_is_all_is_the_file() -> None:
    found = with_ends(state(3, head=b"abc"), state(3), end(b"abc"), _SHA)
    assert (found.cut, found.ends, found.arrived) == (False, None, True)


@pytest.mark.parametrize(
    ("listed", "role", "tail"),
    [
        (5, FileRole.CLOSED_SEGMENT, b"xyz"),  # the two overlap: which bytes are whose is not known
        (SEGMENT_BYTES_MAX + 1, FileRole.CLOSED_SEGMENT, b"xyz"),
        (9, FileRole.SNAPSHOT, b"xyz"),  # the end of a compressed stream says nothing without what is before it
    ],
)
def test_an_end_that_says_nothing_is_not_read(listed: int, role: FileRole, tail: bytes) -> None:
    found = with_ends(state(3, head=b"abc", role=role), state(listed, role=role), end(tail), None)
    assert (found.blob and found.blob.read(), found.cut, found.ends) == (b"abc", True, Ends(3, 0, None))


@pytest.mark.parametrize("listed", [None, state(2), replace(state(2), size_max=9)])
def test_a_beginning_without_a_size_is_cut(listed: StateFile | None) -> None:
    head = state(3, head=b"abc")
    assert with_ends(head, listed, end(b"xyz"), None) is head


def test_no_words_of_an_archive_pass_as_a_digest(tmp_path: Path) -> None:
    about = tmp_path / "dqlite-forensics"
    place = "var/snap/k8s/common/var/lib/k8s-dqlite"
    head = about / "parts" / place / "0000000000000001-0000000000000002.head"
    head.parent.mkdir(parents=True)
    head.write_bytes(bytes(64))
    (about / "collected.txt").write_text("collector\t1\n")
    (about / "digests.txt").write_text(f"cAnArY  /{place}/0000000000000001-0000000000000002\n")
    row = "-rw------- 1 root root 900 2026-11-29 10:00:00.000000000 +0000 0000000000000001-0000000000000002"
    (about / "listing.txt").write_text(f"/{place}:\ntotal 4\n{row}\n")
    with pipeline.ingest([str(tmp_path)]) as evidence:
        [finding] = [one for one in pipeline.analyze(evidence).document.findings if one.rule == "SHP021"]
    assert [part["sha256"] for part in finding.values["files"]] == [None]
