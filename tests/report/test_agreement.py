"""No two sentences of a report disagree: what each output says of a node, a database or a step, compared as data."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET  # our own output is what it reads
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from forensics.case.answer import Course
from forensics.case.state_words import start_words
from forensics.check.build import build, write
from forensics.cli import main
from forensics.election.state import NOT_AS_IT_IS, Reason, State
from forensics.ingest.paths import printable
from forensics.plan.steps import StepKind
from forensics.report.case_lines import answers_of_case
from forensics.report.document import CheckState, ClusterPlan, Document, Level
from forensics.report.formats import FORMATS
from forensics.report.html import render_html
from forensics.report.markdown import render_markdown
from forensics.report.plan_text import render_plans
from forensics.report.text import render_text
from forensics.severity import Severity
from tests.fixtures import fixture, known, names, report

_KEPT = 2  # pages: the tests of one fixture follow each other where several processes share them out
_GOOD = "t-healthy"
_STOPPED = (State.REFUSES, State.LOSES, State.SPLITS)
_HEAD = "start"
_ERRORS = (Severity.CRITICAL, Severity.HIGH)


class Page(HTMLParser):
    """Of the section of forecasts: (node, class of its badge, words of the badge)."""

    def __init__(self) -> None:
        super().__init__()
        self.badges: list[tuple[str, str, str]] = []
        self._inside = self._summary = False
        self._tag = self._node = self._class = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or (dict(attrs).get("id") or "").startswith("forecasts-")
        self._summary = self._inside and (self._summary or tag == "summary")
        self._tag = tag
        self._class = dict(attrs).get("class") or ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "section"
        self._summary = self._summary and tag != "summary"
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._summary and self._tag == "strong":
            self._node = data.strip()
        elif self._summary and "badge" in self._class.split() and self._tag == "span":
            self.badges.append((self._node, self._class, data.strip()))


@lru_cache(_KEPT)
def page_of(name: str) -> str:
    """A fixture's page."""
    return render_html(report(name))


@lru_cache(_KEPT)
def words_of(name: str) -> str:
    """What a reader sees of a fixture's page."""
    return _flat(_visible(page_of(name)))


def badges(name: str) -> list[tuple[str, str, str]]:
    """As the page shows them, database by database."""
    page = Page()
    page.feed(page_of(name))
    return page.badges


def cells(document: Document) -> list[tuple[str, str]]:
    """(node, its cell about the start) of every table of nodes in the Markdown."""
    found, column = [], None
    for line in render_markdown(document).splitlines():
        row = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if row[:1] == ["node"]:
            column = row.index(_HEAD)
        elif column is not None and row and not row[0].startswith("---"):
            found.append((row[0], row[column]))
        elif not row:
            column = None
    return found


def answered(document: Document) -> dict[tuple[str, str], str]:
    """By database and node, the first words of the case's answer."""
    case = known(document.case)
    return {(one.database, one.node): start_words(one.state, one.reason, one.along, one.twins) for one in case.nodes}


@pytest.mark.parametrize("name", names())
def test_one_answer_on_each_start(name: str) -> None:
    """The tables and the page's badges begin with what the case says; green is for what is safe alone."""
    document = report(name)
    case, said = known(document.case), answered(document)
    nodes = [(cluster.database, node) for cluster in document.clusters for node in cluster.nodes]
    told = [(key[1], said[key]) for database, node in nodes if (key := (database, node.name)) in said]
    shown = [(node, words) for node, words in cells(document) if not words.startswith("as ")]
    assert [words.partition(":")[0] for _, words in shown] == [words for _, words in told]
    assert all(node in cell for (node, _), (cell, _) in zip(told, shown, strict=True))
    alone = [
        one
        for one in case.nodes
        if one.state is State.SAFE and one.reason not in NOT_AS_IT_IS and not (one.along or one.twins)
    ]
    safe = {(one.node, start_words(one.state, one.reason)) for one in alone}
    found = badges(name)
    assert len(found) == sum(node.forecast is not None for _, node in nodes)
    assert [badge for badge in found if (_GOOD in badge[1].split()) != ((badge[0], badge[2]) in safe)] == []


@pytest.mark.parametrize("name", names())
def test_one_word_for_each_database(name: str) -> None:
    """Healthy is said of nothing that has a fault, a step, or a node that must not be started; and never of a part of
    something worse.
    """
    assert list(_levels(report(name))) == []


def _levels(document: Document) -> Iterator[str]:
    case, order = known(document.case), list(Level)
    for cluster in document.clusters:
        if order.index(cluster.verdict.level) < order.index(document.verdict.level):
            yield f"{cluster.name} is {cluster.verdict.level}, all is {document.verdict.level}"
        names = {node.name for node in cluster.nodes}
        bad = [one.node for one in case.nodes if one.database == cluster.database and one.state in _STOPPED]
        if cluster.verdict.level is Level.HEALTHY and names & set(bad):
            yield f"{cluster.name} is healthy, and {', '.join(bad)} must not be started"
    serious = [fault.cause for fault in case.faults if fault.severity.rank <= Severity.LOW.rank]
    if document.verdict.level is Level.HEALTHY and (serious or case.first or case.lost):
        yield f"healthy, and {serious or case.first or case.lost}"
    collected = [step.commands for step in case.first if step.kind is StepKind.COLLECT and step.commands]
    if len(collected) != len(set(collected)):
        yield "the same commands are to be run in two steps"
    if case.lost and all(one.state is State.SAFE for one in case.nodes):
        yield f"every node is safe, and {case.lost[0].what}"


@pytest.mark.parametrize("name", names())
def test_nobody_is_safe_to_start_whom_the_plan_leaves_behind(name: str) -> None:
    """Nor one that lacks a forced configuration; such a node may be harmless, and is of no use."""
    document = report(name)
    states = {(one.database, one.node): one for one in known(document.case).nodes}
    away = {(one.database, node) for one in document.clusters if one.recovery for node in one.recovery.left_behind}
    lacking = {
        (found.database, node)
        for found in document.findings
        if found.kind == "CLU004.left-behind"
        for node in found.nodes
    }
    wrong = [states[key] for key in away | lacking if key in states and states[key].state is State.SAFE]
    assert [one.node for one in wrong if one.reason not in NOT_AS_IT_IS] == []


@pytest.mark.parametrize("name", names())
def test_a_damaged_snapshot_and_its_node_have_one_answer(name: str) -> None:
    """Where a start depends on what lies in memory, no rule says that the node does not start."""
    document = report(name)
    states = {(one.database, one.node): one for one in known(document.case).nodes}
    for found in document.findings:
        if found.rule in ("SNAP003", "SNAP004") and found.severity is Severity.CRITICAL:
            [node] = found.nodes
            depends = states[(found.database or "", node)].reason is Reason.DEPENDS_ON_MEMORY
            assert found.values.get("depends", False) is depends


@pytest.mark.parametrize("name", names())
def test_the_plan_forbids_nothing_that_it_finds_well(name: str) -> None:
    """Of two histories no plan says that there is one; what is forbidden stands above, and nothing of it is ok."""
    for cluster in report(name).clusters:
        checks = cluster.recovery.checks if cluster.recovery else ()
        by_state = {state: {(one.kind, one.nodes) for one in checks if one.state is state} for state in CheckState}
        assert by_state[CheckState.STOP] & by_state[CheckState.OK] == set()
        stopped = {one.kind for one in checks if one.state is CheckState.STOP}
        fine = {one.kind for one in checks if one.state is CheckState.OK}
        assert not (stopped & {"several-histories", "disputed-entry"} and "one-history" in fine)


@pytest.mark.parametrize("name", names())
def test_nobody_is_recovered_from_without_need(name: str) -> None:
    """Where the case needs no recovery, or cannot tell, the plan and the page name a node under a condition only."""
    document = report(name)
    page = words_of(name)
    for cluster in document.clusters:
        needed = cluster.recovery is not None and cluster.recovery.course is Course.RECOVER
        text = render_plans([
            ClusterPlan(
                database=cluster.database, name=cluster.name, product=cluster.product, recovery=cluster.recovery
            )
        ])  # fmt: skip
        assert needed or not re.search(r"^ *RECOVER FROM ", text, re.MULTILINE)
    courses = {cluster.recovery.course for cluster in document.clusters if cluster.recovery}
    assert Course.RECOVER in courses or not re.search(r"\bRecover from ", page)


@pytest.mark.parametrize("name", names())
def test_the_outputs_say_the_same_words(name: str) -> None:
    """Headline, answers and first steps stand whole in the terminal's text and on the page, as the case has them."""
    document = report(name)
    case = known(document.case)
    text, page = _flat(render_text(document, width=400)), words_of(name)
    for answer in answers_of_case(document):
        for line in answer.lines:
            assert _flat(line.text) in text
            assert _flat(line.text) in page
    assert _flat(case.headline) in text
    assert _flat(case.headline) in page


@pytest.mark.parametrize("name", names())
def test_what_machines_read_says_the_same(name: str) -> None:
    """SARIF and JUnit: verdict, headline and first steps are the case's, and each finding has its own severity."""
    document = report(name)
    case = known(document.case)
    [run] = json.loads(FORMATS["sarif"].render(document))["runs"]
    told, steps = run["properties"], [step.do for step in case.first]
    assert (told["verdict"]["level"], told["headline"], told["first"]) == (document.verdict.level, case.headline, steps)
    every = [*document.findings, *document.suppressed]
    results = [(one["ruleId"], one["properties"]["severity"], one["message"]["text"]) for one in run["results"]]
    assert results == [(one.rule, one.severity, one.message) for one in every]
    assert [one["level"] == "error" for one in run["results"]] == [one.severity in _ERRORS for one in every]

    suites = ET.fromstring(FORMATS["junit"].render(document))  # noqa: S314 - our own output
    for properties in suites.iter("properties"):
        values = [one.get("value") for one in properties]
        assert values == [printable(text) for text in (case.headline, *steps)]
    failed = {
        (one.get("type"), one.get("message"), _flat(one.text or "").startswith(_flat(one.get("message") or "")))
        for one in suites.iter("failure")
    }
    wrong = {
        (str(one.severity), printable(one.problem or one.message), True)
        for one in document.findings
        if one.severity is not Severity.INFO
    }
    assert failed == wrong, "the clause as the title, the whole message as the text"


@pytest.mark.parametrize(
    "name",
    [
        "certificate/other-key", "cluster/removed-node", "cluster/restored-backups", "cluster/two-flipped-bits",
        "healthy/copied-under-load", "snapshot/data-count", "sosreport/second-database-contradicts",
    ],
)  # fmt: skip
def test_forecast_says_the_same(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command, of each node that it forecasts: the state and the words of the case."""
    write(build(fixture(name)), tmp_path)
    assert main(["forecast", str(tmp_path), "--format", "json"]) == 0
    told = [one["together"] for one in json.loads(capsys.readouterr().out) if one["together"]]
    said = {(one.database, one.node): (one.state, one.words) for one in known(report(name).case).nodes}
    assert {(one["database"], one["node"]): (one["state"], one["words"]) for one in told}.items() <= said.items()
    assert len(told) > 1


def _visible(page: str) -> str:
    class Text(HTMLParser):
        found = ""

        def handle_data(self, data: str) -> None:
            self.found += data

    reader = Text()
    reader.feed(re.sub("</?code>", "`", page))
    return reader.found


def _flat(text: str) -> str:
    return " ".join(text.split())
