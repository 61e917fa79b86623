"""Decoding ahead gives what decoding when asked for gives, from archives and from directories."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from forensics.pipeline import analyze, ingest
from forensics.report.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
BASES = ROOT / "fixtures" / "bases"


@pytest.mark.parametrize("base", ["p118", "s111"])
@pytest.mark.parametrize("unpacked", [True, False])
def test_the_report_does_not_depend_on_threads(base: str, unpacked: bool, tmp_path: Path) -> None:
    source = BASES / f"{base}.tar.xz"
    if unpacked:
        with tarfile.open(source) as archive:
            archive.extractall(tmp_path, filter="data")
        source = tmp_path / base
    assert_same_report(source)


def test_the_logs_of_a_report_do_not_depend_on_threads() -> None:
    assert_same_report(ROOT / "fixtures" / "sosreport" / "real-microk8s" / "report.tar.xz")


def assert_same_report(source: Path) -> None:
    documents = []
    for jobs in (0, 1, 3):
        with ingest([str(source)], jobs) as evidence:
            documents.append(FORMATS["json"].render(analyze(evidence).document))
    assert documents[0] == documents[1] == documents[2]
