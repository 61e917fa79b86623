"""One seed: damage, report, and everything that is wrong with it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from forensics import pipeline
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from tests.held import answers, soundness
from tests.held.damage import Damaged, damaged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of one damaged recording, and what of it is wrong."""

    title: str
    headline: str
    states: str
    wrong: tuple[str, ...]


def held(seed: str) -> Outcome:
    """The outcome of one seed."""
    made = damaged(seed)
    try:
        return _held(made)
    except Exception as error:  # noqa: BLE001 - a report that cannot be made is a failure like any other
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(made.title, "", "", (f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})",))


def _held(made: Damaged) -> Outcome:
    blob = BytesBlob("held.tar", made.input())
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        analysis = pipeline.analyze(evidence)
        document = analysis.document
        wrong = [
            *answers.violations(document),
            *answers.violations_of_starts(analysis.case, document),
            *soundness.violations(made, analysis.case, document),
        ]
    case = document.case
    if case is None:
        return Outcome(made.title, "", "", ("there is no case",))
    told = ", ".join(f"{one.node} {one.state} ({one.reason})" for one in case.nodes)
    courses = ", ".join(f"{one.database}: {one.course}" for one in case.recover_from)
    return Outcome(made.title, case.headline, f"{told}; {courses}", tuple(wrong))
