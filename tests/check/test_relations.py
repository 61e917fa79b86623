"""The eleven relations of docs/reference/microcluster.md#relations-that-hold.

Each has a rule that fires where it is broken; none does on a healthy cluster.
"""

from __future__ import annotations

import pytest

from forensics.check.manifest import load
from forensics.check.run import document_of
from tests.fixtures import ROOT

# relation, rule, fixture that breaks it; the tolerance is in the rule's own page (`rules show`)
RELATIONS = [
    ("1: daemon.yaml has info.yaml's address", "MCL001", "microcluster/other-address"),
    ("2: daemon.yaml's name is in the truststore", "MCL003", "microcluster/not-in-own-truststore"),
    ("2: daemon.yaml's name is in core_cluster_members", "MCL020", "microcluster/table-without-own-name"),
    ("3: truststore and core_cluster_members, address", "MCL020", "microcluster/table-other-address"),
    ("3: truststore and core_cluster_members, certificate", "MCL020", "microcluster/table-other-trust"),
    ("4: truststore and raft", "MCL005", "microcluster/not-in-own-truststore"),
    ("4: cluster.yaml and raft", "CLU010", "cluster/old-address-book"),
    ("5: server.crt is in the own truststore entry", "MCL003", "certificate/other-names"),
    ("6: cluster.crt is the same everywhere", "CERT004", "certificate/not-shared"),
    ("6: its key matches", "CERT002", "certificate/other-key"),
    ("7: roles of core_cluster_members and raft", "MCL008", "microcluster/table-other-role"),
    ("8: info.yaml is a member of raft", "CLU008", "cluster/removed-node"),
    ("8: at that address", "CLU009", "cluster/moved-address"),
    ("9: truststore file names and duplicates", "MCL024", "microcluster/misnamed-trust"),
    ("9: duplicates", "MCL004", "microcluster/duplicate-trust"),
    ("10: k8sd and k8s-dqlite have the same members", "MBR006", "member/two-databases-differ"),
    ("11: voters", "CLU015", "cluster/no-voters"),
]
HEALTHY = ("healthy/k8sd", "healthy/sosreports")


@pytest.mark.parametrize(("relation", "rule", "fixture"), RELATIONS, ids=lambda text: text if ":" in text else "")
def test_broken_relation_is_found(relation: str, rule: str, fixture: str) -> None:
    found = {finding.rule for finding in document_of(load(ROOT / fixture)).findings}
    assert rule in found, relation


@pytest.mark.parametrize("fixture", HEALTHY)
def test_healthy_clusters_break_none(fixture: str) -> None:
    rules = {rule for _, rule, _ in RELATIONS}
    told = [finding for finding in document_of(load(ROOT / fixture)).findings if finding.rule in rules]
    assert told == []
