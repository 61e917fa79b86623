"""How databases grew, held against SQLite's own count of pages in the database rebuilt at each index."""

from __future__ import annotations

from pathlib import Path

from forensics.facts.database.growth import growth_of
from forensics.facts.database.open import Database
from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.timeline import timeline_of
from forensics.pipeline import gather, ingest

SINGLE = Path(__file__).resolve().parents[3] / "fixtures" / "bases" / "single.tar.xz"


def test_each_size_is_sqlites_from_its_index_on() -> None:
    with ingest([str(SINGLE)]) as evidence:
        node = gather(evidence).nodes()[0]
        timeline = timeline_of(node.state)
        grown = growth_of(node)
        assert len(grown["k8s"]) > 5
        for name, sizes in grown.items():
            befores = zip(sizes[1:], sizes, strict=False)
            told = [(size.index, size.pages) for size in sizes] + [(size.index - 1, one.pages) for size, one in befores]
            for index, pages in told:
                rebuilt = rebuild(timeline, index, name)
                assert rebuilt is not None
                with rebuilt, Database(rebuilt.databases[name]) as database:
                    assert list(database.rows("PRAGMA page_count")) == [(pages,)]
