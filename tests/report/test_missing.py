"""What is missing, told member by member, also where only YAML names them."""

from __future__ import annotations

from tests.fixtures import report


def test_members_that_only_yaml_names_are_missing() -> None:
    """The report of one host of three: its cluster.yaml has .1, .2 and .3, its info.yaml says that it is .1."""
    missing = report("sosreport/real-k8s-inspect-etcd").missing
    absent = [line.subject for line in missing if line.kind == "absent"]
    assert absent == ["member 127.20.2.2:6400", "member 127.20.2.3:6400"]


def test_nobody_is_missing_where_all_sent_their_yaml() -> None:
    missing = report("sosreport/yaml-only").missing
    assert [line.kind for line in missing] == ["grade"] * 3
