"""The plan, the divergences and the members on the page and on the terminal, on every cluster fixture."""

from __future__ import annotations

import pytest

from forensics.report.html import render_html
from tests.fixtures import known, names, report

CLUSTERS = [name for name in names() if name.startswith("cluster/")]


@pytest.mark.parametrize("name", CLUSTERS)
def test_page(name: str) -> None:
    """Renders; and shows what the document has."""
    document = report(name)
    page = render_html(document)
    for cluster in document.clusters:
        for divergence in cluster.divergences:
            for side in divergence.sides:
                assert all(key in page for key in side.written.keys)
        for source in known(cluster.member_matrix).sources:
            assert source.title in page
        assert cluster.recovery is not None
        best = cluster.recovery.ranking[0]
        heading = "ecover from"  # or: only if
        if best.obstacle:
            heading = "No node can be recovered from as it is; nearest:"
        elif cluster.recovery.undecided:
            heading = "Not decided by what arrived; so far the furthest:"
        assert f"{heading} <strong>{cluster.recovery.node}</strong>" in page
