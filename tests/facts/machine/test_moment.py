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
from forensics.report.document import Check, Finding
from tests.fixtures import ROOT


def judged(as_of: str | None, kind: str = "tar") -> tuple[list[Finding], Check]:
    """Findings of CERT003, and its check."""
    data = pack(build(load(Path(ROOT / "healthy" / "k8sd"))), kind)
    blob = BytesBlob(f"k8sd.{kind}", data)
    moment = None if as_of is None else datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp()
    with pipeline.take([Source(blob.path, kind, blob.size, blob, "")]) as evidence:
        document = pipeline.analyze(evidence, moment).document
    found = [finding for finding in document.findings if finding.rule == "CERT003"]
    return found, next(check for check in document.checks if check.rule == "CERT003")


@pytest.mark.parametrize(
    ("as_of", "severity", "kind"),
    [
        ("2026-11-21T23:59:59", "high", "CERT003.not-yet-valid"),
        ("2026-11-22T00:00:00", None, None),  # the very first moment is inside
        ("2036-10-22T00:00:00", None, None),  # 31 days before the end
        ("2036-10-24T00:00:00", "low", "CERT003.expires-soon"),
        ("2036-11-22T00:00:00", "low", "CERT003.expires-soon"),  # the very last moment is inside
        ("2036-11-22T00:00:01", "high", "CERT003.expired"),
    ],
)
def test_as_of_is_taken_to_the_second(as_of: str, severity: str | None, kind: str | None) -> None:
    found, _ = judged(as_of)
    assert {finding.severity for finding in found} == ({severity} if severity else set())
    assert {finding.kind for finding in found} == ({kind} if kind else set())
    for finding in found:
        values = finding.values
        assert values["since"] == "2026-11-22T00:00:00+00:00"
        assert values["until"] == "2036-11-22T00:00:00+00:00"
        assert values["judgedAt"] == f"{as_of}+00:00"
        assert values["judgedBy"]["kind"] == "asked"


def test_all_certificates_of_a_database_are_one_finding_with_all_their_places() -> None:
    """One cluster.crt on three nodes, three server.crt, each of them in three truststores: 3 + 3 + 9 places."""
    (found,), _ = judged("2037-01-01T00:00:00")
    assert found.values["files"] == ["cluster.crt", "server.crt"]
    assert found.nodes == ("n1", "n2", "n3")
    assert (found.database, found.effect, found.values["reach"]) == ("k8sd", "broken", "cluster")
    assert found.key == "CERT003.expired|k8sd|n1+n2+n3"
    assert len(found.evidence) == 15


def test_times_that_were_not_kept_decide_nothing() -> None:
    """A zip without dates says 1980 of every file."""
    found, check = judged(None, "zip")
    assert found == []
    assert check.verdict == "not-checked"
    assert [gap.code for gap in check.gaps] == ["time-unknown"]
