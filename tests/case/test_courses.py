"""What the case says, held against what real dqlite did when it was carried out (fixtures/make/courses.py)."""

from __future__ import annotations

import tempfile
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.check.build import build, write
from tests.fixtures import ROOT, fixture
from tests.made_clusters import BASES

COURSES: list[dict[str, Any]] = tomllib.loads((ROOT / "courses.toml").read_text("utf-8"))["course"]


@cache
def answer_of(name: str) -> DatabaseAnswer:
    """Of a fixture of one database."""
    with tempfile.TemporaryDirectory() as folder:
        write(build(fixture(name)), Path(folder) / "upload")
        with pipeline.ingest([f"{folder}/upload"]) as evidence:
            [answer] = pipeline.decided(pipeline.gather(evidence))
    return answer


def test_every_way_without_force_was_carried_out() -> None:
    """Nothing to do, some behind others, and files repaired or moved away."""
    assert {Course(course["course"]) for course in COURSES} == {Course.NOTHING, Course.REJOIN, Course.REPAIR}
    assert sum(bool(course["follow"]) for course in COURSES) >= 4
    assert sum(bool(course["changed"]) for course in COURSES) >= 3


@pytest.mark.parametrize("course", COURSES, ids=[course["fixture"] for course in COURSES])
def test_the_case_still_says_what_was_carried_out(course: dict[str, Any]) -> None:
    """Who starts first, who follows, and which files are changed."""
    answer = answer_of(course["fixture"])
    changed = {file for repair in answer.repairs for file in (*dict(repair.bits), *repair.moved)}
    assert (answer.course, list(answer.start), list(answer.follow)) == (
        course["course"],
        course["start"],
        course["follow"],
    )
    assert sorted(changed) == course["changed"]


@pytest.mark.parametrize("course", COURSES, ids=[course["fixture"] for course in COURSES])
def test_nothing_committed_was_lost(course: dict[str, Any]) -> None:
    """The leader had every row that the cluster had at the end of the recording; leader-ahead's has one more, which no
    other node had.
    """
    [part] = fixture(course["fixture"]).parts
    manifest = tomllib.loads((BASES / f"{part.based_on}.toml").read_text("utf-8"))
    [end] = [moment for moment in manifest["moment"] if moment["moment"] == "end"]
    assert course["leader"] in (*course["start"], *course["follow"])
    assert course["rows"]["k8s.kine"] >= end["rows"]["k8s.kine"]
