"""What every rule answered, as a reader wants it: counted, and grouped by what was missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from forensics.report.document import Check, Document
from forensics.severity import Answer

_ALARMING_FIRST = {
    Answer.BROKEN: "broken",
    Answer.FAIL: "with findings",
    Answer.NOT_CHECKED: "not checked",
    Answer.PASS: "passed",
}


@dataclass(slots=True)
class Unchecked:
    """A rule that could not tell, of so many nodes of a database."""

    rule: str
    title: str
    database: str | None
    nodes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Passed:
    """A rule that found nothing, and the databases that it looked at."""

    rule: str
    title: str
    where: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answers:
    """What every rule answered, as a reader wants it."""

    broken: list[Check]
    fail: list[Check]
    unchecked: list[tuple[str, list[Unchecked]]]  # reason and rules, the reason of most rules first
    passed: list[Passed]


def answers_of(report: Document) -> Answers:
    """What failed one by one, what was not checked by its reason, passes by rule."""
    by_answer: dict[Answer, list[Check]] = {answer: [] for answer in Answer}
    for check in report.checks:
        by_answer[check.verdict].append(check)
    return Answers(
        by_answer[Answer.BROKEN],
        by_answer[Answer.FAIL],
        _by_gaps(by_answer[Answer.NOT_CHECKED]),
        _by_rule(by_answer[Answer.PASS]),
    )


def _by_gaps(checks: Iterable[Check]) -> list[tuple[str, list[Unchecked]]]:
    """Rules that lack the same things of the same nodes are one row. Version 1 has no codes: a row a rule."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[Check]] = {}
    for check in checks:
        lacking = tuple((gap.code, gap.nodes) for gap in check.gaps) or ((check.rule, ()),)
        groups.setdefault(lacking, []).append(check)
    found = [(group[0].reason or "no reason was given", _unchecked(group)) for group in groups.values()]
    return sorted(found, key=lambda pair: -len(pair[1]))


def _unchecked(checks: Iterable[Check]) -> list[Unchecked]:
    rows: dict[tuple[str, str | None], Unchecked] = {}
    for check in checks:
        row = rows.setdefault((check.rule, check.database), Unchecked(check.rule, check.title, check.database))
        row.nodes.extend(check.nodes)
    return list(rows.values())


def _by_rule(checks: Iterable[Check]) -> list[Passed]:
    passes: dict[str, Passed] = {}
    for check in checks:
        row = passes.setdefault(check.rule, Passed(check.rule, check.title))
        where = check.database or "the case"
        row.where += [] if where in row.where else [where]
    return list(passes.values())


def check_counts(report: Document) -> list[tuple[str, int]]:
    """(the answer in words, how many of it), the alarming ones first."""
    answers = [check.verdict for check in report.checks]
    return [(words, answers.count(answer)) for answer, words in _ALARMING_FIRST.items() if answer in answers]
