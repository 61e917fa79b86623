"""`python -m tests.browser.look [FIXTURE...]` (`make look`): the page's size, speed and barriers, as a table."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.browser.pages import written
from tests.chromium import Chromium
from tests.fixtures import names, report
from tests.report.documents import damaged
from tests.report.large import large_report

WIDTHS = (390, 1280, 1920)


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds since the page was asked for; `told` is what the page says of one filter."""

    megabytes: float
    elements: int
    first_paint_ms: float
    usable_ms: float
    filter_ms: float
    told: str


def speed_of(chromium: Chromium, path: Path) -> Speed:
    """Open a page with packed findings, wait until all can be searched, and filter once."""
    chromium.open(path)
    chromium.page.wait_for_function("performance.getEntriesByType('paint').length > 0")
    paint = chromium.value("performance.getEntriesByType('paint')[0].startTime")
    usable = chromium.value("performance.getEntriesByType('navigation')[0].loadEventEnd")
    chromium.page.wait_for_function(
        "document.querySelector('#next') === null || document.querySelector('#next').textContent"
    )
    filtered, told = chromium.value(
        "(() => { const box = document.getElementById('filter'); const then = performance.now();"
        " box.value = 'node-017'; box.dispatchEvent(new Event('input')); document.body.offsetHeight;"
        " return [performance.now() - then, document.getElementById('filtered').textContent]; })()"
    )
    elements = chromium.value("document.querySelectorAll('*').length")
    return Speed(path.stat().st_size / 1e6, elements, paint, usable, filtered, told)


def main(wanted: Sequence[str]) -> int:
    """Print both tables; 1 where something serious or critical stands in a reader's way."""
    with tempfile.TemporaryDirectory() as folder, Chromium() as chromium:
        path = Path(folder) / "report.html"
        written(path.parent, large_report(damaged()))
        sys.stdout.write(f"{_table(speed_of(chromium, path))}\n\n")
        found = [line for name in wanted or names() for line in _barriers(chromium, path, name)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    number = len(wanted or names())
    sys.stdout.write(f"{number} fixtures at {WIDTHS} px: axe-core finds {len(found)} serious or critical violations\n")
    return int(bool(found))


def _table(found: Speed) -> str:
    return "\n".join(
        (
            "| 200 nodes, 10,000 findings | asked | measured |",
            "|---|---|---|",
            f"| page | below 6 MB | {found.megabytes:.1f} MB, {found.elements} elements |",
            f"| first paint | below 1 s | {found.first_paint_ms / 1000:.2f} s |",
            f"| usable | below 2 s | {found.usable_ms / 1000:.2f} s |",
            f"| a filter | below 200 ms | {found.filter_ms:.0f} ms |",
        )
    )


def _barriers(chromium: Chromium, path: Path, name: str) -> Iterator[str]:
    written(path.parent, report(name))
    for width in WIDTHS:
        chromium.open(path, width=width)
        yield from (f"{name} at {width} px: {words}" for words in chromium.barriers())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
