"""The databases in the report: the numbers of the rows that the running cluster told, bounded, without Secrets."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from typing import Any

from forensics.facts.database.kine import Kine, Prefix
from forensics.limits import KINE_PREFIXES_SHOWN
from forensics.report import document as doc
from forensics.report.html import render_html
from forensics.report.parts.databases import _kine
from tests.fixtures import ROOT, known, report


def _told(base: str) -> list[dict[str, Any]]:
    """The kine rows at the end, as the live leader answered them."""
    lines = lzma.decompress((ROOT / "bases" / f"{base}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    found = [told for told in map(json.loads, lines) if (told["table"], told["moment"]) == ("kine", "end")]
    return [dict(zip(found[-1]["columns"], row, strict=True)) for row in found[-1]["rows"]]


def _bytes(*values: dict[str, str] | None) -> int:
    return sum(len(value["hex"]) // 2 for value in values if value)


def test_kine_is_told_as_the_live_cluster_had_it() -> None:
    contents = known(report("healthy/trimmed-111").clusters[0].databases)
    rows = _told("trimmed")
    [database] = [found for found in contents.found if found.kine]
    kine = known(database.kine)
    assert (database.sound, database.integrity, database.losses) == (True, ("ok",), ())
    assert (kine.rows, kine.first_revision, kine.last_revision) == (len(rows), rows[0]["id"], rows[-1]["id"])
    leases = [row for row in rows if row["name"].startswith("/registry/leases/")]
    [told] = [row for row in kine.prefixes if row.prefix == "/registry/leases"]
    assert (told.rows, told.bytes) == (
        len(leases),
        sum(_bytes(row["value"], row["old_value"]) for row in leases),
    )
    most = Counter(row["name"] for row in rows).most_common(1)[0]
    assert kine.busiest[0].size == most[1]


def test_many_prefixes_are_summed() -> None:
    """Two more than are shown, of 10 bytes each: the last row stands for both."""
    kine = Kine(prefixes=tuple(Prefix(f"/registry/{n}", 1, 1, 4, 10) for n in range(KINE_PREFIXES_SHOWN + 2)))
    told = _kine(kine).prefixes
    assert len(told) == KINE_PREFIXES_SHOWN + 1
    assert told[-1] == doc.Prefix(prefix=None, rows=2, live=2, live_bytes=8, bytes=20)


def test_the_page_draws_the_sizes() -> None:
    """A bar for each prefix; the longest is as wide as the view box."""
    document = report("healthy/trimmed-111")
    page = render_html(document)
    [kine] = [found.kine for found in known(document.clusters[0].databases).found if found.kine]
    assert page.count('class="b-history"') == len(kine.prefixes) + 1  # and one in the legend
    assert '<rect width="1000.0" height="12" class="b-history"/>' in page
    assert "fixture-token" not in page


def test_damage_to_a_database_is_told() -> None:
    """database/damaged-page spoils one page of the image: integrity_check says so, and the page of the report too."""
    document = report("database/damaged-page")
    broken = [found for found in known(document.clusters[0].databases).found if found.sound is False]
    assert len(broken) == 1
    assert '<span class="badge t-high">fails</span>' in render_html(document)
