"""The README's picture: `python -m tests.browser.picture` writes docs/report-light.png from a fixture."""

from __future__ import annotations

import tempfile
from pathlib import Path

from forensics.report.formats import FORMATS
from tests.chromium import Chromium
from tests.fixtures import report

FIXTURE = "sosreport/flipped-bit"
TARGET = Path(__file__).resolve().parents[2] / "docs" / "report-light.png"
WIDTH, HEIGHT = 1160, 985


def main() -> None:
    """The first screen, light."""
    with tempfile.TemporaryDirectory() as private, Chromium() as browser:
        page = Path(private) / "report.html"
        page.write_text(FORMATS["html"].render(report(FIXTURE)), encoding="utf-8")
        browser.open(page, width=WIDTH, height=HEIGHT)
        TARGET.write_bytes(browser.screenshot())


if __name__ == "__main__":
    main()
