"""Two of three nodes are damaged in different places: the case's steps, carried out on real dqlite, lose no row."""

from __future__ import annotations

from pathlib import Path

from forensics import pipeline
from forensics.case.answer import Course
from forensics.cli import main
from tests.repair.real import recorded_rows, started
from tests.repair.test_repair import upload

NAME = "cluster/damaged-on-two-of-three"


def test_nothing_is_forced(tmp_path: Path) -> None:
    """n2 has 309 to 340 behind its damaged segment, of which n1 and n3 have 1 to 308, and nothing of what follows."""
    with pipeline.ingest([str(upload(tmp_path, NAME))]) as evidence:
        [answer] = pipeline.decided(pipeline.gather(evidence))
    assert (answer.course, answer.rebuilt) == (Course.REPAIR, ("n2",))
    assert (answer.start, answer.follow) == (("n1", "n2"), ("n3",))


def test_real_dqlite_has_every_row(tmp_path: Path) -> None:
    """n2 rebuilt and n1 as it is: n2 leads, with the rows of the running cluster."""
    folder = upload(tmp_path, NAME)
    assert main(["repair", str(folder), "--node", "n2", "-o", str(tmp_path / "n2")]) == 0
    rows = recorded_rows("s111")
    leader, found = started([folder / "n1", tmp_path / "n2"], "1.11.1", rows)
    assert (leader, found) == ("n2", rows)
