"""A disk that was full, as a node's open segments tell of it: only beside a node that is behind, and never for sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.check.manifest import Change, Fixture, Part
from forensics.check.run import analysed, document_of
from forensics.facts.cluster.lag import DiskSign, disk_sign, full_disks, lags
from forensics.facts.node.node import Grade
from forensics.fault_kind import FaultKind
from forensics.pipeline import Analysis
from forensics.report.document import Document
from tests.fixtures import fixture, report
from tests.made_clusters import only_cluster

NONE_PREPARED, COUNTERS_SKIP = "cluster/full-disk-none-prepared", "cluster/full-disk-skipped-counter"
DIRECTORY = "/var/snap/k8s/common/var/lib/k8s-dqlite"
UP = "/.." * 7  # from the state directory to the root
DF = """Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/sda2      101573536 20000000  81573536  20% /
"""
GONE = tuple(Change("no prepared segment", "delete", f"n3/open-{n}") for n in (2, 3))


def signs(made: Fixture) -> dict[str, DiskSign]:
    """Of a fixture's only cluster, by node."""

    def of_cluster(analysis: Analysis) -> dict[str, DiskSign]:
        (cluster,) = analysis.case.clusters
        return dict(full_disks(cluster))

    return analysed(made, of_cluster)


def made(base: str, *changes: Change, ends_before: str = "") -> Fixture:
    """A recording with changes."""
    parts = (Part(based_on=base),)
    return replace(fixture(NONE_PREPARED), parts=parts, changes=changes, ends_before=ends_before)


def test_how_far_a_node_is_behind() -> None:
    """The manifest of `lagging`: n1 and n2 end at 2246, n3 at 1186, which is 1060 less."""
    (lag,) = lags(only_cluster("lagging"))
    assert (lag.node.name, lag.last, lag.best.name, lag.behind) == ("n3", 1186, "n1", 1060)


@pytest.mark.parametrize(
    ("name", "sign"), [(NONE_PREPARED, DiskSign.NONE_PREPARED), (COUNTERS_SKIP, DiskSign.COUNTERS_SKIP)]
)
def test_what_points_to_a_full_disk(name: str, sign: DiskSign) -> None:
    """n3 is 1060 entries behind. First only open-4, in use, is there; then open-4, open-5, open-7: 6 is missing."""
    assert signs(fixture(name)) == {"n3": sign}


@pytest.mark.parametrize("base", ["lagging", "two-voters-down", "misleading-segments", "killed-mid-write", "steady"])
def test_real_nodes_behind_the_others_show_none(base: str) -> None:
    """Killed ones have one segment in use and two prepared; n2 of misleading-segments (85 of 125) was stopped, and has
    no open segment at all.
    """
    assert full_disks(only_cluster(base)) == {}


def test_who_is_not_behind_shows_none() -> None:
    """n3 of killed-mid-write ends at 435 as the others do: killed while it took the last prepared segment into use."""
    assert signs(made("killed-mid-write", *GONE)) == {}


def test_a_torn_copy_shows_none() -> None:
    """n1 ends at 119 of 165 because its names were read before its contents; here its prepared segment lacks, too."""
    assert signs(made("copied-under-load", Change("none prepared", "delete", "n1/open-3"))) == {}


def test_names_that_the_cut_took_away_show_none() -> None:
    """The archive of the recording ends before n3/open-5: raft had prepared it."""
    assert signs(made("lagging", ends_before="n3/open-5")) == {}


def test_a_node_that_did_not_arrive_whole_shows_none() -> None:
    """What is not there may only not have arrived."""

    def by_grade(analysis: Analysis) -> dict[Grade, DiskSign | None]:
        (cluster,) = analysis.case.clusters
        return {grade: disk_sign(replace(cluster.node("n3"), grade=grade)) for grade in Grade}

    expected = dict.fromkeys(Grade, None) | {Grade.FULL: DiskSign.NONE_PREPARED}
    assert analysed(fixture(NONE_PREPARED), by_grade) == expected


def test_what_self_repair_moved_away_shows_none() -> None:
    """It moves a damaged open segment and all behind it away (docs/reference/start.md#self-repair)."""
    moved = tuple(Change("moved", "rename", f"n3/open-{n}", to=f"corrupt-1700000000-open-{n}") for n in (5, 6))
    assert signs(made("lagging", *moved)) == {}


def asked(document: Document) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.nodes, one.commands) for one in document.case.ask] if document.case else []


@pytest.mark.parametrize("name", [NONE_PREPARED, COUNTERS_SKIP])
def test_the_fault_suspects_a_full_disk_and_asks_for_df(name: str) -> None:
    document = report(name)
    assert document.case is not None
    (fault,) = (one for one in document.case.faults if one.kind is FaultKind.NODE_BEHIND)
    assert (fault.nodes, fault.suspects) == (("n3",), (FaultKind.DISK_FULL,))
    df = (f"df -h {DIRECTORY}", f"df -i {DIRECTORY}")
    assert asked(document) == [(("n3",), df)]
    assert [(one.evidence, one.nodes, one.commands) for one in document.collect] == [("disk", ("n3",), df)]
    assert not document.incomplete  # all arrived


def test_nothing_is_suspected_of_a_node_that_was_down() -> None:
    document = report("cluster/lagging")
    assert document.case is not None
    assert [one.suspects for one in document.case.faults if one.kind is FaultKind.NODE_BEHIND] == [()]
    assert asked(document) == []


def test_a_step_that_collects_what_is_missing_does_not_ask_for_df() -> None:
    """n2 did not arrive: what is collected of it is an archive, and df makes none."""
    parts = (Part(based_on="lagging", nodes=("n1", "n3")),)
    document = document_of(replace(fixture(NONE_PREPARED), parts=parts))
    assert [one.evidence for one in document.collect] == ["absent", "disk"]
    assert document.case is not None
    assert not any("df" in command for step in document.case.first for command in step.commands)


def test_who_sent_df_is_not_asked_for_it() -> None:
    """The sosreport of n3's machine has it. That there is room by now does not tell that there was."""
    df = Change("df", "write", f"n3{UP}/sos_commands/filesys/df_-al_-x_autofs", text=DF)
    parts = (Part(based_on="lagging", layout="k8s-dqlite"),)
    changes = (*fixture(NONE_PREPARED).changes, df)
    document = document_of(replace(fixture(NONE_PREPARED), parts=parts, wrap="sosreport", changes=changes))
    assert [host.nodes for host in document.hosts if host.disks] == [("n3",)]
    assert document.case is not None
    assert [one.suspects for one in document.case.faults if one.kind is FaultKind.NODE_BEHIND] == [
        (FaultKind.DISK_FULL,)
    ]
    assert asked(document) == []
