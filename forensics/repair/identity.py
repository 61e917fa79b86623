"""Who the node of a result is, in go-dqlite's own files: info.yaml, cluster.yaml and `join`.

Where one of the first two is lost, the start ends before dqlite reads anything; where `join` is there, it asks the
others to take it in.

Source: docs/reference/go-dqlite.md#what-the-files-mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.facts.node.precondition import Precondition, Unmet
from forensics.parsers.configuration import Configuration, Server
from forensics.plan.steps.members import cluster_yaml, info_yaml
from forensics.plan.steps.model import Member
from forensics.repair.configuration import only, told_id
from forensics.repair.contents import Contents, LeftOut, MadeFile, Making

INFO_YAML = "info.yaml"
CLUSTER_YAML = "cluster.yaml"
_JOIN = "join"
_WRITTEN = frozenset(
    {Unmet.INFO_MISSING, Unmet.INFO_UNUSABLE, Unmet.CLUSTER_MISSING, Unmet.CLUSTER_UNUSABLE, Unmet.FOUNDER_JOINS}
)


def is_all(unmet: Iterable[Precondition]) -> bool:
    """Nothing but these files keeps the product from its start."""
    return {one.kind for one in unmet} <= _WRITTEN


def identified(contents: Contents, cluster: Cluster, node: Node) -> Contents:
    """A result of a member: without `join`, and with both files where go-dqlite runs the cluster.

    What the node has of them and can be read stays as it is; but cluster.yaml of what becomes the only member.
    """
    who, members = told_id(cluster, node), _members(contents, cluster, node)
    own = members.by_id(who) if members is not None and who is not None else None
    if members is None or own is None:
        return contents
    files = {file.name: file for file in contents.files}
    left_out = dict(contents.left_out)
    if files.pop(_JOIN, None) is not None:
        left_out[_JOIN] = LeftOut.MEMBER
    if any(name in one.state.files for one in cluster.nodes for name in (INFO_YAML, CLUSTER_YAML)):
        files |= {file.name: file for file in _made(contents, node, own, members)}
    every = tuple(files[name] for name in sorted(files))
    address = contents.address or own.address
    return replace(contents, id=own.id, address=address, files=every, left_out=tuple(left_out.items()))


def _members(contents: Contents, cluster: Cluster, node: Node) -> Configuration | None:
    if contents.forced:
        return only(cluster, node)
    return cluster.configuration.configuration if cluster.configuration else None


def _made(contents: Contents, node: Node, own: Server, members: Configuration) -> Iterator[MadeFile]:
    here = {file.name for file in contents.files}
    info = node.info.value if node.info and INFO_YAML in here else None
    if info is None or not info.id or not info.address:
        yield MadeFile(INFO_YAML, Making.IDENTITY, partial(_text, info_yaml(own.id, own.address)))
    listed = node.cluster.value if node.cluster and CLUSTER_YAML in here else None
    if contents.forced or listed is None or not listed.members:
        known = [Member(one.id, one.address, one.role, None) for one in members.servers if one.role is not None]
        making = Making.MEMBERS if contents.forced else Making.ALL_MEMBERS
        yield MadeFile(CLUSTER_YAML, making, partial(_text, cluster_yaml(known)))


def _text(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8")
