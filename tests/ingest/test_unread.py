"""Where files may be missing, by what was refused."""

from __future__ import annotations

import pytest

from forensics.ingest.files import InputFile, Kind, Refusal
from forensics.ingest.unread import may_lack_files, unread_places

FILES = [
    InputFile(path, Kind.FILE) for path in ("n1/metadata1", "n1/open-1", "n2/metadata1", "in.tar", "in.tar!/n3/open-1")
]


@pytest.mark.parametrize(
    ("refusal", "lacking"),
    [
        (Refusal("in.tar", "archive-cut", ""), {"in.tar!/n3"}),  # of the nested one, which n3 ends
        (Refusal("up.tar", "archive-cut", ""), {"in.tar!/n3"}),  # the last file of all lies in the nested one
        (Refusal("up.tar", "archive-damaged", ""), {"n1", "n2", "in.tar!/n3"}),
        (Refusal("in.tar", "archive-damaged", ""), {"in.tar!/n3"}),
        (Refusal("n1/open-1", "FILE_BYTES_MAX", ""), {"n1"}),
        (Refusal("n2", "unreadable", ""), {"n2"}),
        (Refusal("n1/open-1", "name-duplicate", ""), set()),
        (Refusal("n1/x", "device", "", harmless=True), set()),
    ],
)
def test_what_a_refusal_leaves_open(refusal: Refusal, lacking: set[str]) -> None:
    """The directories that may lack files, by hand."""
    places = unread_places(FILES, [refusal])
    assert {name for name in ("n1", "n2", "in.tar!/n3") if may_lack_files(name, places)} == lacking


def test_the_directory_around_counts() -> None:
    """daemon.yaml lies above `database`."""
    assert may_lack_files("n1/state/database", ["n1/state/daemon.yaml"])
    assert not may_lack_files("n1/database", ["n2/database/open-1"])
