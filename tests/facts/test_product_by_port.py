"""A YAML alone tells its product by a port that no other uses (docs/reference/k8s-dqlite.md#directories)."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import pipeline


@pytest.mark.parametrize(("port", "product"), [(19001, "MicroK8s"), (17666, "Juju"), (9001, "a dqlite application")])
def test_a_port_tells_the_product(port: int, product: str, tmp_path: Path) -> None:
    text = tmp_path / "paste.txt"
    text.write_text(f"- Address: 10.0.0.1:{port}\n  ID: 3297041220608546238\n  Role: 0\n")
    with pipeline.ingest([str(text)]) as evidence:
        (cluster,) = pipeline.analyze(evidence).document.clusters
    assert cluster.product == product
