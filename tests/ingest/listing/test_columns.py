"""Names side by side, as `ls` prints them: of a block that is cut nothing is concluded from what it leaves out.

The blocks are those of the real `ls`.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forensics import pipeline
from forensics.evidence import BytesBlob
from forensics.ingest.listing import parse_listings
from forensics.report.document import Document

_PROMPT = "root@n1:/var/snap/microk8s/current/var/kubernetes/backend# "
_SEGMENTS = [f"{first:016d}-{first + 99:016d}" for first in range(1, 1501, 100)]
_NAMES = [*_SEGMENTS, "cluster.crt", "cluster.key", "cluster.yaml", "info.yaml", "metadata1", "metadata2", "open-1"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backend")
    for name in _NAMES:
        (folder / name).touch()
    return folder


def _columns(directory: Path, width: int) -> list[str]:
    command = ["ls", "-C", f"-w{width}", str(directory)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={"LC_ALL": "C"}).stdout.splitlines()


def _analyze(folder: Path, text: str) -> Document:
    path = folder / "paste.txt"
    path.write_text(text, "utf-8")
    with pipeline.ingest([str(path)]) as evidence:
        return pipeline.analyze(evidence).document


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200])
def test_a_whole_block_is_whole(directory: Path, width: int) -> None:
    block = "\n".join(_columns(directory, width))
    (listing,) = parse_listings(BytesBlob("paste.txt", f"{_PROMPT}ls\n{block}\n{_PROMPT}\n".encode()))
    assert (sorted(entry.name for entry in listing.entries), listing.cut) == (sorted(_NAMES), False)


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200])
def test_nothing_is_missing_where_rows_of_a_block_are(directory: Path, tmp_path: Path, width: int) -> None:
    """Rows missing at the beginning, at the end, in the middle; with a prompt before, behind, or neither."""
    rows = _columns(directory, width)
    middle = len(rows) // 2
    for shown in (rows[1:], rows[2:], rows[:-1], rows[:-2], [*rows[:middle], *rows[middle + 1 :]], rows[1:-1]):
        for before, behind in (("", ""), (f"{_PROMPT}ls\n", ""), ("", f"\n{_PROMPT}")):
            if (before and shown[0] == rows[0] and shown[-1] == rows[-1]) or (
                behind and shown[-1] == rows[-1] and shown[0] == rows[0]
            ):
                continue  # the middle: nothing that a prompt proves
            document = _analyze(tmp_path, f"{before}{chr(10).join(shown)}{behind}\n")
            told = [(one.rule, one.severity) for one in document.findings if one.severity != "info"]
            assert told == [], (width, before, behind, shown)


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200])
def test_nothing_is_missing_where_lines_are_cut_on_the_right(directory: Path, tmp_path: Path, width: int) -> None:
    for cut in (width - 20, width - 30, 60):  # beyond the first column
        rows = [row[:cut] for row in _columns(directory, width)]
        document = _analyze(tmp_path, f"{_PROMPT}ls\n{chr(10).join(rows)}\n{_PROMPT}\n")
        told = [(one.rule, one.severity) for one in document.findings if one.severity != "info"]
        assert told == [], (width, cut, rows)


_LONG = [f"-rw-rw---- 1 root microk8s 8388608 Jan  5 10:00 {name}" for name in _NAMES]


@pytest.mark.parametrize("width", [58, 60, 70, 75, 80])
def test_nothing_is_wrong_where_a_terminal_cut_the_names_of_long_lines(tmp_path: Path, width: int) -> None:
    """The names begin at column 48: of segments, with 33 characters, a width below 81 cuts off the end."""
    text = "\n".join((f"{_PROMPT}ls -l", *(line[:width] for line in _LONG), _PROMPT))
    (listing,) = parse_listings(BytesBlob("paste.txt", text.encode()))
    assert listing.cut
    assert all(len(entry.name) + 48 < width or not entry.name.startswith("0") for entry in listing.entries)
    findings = _analyze(tmp_path, text).findings
    assert not [finding.rule for finding in findings if finding.severity not in ("info", "low")]


def test_long_lines_that_are_whole_are() -> None:
    text = "\n".join((f"{_PROMPT}ls -l", *_LONG, _PROMPT))
    (listing,) = parse_listings(BytesBlob("paste.txt", text.encode()))
    assert (sorted(entry.name for entry in listing.entries), listing.cut) == (sorted(_NAMES), False)
