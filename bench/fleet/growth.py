"""How a store grows, calculated from one that was measured."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fleet.parquet import compact, parts_of
from forensics.fleet.questions import asking
from forensics.fleet.store import Store
from forensics.wording import size

_MILLION = 1_000_000
_CORES = 64


def growth(store: Store) -> str:
    """Rows, bytes and seconds of 1,000 cases as measured, and of a million as they follow, as a table."""
    compact(store, whole=True)
    return "\n".join(("| of | 1,000 cases, measured | 1,000,000 cases, calculated |", "|---|---|---|", *_lines(store)))


def _lines(store: Store) -> Iterator[str]:
    parts = parts_of(store)
    with asking(store) as questions:
        ((cases, cpu, seconds),) = questions.rows("SELECT count(*), sum(cpu), sum(seconds) FROM cases")
    rows = sum(part.rows for listed in parts.values() for part in listed)
    held = sum(part.size for listed in parts.values() for part in listed)
    reports = sum(len(store.get("reports", name) or b"") for name in store.names("reports"))
    yield f"| rows of all tables | {rows * 1000 / cases:,.0f} | {rows * _MILLION / cases:,.0f} |"
    yield f"| tables, compacted | {size(int(held * 1000 / cases))} | {size(int(held * _MILLION / cases))} |"
    yield f"| reports, packed | {size(int(reports * 1000 / cases))} | {size(int(reports * _MILLION / cases))} |"
    each = cpu / cases
    whole = each * _MILLION / 3600
    yield f"| processor of children | {each * 1000:,.0f} s | {whole:,.0f} h: {whole / _CORES:.1f} h on {_CORES} cores |"
    waited = seconds / cases
    yield f"| one worker, all waiting included | {waited * 1000:,.0f} s | {waited * _MILLION / 3600:,.0f} h |"
