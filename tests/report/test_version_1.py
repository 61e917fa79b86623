"""Reports of schemaVersion 1, as they were stored, in every format of today; and as baselines.

version_1/ holds recorded ones, of the first version that had goldens and of the last that wrote schemaVersion 1.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forensics.cli import main
from forensics.errors import UsageError
from forensics.report.baseline import apply_baseline
from forensics.report.document import Document, Known
from forensics.report.formats import FORMATS
from forensics.report.gate import gates
from forensics.report.stored import parse_report, read_report
from tests.fixtures import known, report
from tests.report.documents import changed, finding, healthy

RECORDED = sorted((Path(__file__).parent / "version_1").glob("*.json"))
DAMAGED = Path(__file__).parent / "version_1" / "segment-flipped-bit-last.json"


def stored(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_it_converts_to_every_format(path: Path, tmp_path: Path) -> None:
    before = stored(path)
    assert before["schemaVersion"] == 1
    for name in FORMATS:
        out = tmp_path / f"report.{name}"
        assert main(["convert", str(path), "--format", name, "-o", str(out)]) == 0
        text = out.read_text(encoding="utf-8")
        assert all(one["rule"] in text for one in before["findings"] if one["severity"] != "info")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_nothing_that_it_said_is_lost(path: Path) -> None:
    """Every key and value stands in the report of version 2, under the name that the reference gives."""
    now = json.loads(FORMATS["json"].render(read_report(str(path))))
    assert now["schemaVersion"] == 2
    assert list(_lost(stored(path) | {"schemaVersion": 2}, now, "")) == []


def _lost(before: Any, now: Any, place: str) -> list[str]:
    renamed = {".members": "files", "whenWrong": "falseAlarm"}
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for key, value in before.items():
            name = renamed.get(f"{place}.{key}", renamed.get(key, key))
            found += _lost(value, now.get(name, "absent"), f"{place}.{key}")
        return found
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [line for number, item in enumerate(before) for line in _lost(item, now[number], f"{place}[]")]
    return [] if before == now else [f"{place}: {before!r} is {now!r}"]


def test_version_1_is_not_written() -> None:
    with pytest.raises(UsageError, match="schemaVersion 1 is not written: its findings have no keys"):
        FORMATS["json"].render(msgspec.structs.replace(healthy(), schema_version=1))


def test_as_a_baseline_it_matches_by_rule_database_and_nodes() -> None:
    """The recorded report and today's are of one fixture: the rules that both know find nothing new."""
    before, now = read_report(str(DAMAGED)), report("segment/flipped-bit-last")
    marked = apply_baseline(now, before)
    gone = {"CLU011"}  # what lies behind the damage counts as held since version 2: n2 is not behind
    rules = {one.rule for one in before.findings} - gone
    assert {one.baseline for one in marked.findings if one.rule in rules} == {Known.KNOWN}
    assert {one.rule for one in marked.findings if one.baseline is Known.KNOWN} == rules


def of_version_1(document: Document) -> Document:
    """The same report, stored and read as one of version 1."""
    old = json.loads(FORMATS["json"].render(document)) | {"schemaVersion": 1}
    old["members"] = old.pop("files")
    for one in (*old["findings"], *old["suppressed"]):
        for key in ("key", "kind", "where", "values", "problem", "details"):
            del one[key]
    return parse_report(json.dumps(old).encode(), "old.json")


def test_words_and_counts_do_not_make_a_finding_of_version_1_new() -> None:
    """Nor another key on the same nodes: version 1 had none."""
    old = of_version_1(changed(healthy(), findings=(finding(message="40 entries behind"),)))
    later = finding(message="41 entries behind", key="TST001.behind|k8s-dqlite|n1|x")
    marked = apply_baseline(changed(healthy(), findings=(later,)), old)
    assert marked.findings[0].baseline is Known.KNOWN
    assert not gates(marked, "info")
    assert known(marked.baseline).gone == ()


def test_what_version_1_told_of_the_case_is_known_of_a_database() -> None:
    old = of_version_1(changed(healthy(), findings=(finding(database=None),)))
    marked = apply_baseline(changed(healthy(), findings=(finding(),)), old)
    assert (marked.findings[0].baseline, known(marked.baseline).gone) == (Known.KNOWN, ())


@pytest.mark.parametrize("change", [{"rule": "TST002"}, {"nodes": ["n1", "n2"]}, {"database": "k8sd"}])
def test_another_rule_node_or_database_is_new_and_the_old_one_gone(change: dict[str, Any]) -> None:
    old = of_version_1(changed(healthy(), findings=(finding(),)))
    marked = apply_baseline(changed(healthy(), findings=(finding(**change),)), old)
    assert marked.findings[0].baseline is Known.NEW
    assert [gone.rule for gone in known(marked.baseline).gone] == ["TST001"]
