"""Documents for tests of renderers: reports of fixtures, of the hostile directory, and small ones written by hand."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from forensics import pipeline
from forensics.parsers.roles import Role
from forensics.report.document import (
    Cluster,
    Configuration,
    Document,
    Evidence,
    Excerpt,
    Finding,
    Node,
    Part,
    Server,
)
from forensics.severity import Effect, Severity
from tests import hostile
from tests.fixtures import names, report

DAMAGED = "segment/flipped-bit-last"
HEALTHY = "healthy/stopped-111"


def samples() -> list[str]:
    """One fixture a topic: what a renderer meets differs by topic, hardly within one."""
    by_topic = {name.partition("/")[0]: name for name in sorted(names(), reverse=True)}
    return sorted({*by_topic.values(), DAMAGED, HEALTHY, "healthy/sosreports"})


def damaged() -> Document:
    """Three nodes, a flipped bit on one."""
    return report(DAMAGED)


def healthy() -> Document:
    """Three nodes, nothing wrong."""
    return report(HEALTHY)


@cache
def hostile_report() -> Document:
    """The report of tests/hostile.py."""
    with tempfile.TemporaryDirectory() as private:
        archive = hostile.write_archive(Path(private) / "hostile.tar")
        with pipeline.ingest([str(archive)]) as evidence:
            return pipeline.analyze(evidence).document


P = TypeVar("P", bound=Part)


def changed(part: P, **changes: Any) -> P:
    """The part with other values, which are validated; words stand for enums, lists for tuples, dicts for parts."""
    return msgspec.convert(msgspec.to_builtins(msgspec.structs.replace(part, **changes)), type(part))


def finding(**changes: Any) -> Finding:
    """One finding."""
    base = Finding(
        rule="TST001",
        title="a test",
        severity=Severity.HIGH,
        effect=Effect.DEGRADED,
        database="k8s-dqlite",
        nodes=("n1",),
        key="TST001.test|k8s-dqlite|n1",
        kind="TST001.test",
        message="something is wrong",
        problem="something is wrong",
        evidence=(Excerpt(path="n1/metadata1", offset=8, length=8, role="metadata"),),
        why="It matters.",
        remediation="1. Do this.\n2. Then that.",
        references=(),
    )
    return changed(base, **changes)


def node(name: str, server_id: str, **changes: Any) -> Node:
    """One voter with full evidence, of which nothing else is known."""
    base = Node(
        name=name,
        id=server_id,
        address=f"10.0.0.{server_id}:9000",
        role=Role.VOTER,
        directory=name,
        evidence=Evidence.FULL,
        configuration=(),
        metadata=None,
        log=None,
        snapshots=(),
        forecast=None,
    )
    return changed(base, **changes)


def cluster(*nodes: Node, voters: int = 3, **changes: Any) -> Cluster:
    """One database; ids 1 to `voters` vote."""
    servers = (
        Server(id=str(number), address=f"10.0.0.{number}:9000", role=Role.VOTER) for number in range(1, voters + 1)
    )
    base = Cluster(
        database="k8s-dqlite",
        product="Canonical Kubernetes",
        configuration=Configuration(index=1, servers=tuple(servers)),
        nodes=nodes,
        membership=(),
        divergences=(),
        commit_index=None,
        recovery=None,
    )
    return changed(base, **changes)
