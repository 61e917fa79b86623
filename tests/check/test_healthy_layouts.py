"""A healthy cluster in every layout and packing that it arrives in: nothing at medium or above, and no broken rule."""

from __future__ import annotations

import pytest

from forensics.check.manifest import Expect, Fixture, Part
from forensics.check.run import document_of
from tests.fixtures import ROOT

LAYOUTS = [("k8sd", "k8sd"), ("k8sd", "lxd"), ("healthy", "microk8s"), ("healthy", "k8s-dqlite"), ("steady", "plain")]
ARRIVALS = [("tar", ""), ("zip", ""), ("directory", ""), ("tar.gz", "sosreport-plugins"), ("tar", "sos-collect")]


# Collectors take products' directories only.
CASES = [(*one, *way) for one in LAYOUTS for way in ARRIVALS if one[1] != "plain" or not way[1]]


@pytest.mark.parametrize(("base", "layout", "pack", "wrap"), CASES)
def test_nothing_at_medium_or_above(base: str, layout: str, pack: str, wrap: str) -> None:
    part = Part(based_on=base, layout=layout)
    fixture = Fixture("healthy/it", ROOT / "healthy" / "k8sd", "", "", "", Expect(), (part,), pack=pack, wrap=wrap)

    document = document_of(fixture)

    told = [finding for finding in document.findings if finding.severity in ("critical", "high", "medium")]
    assert told == []
    assert [check for check in document.checks if check.verdict == "broken"] == []
    assert document.clusters
