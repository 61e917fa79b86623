"""Directories of every product, at the places where forensics/ingest/products.py knows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forensics.ingest.products import PRODUCTS, Product
from forensics.report.document import Document, Evidence, Node
from forensics.severity import Severity
from tests.collector.machine import SHELLS, analysed, collect, hosts_of
from tests.fixtures import known

K8SD, LXD = "healthy/k8sd", "healthy/lxd"


def read(node: Node) -> tuple[int, int, list[tuple[str, bool | None]]]:
    """First and last index, and its segments."""
    log = known(node.log)
    return log.first_index, log.last_index, [(one.name, one.damaged) for one in log.segments]


def judged(document: Document) -> tuple[str, set[tuple[str, str]]]:
    """Verdict and findings; `info` apart, as only the archive has listings, and the moment when it was collected."""
    findings = {(one.rule, one.severity.value) for one in document.findings if one.severity is not Severity.INFO}
    return document.verdict.level, findings


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.database)
def test_a_directory_of_every_product(product: Product, tmp_path: Path) -> None:
    """At each of its places the archive is full evidence, of that product, and is judged like the directory."""
    lxd = product.database in ("lxd", "incus")
    made = "var/snap/lxd/common/lxd/database" if lxd else "var/snap/k8s/common/var/lib/k8sd/state"
    (source, *_) = hosts_of(LXD if lxd else K8SD, tmp_path / "made")
    for number, place in enumerate(one for one in product.suffixes if one.startswith(("var/snap/", "var/lib/"))):
        root = tmp_path / f"n{number}"
        directory = root / place.replace("*", "7345")
        around = "state/database" in place or lxd
        copied, where = (source / made, directory.parent) if around else (source / made / "database", directory)
        shutil.copytree(copied, where)
        if "*" in place:
            (root / place.partition("*")[0] / "current").symlink_to("7345")
        archive, said = collect(root, tmp_path / "out", shell=SHELLS[number % len(SHELLS)])
        assert f"{product.database}: " in said
        assert ("local.db is a database, and copied whole" in said) == lxd
        with analysed(archive) as analysis, analysed(root) as before:
            (cluster,), (same,) = analysis.document.clusters, before.document.clusters
            assert (cluster.database, cluster.nodes[0].evidence) == (product.database, Evidence.FULL)
            assert read(cluster.nodes[0]) == read(same.nodes[0])
            assert judged(analysis.document) == judged(before.document)
