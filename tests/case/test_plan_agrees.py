"""The plan and the case say the same: they come from one decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.case.answer import Course
from forensics.check.build import build, write
from forensics.cli import main
from forensics.plan.start import StartAdvice
from forensics.plan.steps import StepKind
from tests.fixtures import fixture, known, names, report

UNFORCED = {Course.NOTHING, Course.REJOIN, Course.MEND}
COPIES = [name for name in names() if name.startswith(("cluster/", "segment/", "metadata/", "snapshot/"))]


@pytest.mark.parametrize("name", COPIES)
def test_starting_is_advised_where_nothing_has_to_be_recovered(name: str) -> None:
    """And nowhere else: neither speaks of a start that the other does not."""
    for cluster in report(name).clusters:
        plan = cluster.recovery
        if plan is not None:
            assert (plan.start_advice == StartAdvice.SAFE) == (plan.course in UNFORCED)


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("cluster/two-flipped-bits", "ONLY IF NO MAJORITY CAN BE STARTED: RECOVER FROM n1"),  # rejoin
        ("cluster/three-flipped-bits", "ONLY IF NO MAJORITY CAN BE STARTED: RECOVER FROM n1"),  # repair
        ("cluster/split-brain", "ONLY ONCE THAT IS SETTLED: RECOVER FROM n1"),  # choose
    ],
)
def test_the_plan_begins_with_the_first_steps(
    name: str, headline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same ones as in the report, before anything of a forced recovery."""
    write(build(fixture(name)), tmp_path / "upload")
    assert main(["plan", "--format", "json", str(tmp_path / "upload")]) == 0
    [plan] = json.loads(capsys.readouterr().out)
    first = known(report(name).case).first
    assert [(step["kind"], step["do"], step["commands"]) for step in plan["first"]] == [
        (step.kind, step.do, list(step.commands)) for step in first
    ]
    assert main(["plan", str(tmp_path / "upload")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.index(f"1. {first[0].do}") < told.index(headline)


def test_what_is_given_up_is_written_out_before_anything_is_forced() -> None:
    """split-brain: n1 would give up what n2 wrote from 86 on."""
    plan = known(report("cluster/split-brain").clusters[0].recovery)
    kinds = [step.kind for step in plan.steps]
    assert kinds.index(StepKind.EXPORT) < kinds.index(StepKind.FORCE)
