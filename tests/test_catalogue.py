"""What a reviewer should not have to check: rules fire and are silent where they say, and explain themselves."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import forensics.rules
from forensics.rules.api import HEADINGS, Rule
from forensics.rules.engine import catalogue
from tests.fixtures import names, report

RULES = catalogue()
IDS = [rule.id for rule in RULES]


def path_of(rule: Rule) -> Path:
    return Path(inspect.getfile(rule.check))


def rule_modules() -> list[str]:
    folder = Path(forensics.rules.__path__[0])
    return [
        "forensics.rules." + ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in sorted(folder.glob("*/*.py"))
        if path.name != "__init__.py"
    ]


@pytest.mark.parametrize("module", rule_modules())
def test_one_rule_a_file(module: str) -> None:
    """A file without a rule, or with two, would be missed by whoever looks for it by name."""
    rules = [value for value in vars(importlib.import_module(module)).values() if isinstance(value, Rule)]
    assert len(rules) == 1


def test_ids_are_unique() -> None:
    """The catalogue is a dictionary by id: a second rule of the same id would vanish silently."""
    assert len(IDS) == len(rule_modules())


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_headings_are_complete(rule: Rule) -> None:
    assert tuple(rule.text) == HEADINGS
    assert all(rule.text.values())


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_references_are_whole(rule: Rule) -> None:
    """They are told apart at semicolons: none may have one inside."""
    assert rule.references
    assert [text for text in rule.references if text.count("(") != text.count(")")] == []


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_file_name_is_id_and_slug(rule: Rule) -> None:
    assert re.fullmatch(rf"{rule.id.lower()}(_[a-z0-9]+)+\.py", path_of(rule).name)
    assert re.fullmatch(r"[A-Z]{2,5}\d{3}", rule.id)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_title_names_the_problem(rule: Rule) -> None:
    assert rule.title == rule.title.strip().rstrip(".")
    assert 10 <= len(rule.title) <= 80


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_names_fixtures(rule: Rule) -> None:
    guide = "docs/contributing/rule.md"
    assert rule.fires_on, f"{rule.id} names no fixture that it fires on: {guide}"
    assert rule.silent_on, f"{rule.id} names no healthy fixture that it is silent on: {guide}"
    unknown = {*rule.fires_on, *rule.silent_on} - {*names()}
    assert not unknown, f"{rule.id} names fixtures that are not there: {', '.join(sorted(unknown))}"


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_nothing_is_left_of_the_template(rule: Rule) -> None:
    path = path_of(rule)
    left = [number for number, line in enumerate(path.read_text().splitlines(), 1) if "TODO" in line]
    assert not left, f"{path.name} has a TODO in lines {', '.join(map(str, left))}: docs/contributing/rule.md"


@pytest.mark.parametrize(
    ("rule", "name"), [(r, n) for r in RULES for n in r.fires_on], ids=lambda v: getattr(v, "id", v)
)
def test_fires(rule: Rule, name: str) -> None:
    assert any(finding.rule == rule.id for finding in report(name).findings)


@pytest.mark.parametrize(
    ("rule", "name"), [(r, n) for r in RULES for n in r.silent_on], ids=lambda v: getattr(v, "id", v)
)
def test_is_silent_because_it_looked(rule: Rule, name: str) -> None:
    """Not because it lacked evidence: at least one subject passed, and none failed."""
    verdicts = {check.verdict for check in report(name).checks if check.rule == rule.id}
    assert "pass" in verdicts
    assert "fail" not in verdicts


def gaps() -> Iterator[tuple[str, ast.Call]]:
    """Every `NotChecked(...)` of a rule, and where."""
    for path in sorted(Path(forensics.rules.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotChecked":
                yield f"{path.name}:{node.lineno}", node


def test_answers_that_are_grouped_have_one_reason() -> None:
    """By code and nodes: a reason made from values is told of the nodes that they are of, and other codes have one."""
    reasons: dict[str, str] = {}
    for where, call in gaps():
        if "engine.py" in where:  # a need's own words, and its name
            continue
        reason, code = map(ast.unparse, call.args[:2])
        if isinstance(call.args[0], ast.Constant | ast.Attribute):
            assert reasons.setdefault(code, reason) == reason, where
        else:
            assert len(call.args) == 3, f"{where}: of which nodes?"
    assert len(reasons) > 30
