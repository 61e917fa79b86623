"""The picture of a database's size: every place by hand, every mark with its finding."""

from __future__ import annotations

from forensics.facts.database.growth import Size
from forensics.report.document import Database, DatabaseSize, Finding
from forensics.report.growth import growth_of, prefix_finding
from forensics.report.parts.databases import thinned
from tests.fixtures import known
from tests.report.documents import finding


def database(*sizes: tuple[int, int]) -> Database:
    return Database(
        name="k8s", page_size=4096, pages=sizes[-1][1] if sizes else 0, free_pages=0, sound=True, integrity=("ok",),
        losses=(), not_checked=None, kine=None,
        growth=tuple(DatabaseSize(index=index, pages=pages) for index, pages in sizes),
    )  # fmt: skip


def test_a_size_holds_until_the_next() -> None:
    """Indexes 100 to 300 on 1,000 units: 150 lies at 250. Of 40 pages at most, 10 are 75 units below the upper edge."""
    picture = known(growth_of(database((100, 10), (150, 40), (300, 20))))
    assert picture.line == "M0,75.0H250.0V0.0H1000.0V50.0"
    assert (picture.first, picture.last, picture.top) == (100, 300, 40)
    assert picture.words == "k8s had 10 pages at index 100 and 20 at index 300; 40 at most"


def test_nothing_is_drawn_of_a_size_that_never_changed() -> None:
    assert growth_of(database()) is None
    assert growth_of(database((1, 3))) is None
    assert growth_of(database((1, 3), (9, 3))) is None


def test_of_a_long_log_the_last_size_of_each_stretch_is_kept() -> None:
    """Indexes 0 to 1,000 in 100 stretches of 10: the one from 20 to 29 ends with 29."""
    told = [Size(index, index + 1) for index in range(1000)]
    kept = thinned(told, Size(1000, 7))
    assert kept[0] == DatabaseSize(index=0, pages=1)
    assert DatabaseSize(index=29, pages=30) in kept
    assert DatabaseSize(index=28, pages=29) not in kept
    assert kept[-1] == DatabaseSize(index=1000, pages=7)
    assert len(kept) == 102


def test_what_was_written_behind_the_rebuilt_database_is_not_told() -> None:
    assert thinned([Size(5, 1), Size(9, 2)], Size(7, 1)) == (
        DatabaseSize(index=5, pages=1),
        DatabaseSize(index=7, pages=1),
    )


def test_a_prefix_leads_to_the_worst_finding_about_one_of_its_keys() -> None:
    def about(key: str) -> Finding:
        return finding(values={"database": "k8s", "first": {"key": key}})

    found = [
        (3, finding()),
        (4, about("/registry/podsets/x")),
        (5, about("/registry/pods/x")),
        (6, about("/registry/pods")),
    ]
    assert prefix_finding(found, "/registry/pods") == 5
    assert prefix_finding(found, "/registry/leases") is None
    assert prefix_finding(found, None) is None
