"""A fixture that is written as a directory is the same each time, with the times of all that is in it."""

from __future__ import annotations

from pathlib import Path

from forensics.check.build import write
from forensics.check.tree import File


def test_a_folder_is_as_old_as_what_it_holds(tmp_path: Path) -> None:
    tree = {"n1/open-1/note": File(mtime=5), "n1/metadata1": File(mtime=9), "n1/link": File(target="note", mtime=7)}
    write(tree, tmp_path)
    times = {path: (tmp_path / path).lstat().st_mtime for path in (*tree, "n1/open-1", "n1")}
    assert times == {"n1/open-1/note": 5, "n1/metadata1": 9, "n1/link": 7, "n1/open-1": 5, "n1": 9}
