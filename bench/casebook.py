"""The score over real incidents: `python -m bench.casebook [FOLDER]`.

Each fixture of fixtures/casebook is one incident in the layout that its user would have uploaded, with `[case]`:

| key | meaning |
|---|---|
| `url`, `class` | the public thread, and its symptom class |
| `evidence` | `listing` (a listing or YAML arrived), `error` (only an error text) |
| `detectable` | `yes` or `partly`: the collector's own judgement |
| `right` | rules of the right cause (`SNAP`: all that begin so); a hit is one of them among the first two findings |
| `quiet` | instead: nothing is wrong in the directory; anything at medium or above is a false alarm |
| `made` | what was added from the thread's own description, where its excerpt cuts the evidence short |

Prints hits and misses by class, false alarms, and exits 1 where a group is below 95 %.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.check.manifest import Fixture, find, load
from forensics.check.run import document_of
from forensics.report.document import Document

_ALARMS = ("critical", "high", "medium")
_REACH = 0.95


@dataclass(frozen=True, slots=True)
class Outcome:
    """One incident.

    Attributes:
        group: `listing`, `error`, or `quiet`; with ` (partly)` where the evidence can only hint.
        good: hit, or quiet.
        said: the first two findings.
    """

    name: str
    group: str
    symptom: str
    good: bool
    said: tuple[str, ...]


def score(fixtures: Iterable[Fixture]) -> list[Outcome]:
    """Every incident's outcome, by name."""
    return [_outcome(fixture, document_of(fixture)) for fixture in fixtures if fixture.case]


def table(outcomes: list[Outcome], neither: int) -> str:
    """The score by group and class, then what was missed."""
    groups = sorted({outcome.group for outcome in outcomes})
    lines = [
        line for group in groups for line in _scores(group, [outcome for outcome in outcomes if outcome.group == group])
    ]
    lines.append(f"neither listing, YAML nor error text: {neither} incidents, nothing to judge")
    lines += [_missed(outcome) for outcome in outcomes if not outcome.good]
    return "\n".join(lines)


def _scores(group: str, outcomes: list[Outcome]) -> Iterator[str]:
    """A group's score, then that of each of its classes."""
    good = sum(outcome.good for outcome in outcomes)
    yield f"{group}: {good} of {len(outcomes)} ({good / len(outcomes):.0%})"
    for symptom in sorted({outcome.symptom for outcome in outcomes}):
        those = [outcome.good for outcome in outcomes if outcome.symptom == symptom]
        yield f"  {sum(those):2} of {len(those):2}  {symptom}"


def _missed(outcome: Outcome) -> str:
    word = "false alarm" if outcome.group.startswith("quiet") else "missed"
    return f"{word}: {outcome.name} [{outcome.symptom}] said: {'; '.join(outcome.said) or 'nothing'}"


def reached(outcomes: list[Outcome]) -> bool:
    """95 % of each group of detectable incidents, and no false alarm."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.group].append(outcome.good)
    rates = {group: sum(good) / len(good) for group, good in groups.items() if "partly" not in group}
    return all(rate >= (1 if group == "quiet" else _REACH) for group, rate in rates.items())


def _outcome(fixture: Fixture, document: Document) -> Outcome:
    case = fixture.case
    findings = document.findings
    said = tuple(f"{finding.severity} {finding.rule} {finding.message[:90]}" for finding in findings[:2])
    if case.get("quiet"):
        good = not any(finding.severity in _ALARMS for finding in findings)
        return Outcome(fixture.name, "quiet", case["class"], good, said)
    group = case["evidence"] + (" (partly)" if case.get("detectable") != "yes" else "")
    good = any(finding.rule.startswith(tuple(case["right"])) for finding in findings[:2])
    return Outcome(fixture.name, group, case["class"], good, said)


def main(arguments: list[str]) -> int:
    """Print the table; 1 where it is not good enough."""
    folder = arguments[0] if arguments else "fixtures/casebook"
    outcomes = score([load(path) for path in find([folder])])
    count = Path(folder) / "NEITHER"
    neither = len(count.read_text().split()) if count.is_file() else 0
    sys.stdout.write(table(outcomes, neither) + "\n")
    return 0 if outcomes and reached(outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
