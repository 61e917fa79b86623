"""The answers: the same words, in the same order, in every output; and what a headline may hold."""

from __future__ import annotations

import html
import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest

from forensics.case.answer import Consequence, Course, Need
from forensics.election.state import State
from forensics.limits import HEADLINE_CHARS_MAX
from forensics.report.case_lines import answers_of_case, faults_with_findings, told_first
from forensics.report.document import Case, Document
from forensics.report.formats import FORMATS
from forensics.report.json_text import json_of
from forensics.report.prose import inline_of
from forensics.report.schema import make_schema
from forensics.report.text import render_text
from tests.fixtures import known, names, report
from tests.report.documents import samples

_PAGE = Path(__file__).parents[2] / "docs/reference/report.md"
QUESTIONS = (
    "Will it start?",
    "What is lost, or at risk?",
    "Which node to recover from?",
    "What to do first?",
    "What to ask for?",
)
_EXPERTS = re.compile(r"checksum|\bbyte \d|\boffset\b|\b0x[0-9a-f]+|\b(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b")
_LINES_MAX = 25  # of Markdown that is not folded
_SHOWN = sorted({
    *samples(),
    "casebook/lxd-13319",
    "certificate/all-expired-two-databases",
    "cluster/forced-recovery",
    "cluster/open-behind-damage",
    "cluster/split-brain",
    "cluster/two-voters-down",
    "control/init-with-state",
    "host/disk-full",
    "segment/closed-gap",
    "sosreport/plugin-lxd",
    "start/listing-gap",
} & set(names()))  # fmt: skip


@cache
def validator() -> jsonschema_rs.Draft202012Validator:
    schema = make_schema()
    return jsonschema_rs.Draft202012Validator({"$ref": "#/$defs/Case", "$defs": schema["$defs"]})


@pytest.mark.parametrize("name", names())
def test_every_fixture_has_a_case(name: str) -> None:
    """Of the schema's shape, with a headline that fits a ticket's title and holds nothing that only an expert reads."""
    document = report(name)
    case = known(document.case)
    validator().validate(json.loads(json_of(case)))
    assert 0 < len(case.headline) <= HEADLINE_CHARS_MAX
    assert not _EXPERTS.search(case.headline)
    assert document.verdict.summary == f"{case.headline}."
    if document.verdict.level in ("broken", "degraded", "attention"):
        assert "nothing wrong" not in case.headline
    assert visible_lines(FORMATS["markdown"].render(document)) <= _LINES_MAX
    copies = {copy.node for cluster in document.clusters for copy in cluster.copies}
    nodes = [node.name for cluster in document.clusters for node in cluster.nodes if node.name not in copies]
    assert [node.node for node in case.nodes] == nodes
    keys = [finding.key for _, findings in faults_with_findings(document) for finding in findings]
    assert sorted(map(str, keys)) == sorted(str(finding.key) for finding in document.findings)


def visible_lines(markdown: str) -> int:
    """Lines outside folds, and the folds' titles."""
    shown = re.sub(r"<details>\n(<summary>[^\n]*</summary>)\n.*?</details>", r"\1", markdown, flags=re.DOTALL)
    return sum(bool(line.strip()) for line in shown.splitlines())


@pytest.mark.parametrize("name", _SHOWN)
def test_headline_and_first_step_are_the_same_everywhere(name: str) -> None:
    document = report(name)
    case = known(document.case)
    said = [case.headline, *(step.do for step in case.first[:1])]
    commands = [command for step in case.first[:1] for command in step.commands]
    for format_, text in outputs(document, case).items():
        for words in (*said, *commands):
            assert words in text, format_


@pytest.mark.parametrize("name", _SHOWN)
def test_answers_stand_in_one_order(name: str) -> None:
    document = report(name)
    case = known(document.case)
    answers = answers_of_case(document)
    assert tuple(answer.question for answer in answers) == QUESTIONS
    texts = outputs(document, case)
    del texts["json"]  # its keys are the questions
    for format_, text in texts.items():
        places = [text.index(question) for question in QUESTIONS]
        assert places == sorted(places), format_
        assert text.index(case.headline) < places[0], format_
        assert all(line.text in text for answer in answers for line in answer.lines), format_


def outputs(document: Document, case: Case) -> dict[str, str]:
    """The four outputs, without their escapes, so that words can be looked for."""
    page = FORMATS["html"].render(document)
    markdown = re.sub(r"\\([\\`*_\[\]|~])", r"\1", html.unescape(FORMATS["markdown"].render(document)))
    return {
        "html": html.unescape(re.sub("</?code>", "`", page[page.index("<body>") :])),
        "terminal": render_text(document, width=10_000),
        "markdown": markdown,
        "json": json.dumps(json.loads(json_of(case)), ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\"),
    }


@pytest.mark.parametrize("name", _SHOWN)
def test_no_text_of_a_rule_stands_in_the_answers(name: str) -> None:
    document = report(name)
    said = " ".join(line.text for answer in answers_of_case(document) for line in answer.lines)
    for finding in document.findings:
        for step in finding.steps:
            assert step not in said
        assert not finding.why or finding.why.splitlines()[0] not in said


@pytest.mark.parametrize("name", names())
def test_what_is_above_info_has_something_to_do(name: str) -> None:
    """`info` says on the terminal that nothing is to be done: what needs nothing is no more than that."""
    assert [one.kind for one in report(name).findings if one.severity != "info" and not one.steps] == []


@pytest.mark.parametrize("words", [Course, State, Consequence, Need])
def test_the_reference_has_every_word(words: type[StrEnum]) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    section = page[page.index("## The case") : page.index("## Verdict")]
    assert [word.value for word in words if f"`{word.value}`" not in section] == []


@pytest.mark.parametrize("name", _SHOWN)
def test_reports_for_machines_have_the_headline(name: str) -> None:
    """As the verdict's sentence."""
    document = report(name)
    (run,) = json.loads(FORMATS["sarif"].render(document))["runs"]
    assert run["properties"]["verdict"]["summary"] == f"{known(document.case).headline}."


def test_no_advice_stands_against_the_first_steps() -> None:
    """A finding of low weight, of a fault that the first steps tend: its rule speaks for where it stands alone."""
    document = report("cluster/zeroed-block")
    alone = report("certificate/expires-soon").findings[0].steps[0]
    low = next(one for one in document.findings if one.rule == "CLU011")
    assert (low.severity, low.key in told_first(document)) == ("low", True)
    page = FORMATS["html"].render(document)
    unfolded = re.sub(r"<details><summary>What the rule advises.*?</details>", "", page, flags=re.DOTALL)
    assert (inline_of(low.steps[0]) in page, inline_of(low.steps[0]) in unfolded) == (True, False)
    assert low.steps[0] not in FORMATS["markdown"].render(document)
    assert low.steps[0] not in render_text(document, width=10_000)
    assert alone in FORMATS["markdown"].render(report("certificate/expires-soon"))
    assert told_first(report("certificate/expires-soon")) == frozenset()
