"""Make the goldens anew: `python -m tests.report.refresh_golden`, and then read the diff."""

from __future__ import annotations

from pathlib import Path

from forensics.report.formats import FORMATS
from forensics.report.stored import read_report
from tests.fixtures import report

GOLDEN = Path(__file__).parent / "golden"
FIXTURES = ("healthy/single-111", "segment/flipped-bit-last", "microcluster/other-address")
SUFFIXES = {name: format_.suffixes[0] for name, format_ in FORMATS.items() if name not in ("html", "json")}
COMMAND = "python -m tests.report.refresh_golden"


def path_of(name: str, suffix: str) -> Path:
    """Where a fixture's golden lies."""
    return GOLDEN / f"{name.replace('/', '-')}{suffix}"


def refresh() -> None:
    """The document of each fixture, and its renderings."""
    GOLDEN.mkdir(exist_ok=True)
    for name in FIXTURES:
        path_of(name, ".json").write_text(FORMATS["json"].render(report(name)), encoding="utf-8")
        document = read_report(str(path_of(name, ".json")))
        for format_, suffix in SUFFIXES.items():
            path_of(name, suffix).write_text(FORMATS[format_].render(document), encoding="utf-8")


if __name__ == "__main__":
    refresh()
