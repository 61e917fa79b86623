"""Markdown, SARIF and JUnit: the same findings, in the words of each format, and nothing hostile obeyed."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET  # our own output is what it reads
from urllib.parse import unquote

import pytest

from forensics.errors import UsageError
from forensics.report.document import Check, Document
from forensics.report.formats import FORMATS, format_for
from forensics.rules.engine import catalogue
from forensics.severity import Answer
from tests import hostile
from tests.fixtures import report
from tests.report.documents import changed, damaged, finding, healthy, hostile_report, samples


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - our own output


def sarif(document: Document) -> dict[str, object]:
    (run,) = json.loads(FORMATS["sarif"].render(document))["runs"]
    return dict(run)


def test_sarif_has_every_finding_with_its_bytes() -> None:
    document = damaged()
    run = sarif(document)
    results = run["results"]
    assert isinstance(results, list)
    assert len(results) == len(document.findings)
    first, wanted = results[0], document.findings[0]
    assert (first["ruleId"], first["message"]["text"], first["level"]) == (wanted.rule, wanted.message, "error")
    region = first["locations"][0]["physicalLocation"]["region"]
    entry = wanted.evidence[0]
    assert (region["byteOffset"], region["byteLength"]) == (entry.offset, entry.length)
    rules = run["tool"]["driver"]["rules"]  # type: ignore[index]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"]


@pytest.mark.parametrize("name", samples())
def test_sarif_points_at_artifacts_with_their_digests(name: str) -> None:
    document = report(name)
    run = sarif(document)
    digests = {file.path: file.sha256 for file in document.files}
    artifacts = run["artifacts"]
    assert isinstance(artifacts, list)
    for artifact in artifacts:
        path = unquote(artifact["location"]["uri"])
        assert artifact.get("hashes", {}).get("sha-256") == digests[path]
        assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", artifact["location"]["uri"])


def test_sarif_tells_suppressed_from_active_and_known_from_new() -> None:
    document = changed(
        healthy(),
        findings=(finding(baseline="known"), finding(message="other", baseline="new")),
        suppressed=(finding(severity="low", suppression={"reason": "accepted", "expires": None}),),
    )
    results = sarif(document)["results"]
    assert isinstance(results, list)
    assert [result.get("baselineState") for result in results] == ["unchanged", "new", None]
    assert results[2]["suppressions"] == [{"kind": "external", "justification": "accepted"}]
    assert results[2]["level"] == "note"


@pytest.mark.parametrize("name", [*samples(), "hostile"])
def test_junit_counts_add_up(name: str) -> None:
    document = hostile_report() if name == "hostile" else report(name)
    root = parsed(FORMATS["junit"].render(document))
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert int(suite.get("skipped", "")) == sum(case.find("skipped") is not None for case in cases)
    assert int(root.get("tests", "")) == len(document.checks) + len(document.missing)
    messages = [failure.get("message") for failure in root.iter("failure")]
    assert len(messages) >= sum(finding.severity != "info" for finding in document.findings)


def test_a_failure_of_junit_says_what_where_and_what_to_do() -> None:
    evidence = [{"path": "n1/a", "offset": 8, "length": 1}, {"path": "n1/b", "offset": 0, "length": 0}]
    told = finding(rule="SEG001", problem="a is bad", message="a is bad. It ends.", evidence=evidence)
    check = Check(rule="SEG001", database="k8s-dqlite", nodes=("n1",), verdict=Answer.FAIL, reason=None)
    root = parsed(FORMATS["junit"].render(changed(healthy(), findings=(told,), checks=(check,))))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "a is bad"
    assert failure.text == (
        "\na is bad. It ends.\n\nat n1/a, byte 8, 1 byte\nat n1/b\n\nWhat to do:\n1. Do this.\n2. Then that.\n"
    )


def test_a_rule_of_sarif_is_as_bad_as_its_worst_finding() -> None:
    found = [finding(severity=severity) for severity in ("critical", "medium", "low")]
    run = sarif(changed(healthy(), findings=found, checks=()))
    (told,) = run["tool"]["driver"]["rules"]  # type: ignore[index]
    assert told["defaultConfiguration"]["level"] == "error"
    assert told["properties"]["severity"] == "critical"
    assert told["help"]["markdown"] == "1. Do this.\n2. Then that."


def test_a_rule_of_sarif_without_findings_has_its_help_and_severity() -> None:
    """In the rule's own words, those of docs/rules/segment.md."""
    rules = {rule["id"]: rule for rule in sarif(healthy())["tool"]["driver"]["rules"]}  # type: ignore[index]
    assert set(rules) == {check.rule for check in healthy().checks}
    told = rules["SEG001"]
    known = next(rule for rule in catalogue() if rule.id == "SEG001")
    assert told["defaultConfiguration"] == {"level": "error", "rank": 95.0}
    assert told["fullDescription"]["text"] == known.text["Why it matters"]
    for part in ("What to do", "False alarm if"):
        assert known.text[part] in told["help"]["markdown"]
    assert not [rule for rule in rules.values() if not rule["help"]["text"] or "severity" not in rule["properties"]]


def test_a_rule_of_sarif_that_is_known_no_more_is_named() -> None:
    old = Check(rule="OLD001", title="an old rule", database=None, nodes=(), verdict=Answer.PASS, reason=None)
    (told,) = sarif(changed(healthy(), checks=(old,)))["tool"]["driver"]["rules"]  # type: ignore[index]
    assert told["shortDescription"]["text"] == "an old rule"


def test_junit_of_a_healthy_case_has_no_failure() -> None:
    root = parsed(FORMATS["junit"].render(healthy()))
    assert root.get("failures") == "0"
    assert root.get("errors") == "0"


def test_junit_info_is_output_and_not_failure() -> None:
    check = Check(rule="TST001", title="a test", database="k8s-dqlite", nodes=("n1",), verdict=Answer.FAIL, reason=None)
    document = changed(healthy(), checks=(check,), findings=(finding(severity="info", effect="none"),))
    root = parsed(FORMATS["junit"].render(document))
    assert root.get("failures") == "0"
    assert [out.text for out in root.iter("system-out")] == ["something is wrong"]


def test_markdown_has_verdict_nodes_and_findings() -> None:
    document = damaged()
    text = FORMATS["markdown"].render(document)
    assert text.startswith(f"# {document.verdict.level.capitalize()}: ")
    assert "| `n1` | full | voter |" in text
    assert f"`{document.findings[0].evidence[0].path}`" in text


def test_markdown_of_hostile_evidence_holds_no_markup_of_its_own() -> None:
    text = FORMATS["markdown"].render(hostile_report())
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)  # what stands in code spans is text
    outside = re.sub(r"^ {6}.*$", "", outside, flags=re.MULTILINE)  # and so is an indented block
    outside = re.sub(r"^</?details>$|^<summary>[^<]*</summary>$", "", outside, flags=re.MULTILINE)  # our own folds
    assert "<" not in outside
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert hostile.IMAGE in text
    rows = [re.sub(r"\\\|", "", line) for line in text.splitlines() if line.startswith("| ")]
    assert len({row.count("|") for row in rows}) == 1


def test_formats_go_by_suffix_or_name() -> None:
    assert format_for("a/report.HTML").name == "html"
    assert format_for("x.sarif.json").name == "sarif"
    assert format_for("x.json").name == "json"
    assert format_for("x.md").name == "markdown"
    assert format_for("x.xml").name == "junit"
    assert format_for("x.bin", "text").name == "text"
    with pytest.raises(UsageError, match="no format"):
        format_for("x.bin")
