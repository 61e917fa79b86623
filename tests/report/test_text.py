from __future__ import annotations

import re

from forensics.report.document import Ignore, IgnoreState
from forensics.report.text import render_short, render_text
from forensics.report.text_table import table_lines
from tests.fixtures import known, report
from tests.report.documents import changed, damaged, finding, healthy, hostile_report


def test_it_stands_on_its_own() -> None:
    """Headline, answers, evidence, nodes, the finding with its place."""
    document = damaged()
    worst = document.findings[0]
    lines = render_text(document, width=10_000)
    assert lines.startswith(f"{document.verdict.level.upper()}  {known(document.case).headline}\n")
    assert document.inputs[0].sha256[:16] in lines
    for node in document.clusters[0].nodes:
        assert re.search(rf"^  {node.name} +full +voter", lines, re.MULTILINE)
    assert worst.message in lines
    entry = worst.evidence[0]
    assert f"at {entry.path}, byte {entry.offset}, {entry.length} bytes" in lines
    assert f"  1. {known(document.case).first[0].do}\n" in lines
    assert "checks    " in lines


def test_lines_are_filled_to_the_width() -> None:
    """All but what is copied, and the table of the nodes, whose columns are as narrow as their words allow: node 4,
    evidence 8, role 5, a raft ID 20, an address 15, term 4, log 7, last term 9, snapshot 8, start 20 (what is
    legible), findings 18, ten gaps of 2 and 2 before them: 140.
    """
    document = damaged()
    text = render_text(document, width=72)
    (table,) = (section.splitlines()[1:] for section in text.split("\n\n") if "  node  evidence" in section)
    assert max(map(len, table)) == 2 + (4 + 8 + 5 + 20 + 15 + 4 + 7 + 9 + 8 + 20 + 18) + 10 * 2
    whole = {command for step in known(document.case).first for command in step.commands}
    prose = [
        line
        for section in text.split("\n\n")
        if "  node  evidence" not in section
        for line in section.splitlines()
        if not line.lstrip().startswith(("at ", "evidence")) and line.strip() not in whole
    ]
    assert max(map(len, prose)) <= 72


def test_no_escape_sequence_without_colour_and_none_of_the_evidence_with_it() -> None:
    for document in (damaged(), hostile_report()):
        for verbose in range(3):
            assert "\x1b" not in render_text(document, verbose=verbose)
            colored = render_text(document, color=True, verbose=verbose)
            assert set(re.findall(r"\x1b[^m]*m", colored)) <= {
                f"\x1b[{code}m" for code in ("0", "1", "2", "1;31", "31", "32", "33", "34", "35", "36")
            }
            assert not set(re.sub(r"\x1b\[[0-9;]*m", "", colored)) & {chr(code) for code in range(32) if code != 10}


def test_short_is_the_headline_and_nothing_else() -> None:
    for document in (damaged(), healthy()):
        assert render_short(document) == f"{known(document.case).headline}\n"
    assert render_short(hostile_report()).count("\n") == 1


def test_a_report_of_version_1_has_its_verdict_alone() -> None:
    document = changed(damaged(), case=None)
    assert render_short(document) == f"{document.verdict.summary}\n"
    text = render_text(document, width=10_000)
    assert text.startswith(f"{document.verdict.level.upper()}  {document.verdict.summary}\n")
    assert "Will it start?" not in text
    assert document.findings[0].message in text
    assert "if it must be recovered: " in text


def test_what_to_do_is_said_once() -> None:
    """Among the first steps. A rule's own advice follows at what is low, and on demand."""
    document, low = damaged(), report("certificate/expires-soon")
    worst = document.findings[0]
    assert worst.severity == "critical"
    assert worst.steps[0] not in render_text(document, width=10_000)
    assert low.findings[0].severity == "low"
    assert f"  do: {low.findings[0].steps[0]}" in render_text(low, width=10_000)
    assert worst.steps[0] in render_text(document, width=10_000, verbose=1)


def test_info_waits_for_verbose() -> None:
    note = finding(severity="info", effect="none", message="two snapshots are normal")
    document = changed(healthy(), findings=(note,))
    assert "two snapshots are normal" not in render_text(document)
    assert "1 more at info" in render_text(document)
    assert "two snapshots are normal" in render_text(document, verbose=1)


def test_very_verbose_shows_bytes_and_why() -> None:
    document = damaged()
    cells = document.findings[0].evidence[0].hex
    assert cells
    assert cells[:23] not in render_text(document, verbose=1)
    assert cells[:23] in render_text(document, verbose=2)


def test_suppressed_and_stale_are_named() -> None:
    accepted = finding(suppression={"reason": "known since May", "expires": None})
    stale = Ignore(id="SEG001", reason="old disk", expires=None, state=IgnoreState.STALE, matched=0)
    document = changed(healthy(), suppressed=(accepted,), ignores=(stale,))
    text = render_text(document)
    assert "suppressed TST001 something is wrong (known since May)" in text
    assert "entry for SEG001 matches nothing any more (old disk)" in text


def test_a_table_wraps_words_and_keeps_ids_whole() -> None:
    """Two gaps of two columns; of 40, a name of 2 and an ID of 19 leave 15, but a sentence gets 20."""
    rows = (("n1", "3297041220608546238", "will not start: its log is damaged"), ("n2", "7", "-"))
    assert list(table_lines(rows, 40)) == [
        ["n1  3297041220608546238  will not start: its", "                         log is damaged"],
        ["n2  7                    -"],
    ]
    assert next(table_lines(rows, 80)) == ["n1  3297041220608546238  will not start: its log is damaged"]
