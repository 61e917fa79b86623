"""Words are made last: whatever is said, nothing changes but what is said.

Every function that makes words is replaced by one that says something else, with whatever code once cut at, and never
the same twice: nothing can be found by its words again. So are the words of steps and of parsers' anomalies. All
that the report holds beside its words must be what it was: keys, fingerprints, values, severities, the order of
findings, verdict levels, faults, forecasts, rankings, and the nodes, kinds and commands of steps. So must gates, exit
codes, baselines and comparisons be, which are made of it.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

import forensics
from forensics.check.run import document_of
from forensics.evidence import Anomaly
from forensics.plan.steps import Step
from forensics.report import document as doc
from forensics.report.baseline import apply_baseline, fingerprint_of
from forensics.report.formats import FORMATS
from forensics.report.gate import exit_code, gates
from forensics.report.html import prepare
from forensics.report.parts.collect import build_collect
from forensics.report.parts.difference.findings import compare_findings
from forensics.report.parts.missing import what_is_missing
from forensics.rules import engine
from forensics.rules.engine import Judgement, catalogue
from forensics.severity import Severity
from tests.fixtures import fixture, known, names, report
from tests.report.documents import DAMAGED, HEALTHY

EVERY = 16  # of all fixtures: a few dozen
TRAPS = "Said otherwise; but lacks (this: that) (day only). `It` is, by the file time, healthy: n1, n2;"
NUMBERS = count()
WORDS = {"str", "str | None", "tuple[str, ...]", "LossWords", "Words"}
"""What a function of a module of words gives; the others there find facts."""

SAID: dict[type[doc.Part], set[str]] = {
    doc.AsOf: {"source"},
    doc.Candidate: {"obstacle"},
    doc.Case: {"headline"},
    doc.CaseFault: {"cause"},
    doc.CaseLoss: {"what"},
    doc.CaseNode: {"why"},
    doc.CaseQuestion: {"what"},
    doc.CaseStep: {"do", "expect", "stop"},
    doc.Check: {"reason"},
    doc.CheckGap: {"reason"},
    doc.ChoiceLoss: {"amount", "wrote", "where"},
    doc.Collect: {"cannot_tell", "note"},
    doc.CommitIndex: {"why", "unknown"},
    doc.Damage: {"hypothesis"},
    doc.Database: {"losses", "not_checked"},
    doc.DocumentedChoice: {"source"},
    doc.FileTime: {"what"},
    doc.Finding: {"message", "problem", "details", "remediation", "steps"},
    doc.FlippedBit: {"where"},
    doc.Forecast: {"why", "shifted", "assumed", "undefined", "library_reason"},
    doc.Gap: {"subject", "detail"},
    doc.Host: {"collected_by"},
    doc.Lost: {"reason"},
    doc.MembershipChange: {"change", "forced"},
    doc.MemberSource: {"title"},
    doc.Never: {"why"},
    doc.Precondition: {"what"},
    doc.Proof: {"why"},
    doc.Recovery: {"why", "reach", "instead"},
    doc.Run: {"where"},
    doc.Side: {"holds"},
    doc.Step: {"title", "expect", "stop"},
    doc.TermRange: {"how"},
    doc.Verdict: {"summary"},
}
"""The fields that are words, beside those that are called so: all others are data."""


def chosen() -> list[str]:
    """Fixtures of every kind."""
    others = ("cluster/split-brain", "sosreport/yaml-only", "certificate/all-expired-two-databases")
    return sorted({*sorted(names())[::EVERY], DAMAGED, HEALTHY, *others})


def data_of(value: Any) -> Any:
    """The part without its words: of them only whether there are any."""
    if isinstance(value, doc.Part):
        said = {"words", *SAID.get(type(value), ())}
        return {
            name: bool(getattr(value, name)) if name in said else data_of(getattr(value, name))
            for name in value.__struct_fields__
        }
    return [data_of(item) for item in value] if isinstance(value, tuple) else value


def reworded(value: Any) -> Any:
    """Other words, wherever there are any."""
    if isinstance(value, str):
        return f"{TRAPS} {next(NUMBERS)} {value[::-1].upper()}" if value else value
    if isinstance(value, tuple | list):
        return type(value)(reworded(item) for item in value)
    if isinstance(value, doc.Part):
        return replace(value, **{name: reworded(getattr(value, name)) for name in SAID.get(type(value), ())})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: reworded(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


def rewording(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, in other words."""

    @wraps(function)
    def other(*arguments: Any, **named: Any) -> Any:
        return reworded(function(*arguments, **named))

    return other


def saying_otherwise(make: Callable[..., None], said: set[str]) -> Callable[..., None]:
    """The `__init__` of a dataclass, with other words in these fields."""

    @wraps(make)
    def init(*arguments: Any, **named: Any) -> None:
        given = inspect.signature(make).bind(*arguments, **named).arguments
        make(**{name: reworded(value) if name in said else value for name, value in given.items()})

    return init


def modules() -> dict[str, ModuleType]:
    """All of ours, by name."""
    return {name: module for name, module in sys.modules.items() if name.startswith("forensics.")}


def load_all() -> None:
    """Import all modules and fill what is kept: made later, it keeps the other words for the tests that follow."""
    for module in pkgutil.walk_packages(forensics.__path__, "forensics."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    catalogue()
    prepare()


def word_makers() -> Iterator[Callable[..., Any]]:
    """Every function of a module of words that gives words."""
    for name, module in modules().items():
        for value in vars(module).values() if "words" in name else ():
            own = inspect.isfunction(value) and value.__module__ == name
            if own and value.__annotations__.get("return") in WORDS:
                yield value


def other_gaps(judge: Callable[..., Judgement]) -> Callable[..., Judgement]:
    """The judgement, with other reasons."""

    @wraps(judge)
    def judged(*arguments: Any) -> Judgement:
        judgement = judge(*arguments)
        gaps = (dataclasses.replace(gap, reason=reworded(gap.reason)) for gap in judgement.gaps)
        return dataclasses.replace(judgement, gaps=tuple(gaps))

    return judged


@pytest.fixture
def before(name: str) -> doc.Document:
    """The report as it is."""
    return report(name)


@pytest.fixture
def after(name: str, before: doc.Document, monkeypatch: pytest.MonkeyPatch) -> doc.Document:  # noqa: ARG001 - first
    """The report, where every maker of words says something else, wherever it is called."""
    load_all()
    makers: list[Callable[..., Any]] = [*word_makers(), engine.words_of, what_is_missing, build_collect]
    assert len(makers) > 40
    for kind, said in ((Step, SAID[doc.Step]), (Anomaly, {"detail"})):
        monkeypatch.setattr(kind, "__init__", saying_otherwise(kind.__init__, said))
    others = {maker: rewording(maker) for maker in makers} | {engine._judge: other_gaps(engine._judge)}
    for module in modules().values():
        for key, value in list(vars(module).items()):
            if inspect.isfunction(value) and value in others:
                monkeypatch.setattr(module, key, others[value])
    return document_of(fixture(name))


@pytest.mark.parametrize("name", chosen())
def test_nothing_depends_on_words(before: doc.Document, after: doc.Document) -> None:
    assert all(said.startswith(TRAPS) for said in _said(after))
    assert list(_differing(data_of(before), data_of(after))) == []
    for fail_on in (*Severity, "never"):
        assert exit_code(after, fail_on) == exit_code(before, fail_on)
    _baselines_agree(before, after)
    found = compare_findings((before, after), [])
    assert (found.gone, found.new) == ((), ())
    for format_ in FORMATS.values():
        assert format_.render(after)


def _differing(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two values are not the same."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differing(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, items in enumerate(zip(one, other, strict=True)):
            yield from _differing(*items, f"{path}[{number}]")
    elif one != other:
        yield f"{path}: {one}, then {other}"


def _said(document: doc.Document) -> Iterator[str]:
    """What is said of findings, of what is missing, and in plans."""
    for finding in document.findings:
        yield from (finding.problem, *finding.details, *filter(None, [finding.remediation]))
    for check in document.checks:
        yield from (gap.reason for gap in check.gaps)
    yield from (gap.detail for gap in document.missing)
    yield from (want.note for want in document.collect)
    for plan in filter(None, (cluster.recovery for cluster in document.clusters)):
        yield from (step.title for step in plan.steps)


def _baselines_agree(before: doc.Document, after: doc.Document) -> None:
    """Each as the other's baseline knows it whole."""
    for document, baseline in ((before, after), (after, before)):
        marked = apply_baseline(document, baseline)
        assert {finding.baseline for finding in marked.findings} <= {doc.Known.KNOWN}
        assert known(marked.baseline).gone == ()
        assert not gates(marked, "info")
    assert [fingerprint_of(one) for one in before.findings] == [fingerprint_of(one) for one in after.findings]
