"""What renderers ask of the document: worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from forensics.ingest.clock_source import ClockSource
from forensics.report.check_rows import answers_of
from forensics.report.document import Check, CheckGap, Disk, Host, Level, Line, Text, Verdict
from forensics.report.machine_words import machine_words
from forensics.report.view import is_told_first
from forensics.report.yaml_rows import side_by_side
from forensics.severity import Answer
from tests.report.documents import changed, cluster, healthy, node

HOST = Host(
    name="n1",
    collector="sosreport",
    root="",
    collected="2026-11-25T20:21:20+00:00",
    cleaned=False,
    nodes=(),
    disks=(),
    journals=(),
)


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ({"clock": ClockSource.DATE_FILE, "utc_offset": -18000, "zone": "EST"},
         "sosreport of 2026-11-25 20:21:20 UTC (its clock: EST, UTC-05:00)"),
        ({"clock": ClockSource.DATE_FILE, "utc_offset": 0, "zone": "GMT"}, "sosreport of 2026-11-25 20:21:20 UTC"),
        ({"clock": ClockSource.DATE_FILE, "zone": "EST"}, "sosreport of 2026-11-25 20:21:20 by its own clock: EST"),
        ({"clock": ClockSource.ARCHIVE_NAME}, "sosreport of 2026-11-25 20:21:20 by its own clock"),
        ({"clock": ClockSource.FILE_TIME}, "sosreport of 2026-11-25 20:21:20 UTC"),
        ({"clock": ClockSource.ARCHIVE_DAY}, "sosreport of 2026-11-25"),
        ({"clock": None}, "sosreport of 2026-11-25 20:21:20"),
        ({"collected": None}, "sosreport"),
    ],
)  # fmt: skip
def test_a_machines_time_is_as_exact_as_its_source(clock: dict[str, Any], said: str) -> None:
    assert machine_words(changed(HOST, **clock)) == said


def test_a_machine_with_versions_and_a_full_disk() -> None:
    disks = tuple(Disk(mount=mount, used_percent=used, available=None) for mount, used in (("/", 89), ("/var", 99)))
    host = changed(HOST, collected=None, cleaned=True, snaps={"k8s": "v1.32.9 (4567)"}, disks=disks)
    assert machine_words(host) == "cleaned sosreport, k8s v1.32.9 (4567), /var 99 % full"


def check(rule: str, name: str, code: str) -> Check:
    """A rule that could not tell of one node."""
    gap = CheckGap(code=code, reason=f"no {code}")
    return Check(rule=rule, database="lxd", nodes=(name,), verdict=Answer.NOT_CHECKED, reason=gap.reason, gaps=(gap,))


def test_rules_that_lack_the_same_are_one_row() -> None:
    checks = (
        check("A", "n1", "journal"),
        check("B", "n1", "names"),
        check("A", "n2", "names"),
        check("B", "n2", "names"),
    )
    (first, rows), (second, others) = answers_of(changed(healthy(), checks=checks)).unchecked
    assert (first, [(row.rule, row.nodes) for row in rows]) == ("no names", [("B", ["n1", "n2"]), ("A", ["n2"])])
    assert (second, [(row.rule, row.nodes) for row in others]) == ("no journal", [("A", ["n1"])])


def test_the_worst_cluster_is_told_by_the_case() -> None:
    levels = (Level.ATTENTION, Level.BROKEN, Level.BROKEN)
    clusters = tuple(cluster(node("n1", "1"), verdict=Verdict(level=level, summary="")) for level in levels)
    document = changed(healthy(), clusters=clusters)
    assert [is_told_first(document, one) for one in document.clusters] == [False, True, False]


def test_yaml_files_stand_side_by_side_and_what_differs_comes_first() -> None:
    def text(node: str, name: str, *lines: str) -> Text:
        told = tuple(Line(number=number, text=line) for number, line in enumerate(lines, 1))
        return Text(path=f"{node}/{name}", node=node, name=name, lines=told, cut=False, database="k8sd")

    texts = (
        text("n1", "a.yaml", "x: 1"), text("n2", "a.yaml", "x: 1"),
        text("n1", "b.yaml", "x: 1", "y: 2"), text("n2", "b.yaml", "y: 2"),
        text("n1", "c.yaml", "z: 3"),
    )  # fmt: skip
    first, second, third = side_by_side(changed(healthy(), texts=texts))
    assert (first.name, first.same, [text.node for text in first.texts]) == ("b.yaml", False, ["n1", "n2"])
    assert [first.differs(line) for line in ("x: 1", "y: 2")] == [True, False]
    assert (second.name, second.same, third.name, third.same) == ("a.yaml", True, "c.yaml", True)
    assert not third.differs("z: 3")
