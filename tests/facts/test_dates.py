"""The moment that certificates are judged at: as asked, of the collection, of the files; and what it makes of them.

The certificates of the fixtures begin on 2026-11-22 and end ten years later (forensics/check/pki.py).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics import pipeline
from forensics.check.build import build, pack
from forensics.check.manifest import load
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.report.document import Document
from tests.fixtures import ROOT


def judged(as_of: str | None, kind: str = "tar") -> tuple[list[tuple[str, str]], Document]:
    """Severity and message of CERT003, and its check."""
    data = pack(build(load(Path(ROOT / "healthy" / "k8sd"))), kind)
    blob = BytesBlob(f"k8sd.{kind}", data)
    moment = None if as_of is None else datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp()
    with pipeline.Evidence() as evidence:
        pipeline.take(evidence, [Source(blob.path, kind, blob.size, blob, "")])
        document = pipeline.analyze(evidence, moment).document
    found = [(f["severity"], f["message"]) for f in document["findings"] if f["rule"] == "CERT003"]
    return found, next(check for check in document["checks"] if check["rule"] == "CERT003")


@pytest.mark.parametrize(
    ("as_of", "severity", "says"),
    [
        ("2026-11-21T23:59:59", "high", "is valid from 2026-11-22 00:00 UTC on, after 2026-11-21 23:59 UTC, --as-of"),
        ("2026-11-22T00:00:00", None, ""),  # the very first moment is inside
        ("2036-10-22T00:00:00", None, ""),  # 31 days before the end
        ("2036-10-24T00:00:00", "low", "expires on 2036-11-22, within 30 days of 2036-10-24 00:00 UTC, --as-of"),
        ("2036-11-22T00:00:00", "low", "expires on 2036-11-22"),  # the very last moment is inside
        ("2036-11-22T00:00:01", "high", "expired on 2036-11-22 00:00 UTC, before 2036-11-22 00:00 UTC, --as-of"),
    ],
)
def test_as_of_is_taken_to_the_second(as_of: str, severity: str | None, says: str) -> None:
    found, _ = judged(as_of)
    assert {level for level, _ in found} == ({severity} if severity else set())
    assert all(says in message for _, message in found)


def test_each_certificate_is_told_once_with_all_its_places() -> None:
    """One cluster.crt on three nodes, three server.crt, each of them in three truststores."""
    found, _ = judged("2037-01-01T00:00:00")
    files = sorted(message.partition(" expired")[0] for _, message in found)
    assert files == ["cluster.crt", *(f"server.crt, truststore/control-{number}.yaml" for number in (1, 2, 3))]


def test_times_that_were_not_kept_decide_nothing() -> None:
    """A zip without dates says 1980 of every file."""
    found, check = judged(None, "zip")
    assert found == []
    assert check["verdict"] == "not-checked"
    assert "nothing in the evidence tells the time" in check["reason"]
