"""The score over incidents that nobody has looked at: `python -m bench.sealed [--open]`.

Each folder of fixtures/casebook/sealed is one public thread: what somebody pasted, word for word, and `incident.toml`,
written from the thread alone before anything was run.

| key | meaning |
|---|---|
| `url`, `date`, `title` | the thread |
| `product`, `component`, `from` | what the text is of |
| `kinds`, `also` | the causes that are right, and those that are right as a second answer |
| `healthy`, `foreign` | nothing is wrong, or the text is of that other product |
| `over` | the text itself shows that it is over |
| `excerpt`, `near` | the search cut the thread; a thread of the casebook has the same message |
| `answer` | the cause in one sentence |

A hit is a right kind among the first two findings; a false alarm is any finding at medium or above where nothing is
wrong. The sealed ones are scored at most three times, and each result is written into docs/casebook.md; what was
missed is not mended by name. `--open` scores those of fixtures/casebook/unsealed instead, as often as one likes.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics import pipeline
from forensics.report.document import Finding

_ROOT = Path(__file__).parents[1]
_FOLDERS = {True: _ROOT / "fixtures/casebook/unsealed", False: _ROOT / "fixtures/casebook/sealed"}
_PAGE = _ROOT / "docs/casebook.md"
_ALARMS = ("critical", "high", "medium")
_LOOKED_AT = 2
SCORINGS_MAX = 3  # in the whole work: who looks more often learns the answers

# Which rules say so. A rule stands with every kind that its findings tell.
RULES: dict[str, tuple[str, ...]] = {
    "no-leader": ("JRN030",),
    "no-quorum": ("JRN030", "JRN058"),
    "connection-refused": ("JRN064", "JRN037"),
    "unreachable": ("JRN064", "JRN037"),
    "deadline": ("JRN036",),
    "certificate": ("JRN032", "JRN053", "JRN033"),
    "disk-full": ("JRN010",),
    "locked": ("JRN012",),
    "version-mismatch": ("JRN025", "JRN028", "JRN031", "MBR033"),
    "schema-mismatch": ("JRN025", "JRN028", "JRN031", "JRN063", "MBR033"),
    "wrong-address": ("JRN022", "JRN026"),
    "unknown-member": ("JRN027", "JRN060"),
    "duplicate-member": ("JRN024",),
    "malformed-file": ("JRN007", "JRN015", "JRN021", "JRN033", "JRN065"),
    "checksum": ("JRN003", "JRN006"),
    "missing-file": ("JRN057", "JRN065", "JRN017"),
    "assertion": ("JRN008", "JRN009"),
    "panic": ("JRN008",),
    "killed": ("JRN008", "JRN013"),
    "out-of-memory": ("JRN013",),
    "name-resolution": ("JRN055",),
    "permission": ("JRN038", "JRN054"),
    "read-only": ("JRN011",),
    "slow-disk": ("JRN036", "JRN059"),
    "snapshot-gap": ("JRN001", "JRN004"),
    "term/vote/metadata": ("JRN007",),
    "configuration": ("JRN020", "JRN043", "JRN058", "JRN061", "JRN065"),
    "datastore-full": ("JRN009",),
    "port-in-use": ("JRN012",),
    "token-invalid": ("JRN044",),
    "not-initialised": ("JRN034",),
    "busy": ("JRN036",),
    "watch-lag": ("JRN036",),
    "cut": ("JRN005", "JRN066"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One incident: `faulty` or `quiet`, hit or not, and what was said first."""

    name: str
    faulty: bool
    good: bool
    wanted: str
    said: str


def main(arguments: list[str] | None = None) -> int:
    """Print the score; 1 where it is below what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.sealed", description="Score incidents nobody looked at.")
    parser.add_argument("--open", action="store_true", help="those that are not sealed")
    chosen = parser.parse_args(arguments)
    if not chosen.open and _times_scored() >= SCORINGS_MAX:
        print(f"the sealed incidents were scored {SCORINGS_MAX} times: {_PAGE.name} has the results")
        return 2
    outcomes = list(score(_FOLDERS[chosen.open]))
    faulty = [one for one in outcomes if one.faulty]
    quiet = [one for one in outcomes if not one.faulty]
    hits, alarms = sum(one.good for one in faulty), sum(not one.good for one in quiet)
    total = f"{hits} of {len(faulty)} faulty ones are right, {alarms} of {len(quiet)} others are false alarms"
    misses = [f"{one.name}: wanted {one.wanted}; said {one.said}" for one in outcomes if not one.good]
    print(total, *misses, sep="\n")
    if not chosen.open:
        with _PAGE.open("a", encoding="utf-8") as page:
            page.write(f"\n## {datetime.now(UTC):%Y-%m-%d}\n\n{total}.\n\n")
            page.writelines(f"- {line}\n" for line in misses)
    return 0 if hits >= 0.75 * len(faulty) and alarms <= 1 else 1


def _times_scored() -> int:
    return sum(line.startswith("## ") for line in _PAGE.read_text(encoding="utf-8").splitlines())


def score(folder: Path) -> Iterator[Outcome]:
    """Every incident of a folder, by name."""
    for place in sorted(path.parent for path in folder.glob("*/incident.toml")):
        told = tomllib.loads((place / "incident.toml").read_text(encoding="utf-8"))
        yield _outcome(place, told)


def _outcome(place: Path, told: dict[str, Any]) -> Outcome:
    texts = [str(path) for path in sorted(place.iterdir()) if path.name != "incident.toml"]
    with pipeline.ingest(texts) as evidence:
        findings = pipeline.analyze(evidence).document.findings
    quiet = bool(told.get("healthy") or told.get("foreign"))
    first = ", ".join(f"{one.severity} {one.rule}" for one in findings[:_LOOKED_AT]) or "nothing"
    if quiet:
        alarms = [one for one in findings if one.severity in _ALARMS]
        wanted = str(told.get("foreign") or "healthy")
        return Outcome(place.name, faulty=False, good=not alarms, wanted=wanted, said=first)
    kinds = [*told.get("kinds", ()), *told.get("also", ())]
    good = any(_says(finding, kind) for finding in findings[:_LOOKED_AT] for kind in kinds)
    return Outcome(place.name, faulty=True, good=good, wanted=", ".join(kinds), said=first)


def _says(finding: Finding, kind: str) -> bool:
    return finding.rule in RULES.get(kind, ())


if __name__ == "__main__":
    sys.exit(main())
