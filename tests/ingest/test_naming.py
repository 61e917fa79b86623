"""Names tell hosts apart, and no two state directories of one database share one."""

from __future__ import annotations

import pytest

from forensics.ingest.naming import name_hosts


@pytest.mark.parametrize(
    ("roots", "names"),
    [
        (["s111/n1/127.0.0.1:9001", "s111/n2/127.0.0.1:9002"], ["n1", "n2"]),
        (["a/n1/d", "a/n2/d", "b/n1/d", "b/n2/d"], ["a/n1", "a/n2", "b/n1", "b/n2"]),
        (["n1.tar.gz/n1", "n2.tar.gz/n2"], ["n1", "n2"]),
        (["collect/sosreport-a.tar.xz!/x", "collect/sosreport-b.tar.xz!/x"], ["sosreport-a", "sosreport-b"]),
        (["n1", "n1/old", "n2"], ["n1", "n1/old", "n2"]),
        (["case/n1"], ["n1"]),
        (["a-k8sd.tar.gz", "b-k8sd.tar.gz"], ["a", "b"]),
        ([""], ["node"]),
        ([], []),
    ],
)
def test_readable_names(roots: list[str], names: list[str]) -> None:
    """The first part that differs; more parts only where one is not enough."""
    assert name_hosts(roots, ["k8sd"] * len(roots), "node") == names


def test_one_host_with_two_databases_keeps_one_name() -> None:
    """Uniqueness is within a database."""
    assert name_hosts(["h1", "h2", "h1", "h2"], ["k8sd", "k8sd", "k8s", "k8s"], "node") == ["h1", "h2", "h1", "h2"]


def test_what_cannot_be_told_apart_is_numbered() -> None:
    """Two state directories of one database under one root."""
    assert name_hosts(["h1", "h1", "h2"], ["k8s"] * 3, "node") == ["h1", "h1-2", "h2"]
