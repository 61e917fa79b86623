"""What collectors themselves made of a known root: each fixture says which (fixtures/sosreport/real-*).

Expected: grades by what each collector takes (docs/reference/collectors.md), logs by the recording that lay in
the root, times by the `date` that is in the report.
"""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from tests.fixtures import known, report

Log = dict[str, int] | None
Databases = dict[str, tuple[str, Log]]

HEALTHY = {"firstIndex": 1, "lastIndex": 270}
K8SD = {"firstIndex": 1, "lastIndex": 45}
TRIMMED_N2 = {"firstIndex": 194, "lastIndex": 414}
SEVEN: Databases = {
    "juju": ("listing", HEALTHY),
    "k8s-dqlite": ("yaml", None),
    "k8sd": ("yaml", None),
    "lxd": ("listing", HEALTHY),
    "microceph": ("listing", K8SD),
    "microcloud": ("listing", K8SD),
    "microovn": ("listing", K8SD),
    "sunbeam": ("yaml", None),
}
CLEANED: Databases = {
    database: ("cleaned" if grade == "yaml" else grade, log) for database, (grade, log) in SEVEN.items()
}
REPORTS: dict[str, tuple[str, Databases]] = {
    "real-snaps": ("alpha", SEVEN),
    "real-cleaned": ("alpha", CLEANED),
    "real-microk8s": ("beta", {"microk8s": ("listing", TRIMMED_N2)}),
    "real-k8s-inspect": ("alpha", {"k8s-dqlite": ("listing", HEALTHY), "k8sd": ("yaml", None)}),
    "real-k8s-inspect-etcd": ("alpha", {"k8sd": ("yaml", None)}),
    "real-microk8s-inspect": ("beta", {"microk8s": ("listing", TRIMMED_N2)}),
}


@pytest.mark.parametrize("name", REPORTS)
def test_each_database_is_one_node_of_its_grade(name: str) -> None:
    """Nothing is told twice: neither a copy beside its listing, nor a link beside the folder that it leads to."""
    host, databases = REPORTS[name]
    clusters = report(f"sosreport/{name}").clusters
    assert {cluster.database: [node.name for node in cluster.nodes] for cluster in clusters} == {
        database: [host] for database in databases
    }
    for cluster in clusters:
        (node,) = cluster.nodes
        grade, log = databases[cluster.database]
        assert node.evidence == grade
        assert (log.items() <= to_builtins(node.log).items()) if log else not node.log
    assert {want.database for want in report(f"sosreport/{name}").collect} == set(databases)


@pytest.mark.parametrize(
    ("name", "collector", "collected", "offset"),
    [
        ("real-snaps", "sosreport", "2026-11-25T02:26:40+00:00", 3600),
        ("real-cleaned", "sosreport", "2026-11-25T02:26:40+00:00", 3600),
        ("real-microk8s", "sosreport", "2026-11-25T02:26:52+00:00", 3600),
        ("real-k8s-inspect", "k8s inspect", "2026-11-25T02:26:5", 3600),  # by uptime: the machine was set to Berlin
        ("real-microk8s-inspect", "microk8s inspect", "2026-11-25T02:27:0", 3600),
    ],
)
def test_the_machine_and_its_clock(name: str, collector: str, collected: str, offset: int) -> None:
    (host,) = report(f"sosreport/{name}").hosts
    assert (host.name, host.collector) == (REPORTS[name][0], collector)
    assert known(host.collected).startswith(collected)
    assert host.utc_offset == offset
    assert host.cleaned is (name == "real-cleaned")


def test_versions_and_revisions() -> None:
    (host,) = report("sosreport/real-snaps").hosts
    assert host.snaps == {
        "k8s": "v1.32.9 (4567)",
        "lxd": "5.21.4-9eb1368 (36971)",
        "microceph": "19.2.1+snap8c2b6c3d61 (1601)",
        "microovn": "24.03.2+snapa2c59c105b (667)",
        "microcloud": "2.1.1-202f0a5 (1756)",
        "openstack": "2024.1 (812)",
    }
