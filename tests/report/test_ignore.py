"""The ignore file and the baseline: nothing disappears, and nothing expired or misspelt hides a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import pipeline
from forensics.check.build import build, pack
from forensics.errors import UsageError
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.report.baseline import apply_baseline
from forensics.report.document import AsOf, Baseline, Document, Finding, Gone, Ignore, IgnoreState, Suppression
from forensics.report.gate import exit_code, gates
from forensics.report.ignore import Ignore as Accepted
from forensics.report.ignore import apply_ignores, read_ignores
from tests.fixtures import fixture, known, report
from tests.report.documents import changed, cluster, finding, healthy, node


def case(*findings: Finding, time: str | None = "2026-06-15T12:00:00+00:00") -> Document:
    nodes = [node(name, number) for name, number in (("n1", "1"), ("n2", "2"), ("n3", "3"))]
    as_of = AsOf(time=time, source="--as-of")
    return changed(healthy(), clusters=(cluster(*nodes),), findings=findings, as_of=as_of)


def applied(tmp_path: Path, text: str, document: Document) -> Document:
    file = tmp_path / "ignore.yaml"
    file.write_text(text, encoding="utf-8")
    return apply_ignores(document, read_ignores(str(file)))


def test_what_is_accepted_leaves_the_case_and_the_verdict(tmp_path: Path) -> None:
    """The only thing that is wrong there: a certificate that will expire."""
    file = tmp_path / "ignore.yaml"
    file.write_text("- {id: CERT003, reason: renewed tomorrow}", encoding="utf-8")
    said, quiet = (judged("certificate/expires-soon", ignores) for ignores in ([], read_ignores(str(file))))
    assert said.verdict.level == "attention"
    assert known(said.case).faults[0].findings == (said.findings[0].key,)
    assert quiet.verdict.level == "healthy"
    assert quiet.clusters[0].verdict.level == "healthy"
    assert not any(said.findings[0].key in fault.findings for fault in known(quiet.case).faults)
    assert known(quiet.case).headline == "k8s-dqlite: nothing wrong was found besides 1 accepted finding"
    assert [(one.rule, one.suppression) for one in quiet.suppressed] == [
        ("CERT003", Suppression(reason="renewed tomorrow", expires=None))
    ]


def test_what_a_start_comes_to_is_nothing_to_accept(tmp_path: Path) -> None:
    """Nobody can accept it away that a node does not start: files say so, not findings."""
    name = "snapshot/all-gone"
    rules = {entry.rule for entry in report(name).findings}
    file = tmp_path / "ignore.yaml"
    file.write_text("".join(f"- {{id: {rule}, reason: seen}}\n" for rule in sorted(rules)), encoding="utf-8")
    quiet, case = judged(name, read_ignores(str(file))), known(report(name).case)
    assert quiet.findings == ()
    assert known(quiet.case).nodes == case.nodes
    assert [one.state for one in case.nodes] == ["safe", "refuses", "safe"]
    assert quiet.verdict.level == "degraded"
    assert [(one.kind, one.nodes) for one in known(quiet.case).faults] == [("start-failed", ("n2",))]
    assert known(quiet.case).headline == (
        "k8s-dqlite: the files of n2 cannot be used as they are; it does not start; n1 and n3 can go on"
    )


def judged(name: str, ignores: list[Accepted]) -> Document:
    """The report of a fixture with such an ignore file."""
    blob = BytesBlob("x.tar", pack(build(fixture(name)), "tar"))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        return pipeline.analyze(evidence, ignores=ignores).document


def test_a_match_moves(tmp_path: Path) -> None:
    document = applied(tmp_path, "- {id: tst001, reason: known}", case(finding()))
    assert document.findings == ()
    assert document.suppressed[0].suppression == Suppression(reason="known", expires=None)
    used = Ignore(id="tst001", reason="known", expires=None, state=IgnoreState.USED, matched=1)
    assert document.ignores == (used,)
    assert exit_code(document) == 0


@pytest.mark.parametrize(
    ("entry", "matches"),
    [
        ("{id: TST001, reason: r, nodes: [n1]}", True),
        ("{id: TST001, reason: r, nodes: n1}", True),
        ("{id: TST001, reason: r, nodes: [n2]}", False),
        ("{id: TST001, reason: r, paths: ['n1/*']}", True),
        ("{id: TST001, reason: r, paths: ['n2/*', '*/k8sd/*']}", False),
        ("{id: TST002, reason: r}", False),
        ("{id: TST001, reason: r, expires: 2026-06-15}", True),  # its last day
        ("{id: TST001, reason: r, expires: 2026-06-14}", False),
        ("{id: TST001, reason: r, expires: '2027-01-01'}", True),
    ],
)
def test_what_an_entry_matches(tmp_path: Path, entry: str, matches: bool) -> None:
    document = applied(tmp_path, f"- {entry}", case(finding()))
    assert bool(document.suppressed) is matches
    assert bool(document.findings) is not matches


def test_a_finding_on_more_nodes_than_accepted_stays(tmp_path: Path) -> None:
    document = applied(tmp_path, "- {id: TST001, reason: r, nodes: [n1]}", case(finding(nodes=["n1", "n2"])))
    assert len(document.findings) == 1


def test_stale_and_expired_entries_are_named(tmp_path: Path) -> None:
    text = "- {id: TST009, reason: gone}\n- {id: TST001, reason: late, expires: 2020-01-01}"
    states = [note.state for note in applied(tmp_path, text, case(finding())).ignores]
    assert states == ["stale", "expired"]


def test_without_a_moment_an_end_cannot_be_trusted(tmp_path: Path) -> None:
    document = applied(tmp_path, "- {id: TST001, reason: r, expires: 2099-01-01}", case(finding(), time=None))
    assert len(document.findings) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {id: TST001}", "no reason"),
        ("- {id: TST001, reason: ' '}", "no reason"),
        ("- {reason: r}", "no id"),
        ("- {id: TST001, reason: r, node: n1}", "unknown keys: node"),
        ("- {id: TST001, reason: r, expires: soon}", "expires is not a date"),
        ("- {id: TST001, reason: r, paths: [1]}", "paths is not a list of texts"),
        ("id: TST001", "not a list"),
        ("- [", "not YAML"),
        ("- x", "not a mapping"),
    ],
)
def test_mistakes_are_usage_errors(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        applied(tmp_path, text, case())


def test_an_empty_file_ignores_nothing(tmp_path: Path) -> None:
    assert len(applied(tmp_path, "", case(finding())).findings) == 1


def test_known_findings_do_not_gate_and_new_ones_do() -> None:
    before, now = case(finding()), case(finding(), finding(key="TST001.other|k8s-dqlite|n1", message="another"))
    document = apply_baseline(now, before)
    assert [entry.baseline for entry in document.findings] == ["known", "new"]
    assert document.baseline == Baseline(known=1, new=1, gone=())
    assert gates(document, "high")
    assert not gates(apply_baseline(case(finding()), before), "info")


def test_other_counts_and_words_are_the_same_finding() -> None:
    document = apply_baseline(case(finding(message="41 entries behind")), case(finding(message="40 entries behind")))
    assert document.baseline == Baseline(known=1, new=0, gone=())
    assert not gates(document, "info")


def test_what_is_gone_is_named() -> None:
    document = apply_baseline(case(), case(finding()))
    assert document.baseline is not None
    assert document.baseline.gone == (Gone(rule="TST001", nodes=("n1",), message="something is wrong"),)


def test_the_baseline_knows_what_it_had_suppressed() -> None:
    before = changed(case(), suppressed=(finding(),))
    assert apply_baseline(case(finding()), before).findings[0].baseline == "known"


@pytest.mark.parametrize(
    ("fail_on", "expected"), [("critical", 0), ("high", 0), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)]
)
def test_the_gate(fail_on: str, expected: int) -> None:
    assert exit_code(changed(case(finding(severity="medium")), incomplete=False), fail_on) == expected
    assert exit_code(changed(case(finding(severity="medium")), incomplete=True), fail_on) == (expected or 4)
