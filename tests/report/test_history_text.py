"""The history in text, against a recording whose steps are known."""

from __future__ import annotations

from pathlib import Path

from forensics import pipeline
from forensics.report.history_text import history_lines

BASES = Path(__file__).parents[2] / "fixtures" / "bases"


def test_a_forced_recovery_and_the_leaders_around_it() -> None:
    """Steps of forced-recovery: n1 bootstraps; n2 and n3 join; another leads; n1 is forced to be alone, and goes on."""
    with pipeline.ingest([str(BASES / "forced-recovery.tar.xz")]) as evidence:
        (cluster,) = pipeline.analyze(evidence).document.clusters
    lines = dict(history_lines(cluster))
    assert lines["1"] == "bootstrap: 127.21.208.1:9000 as voter"
    assert "(forced: its term falls from 2 to 1)" in lines["87"]
    assert lines["7-86"].startswith("term 2, led by n3")
    assert lines["87-87"] == "term 1, written by hand: a forced configuration has no leader"
    assert lines["88-117"].startswith("term 2, led by n1")
