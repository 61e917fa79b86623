"""Refusals in the document: each told, but a hostile archive of a million of them does not fill the report."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Case
from forensics.ingest.files import Refusal
from forensics.limits import REFUSALS_PER_CODE_MAX
from forensics.report.parts import Context
from forensics.report.parts.evidence import build_refusals
from forensics.report.parts.missing import what_is_missing

MANY = REFUSALS_PER_CODE_MAX + 23


def context(*refusals: Refusal) -> Context:
    return Context(Case(), [], [], {}, list(refusals))


def test_few_are_told_one_by_one() -> None:
    told = build_refusals(context(Refusal("a/../b", "name-parent", "x"), Refusal("c", "device", "y", harmless=True)))
    assert [(refusal.path, refusal.harmless) for refusal in told] == [("a/../b", False), ("c", True)]


def test_many_of_one_kind_are_counted() -> None:
    many = [Refusal(f"{n}/../x", "name-parent", "x") for n in range(MANY)]
    told = build_refusals(context(*many, Refusal("n1/open-1", "archive-damaged", "z")))
    assert len(told) == REFUSALS_PER_CODE_MAX + 2
    assert [told[-2].path, told[-2].detail] == ["others", "23 more for this reason"]
    assert told[-1].path == "n1/open-1"
    missing = [line.subject for line in what_is_missing(context(*many)) if line.kind == "refused"]
    assert missing[-1] == "others"
