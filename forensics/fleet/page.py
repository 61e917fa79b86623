"""The page of the whole: what the tables say, drawn. No script, nothing from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from forensics.fleet.questions import ASIDE, TOP, Questions
from forensics.report.document import Level
from forensics.report.html import render_page

CASES_SHOWN: Final = 5000
"""Worst first; a page with more is none that anybody reads, and `fleet sql` has all."""
_TOP_SHOWN: Final = 25
_ORDER: Final = tuple(level.value for level in Level)

_CASES: Final = (
    "SELECT c.name, c.key, c.level, c.collected, list(DISTINCT f.kind ORDER BY f.kind) FILTER (f.severity <> 'info') "
    "FROM cases c LEFT JOIN faults f USING (key) WHERE c.state = 'ok' GROUP BY c.name, c.key, c.level, c.collected "
    "ORDER BY list_position(?, c.level), c.collected DESC NULLS LAST, c.name LIMIT ?"
)
_STATES: Final = "SELECT state, count(*) FROM cases GROUP BY state ORDER BY state"
_LEVELS: Final = "SELECT level, count(*) FROM cases WHERE state = 'ok' GROUP BY level"


@dataclass(frozen=True, slots=True)
class Bar:
    """One column or row of a picture: its label, and (level, cases) from the bottom."""

    label: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Cases."""
        return sum(number for _, number in self.parts)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list: name, key, level, moment, kinds of fault above info."""

    name: str
    key: str
    level: str
    collected: str | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows.

    Attributes:
        states: (state, cases). levels: (level, cases), worst first.
        weeks, versions, products: pictures.
        faults, rules: rows of `fleet top`.
        cases: worst first. aside: name, state, try, reason.
    """

    states: tuple[tuple[str, int], ...]
    levels: tuple[tuple[str, int], ...]
    weeks: tuple[Bar, ...]
    versions: tuple[Bar, ...]
    products: tuple[Bar, ...]
    faults: tuple[tuple[Any, ...], ...]
    rules: tuple[tuple[Any, ...], ...]
    cases: tuple[CaseRow, ...]
    aside: tuple[tuple[Any, ...], ...]

    @property
    def keys(self) -> list[str]:
        """Of the reports that are linked, each once."""
        return list(dict.fromkeys(case.key for case in self.cases))


def facts_of(questions: Questions) -> Facts:
    """All that the page needs of the tables."""
    levels = sorted(questions.rows(_LEVELS), key=lambda row: _ORDER.index(row[0]))
    return Facts(
        states=tuple((state, number) for state, number in questions.rows(_STATES)),
        levels=tuple((level, number) for level, number in levels),
        weeks=_bars((week or "no time", level, cases) for week, level, cases in questions.rows(TOP["week"])),
        versions=_bars((f"{snap} {v}", level, n) for snap, v, level, n in questions.rows(TOP["version"])),
        products=_bars(questions.rows(TOP["product"])),
        faults=tuple(questions.rows(TOP["fault"])[:_TOP_SHOWN]),
        rules=tuple(questions.rows(TOP["rule"])[:_TOP_SHOWN]),
        cases=tuple(
            CaseRow(name, key, level, collected, tuple(kinds or ()))
            for name, key, level, collected, kinds in questions.rows(_CASES, (list(_ORDER), CASES_SHOWN))
        ),
        aside=tuple(questions.rows(ASIDE)),
    )


def page(facts: Facts) -> str:
    """The page as HTML."""
    return render_page("fleet.html.j2", facts=facts, shown=CASES_SHOWN, most=_most)


def _bars(rows: Iterable[tuple[Any, ...]]) -> tuple[Bar, ...]:
    """(label, level, cases) → a bar for each label, in the order in which labels come."""
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for label, level, cases in rows:
        held[label][level or "unknown"] = cases
    return tuple(
        Bar(label, tuple((level, parts[level]) for level in _ORDER if level in parts)) for label, parts in held.items()
    )


def _most(bars: Iterable[Bar]) -> int:
    """Cases of the longest."""
    return max((bar.total for bar in bars), default=1)
