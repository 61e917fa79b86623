"""`python -m tests.browser.look [TOPIC or FIXTURE...]` (`make look`): the page's size and speed, and its barriers."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from forensics.check.run import analysed
from tests.browser.pages import written
from tests.chromium import Chromium
from tests.fixtures import fixture, names
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
    """Print the table, then what stands in a reader's way as it is met; 1 where anything does."""
    chosen = [name for name in names() if not wanted or name in wanted or name.partition("/")[0] in wanted]
    number = 0
    with tempfile.TemporaryDirectory() as folder, Chromium() as chromium:
        path = Path(folder) / "report.html"
        written(path.parent, large_report(damaged()))
        _say(f"{_table(speed_of(chromium, path))}\n")
        for name in chosen:
            written(path.parent, analysed(fixture(name), lambda analysis: analysis.document))
            for words in barriers_of(chromium, path):
                number += 1
                _say(f"{name} {words}")
    _say(f"{len(chosen)} fixtures at {WIDTHS} px, light and dark, folded and unfolded: {number} barriers")
    return int(bool(number))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def barriers_of(chromium: Chromium, path: Path) -> Iterator[str]:
    """As it comes at each width; then with everything unfolded, what does not fit or has too little contrast."""
    chromium.open(path, width=WIDTHS[0])
    for width in WIDTHS:
        chromium.resize(width)
        yield from (f"at {width} px: {words}" for words in chromium.barriers())
    chromium.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width, scheme in [*((width, "light") for width in WIDTHS), (WIDTHS[1], "dark")]:
        chromium.resize(width, scheme=scheme)
        yield from (f"at {width} px, unfolded, {scheme}: {words}" for words in chromium.barriers(rules=False))


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
