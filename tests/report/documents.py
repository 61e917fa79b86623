"""Documents for tests of renderers: reports of fixtures, of the hostile directory, and small ones written by hand."""

from __future__ import annotations

import copy
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from forensics import pipeline
from forensics.report.document import Document
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
    return copy.deepcopy(report(DAMAGED))


def healthy() -> Document:
    """Three nodes, nothing wrong."""
    return copy.deepcopy(report(HEALTHY))


@cache
def _hostile() -> Document:
    with tempfile.TemporaryDirectory() as private:
        archive = hostile.write_archive(Path(private) / "hostile.tar")
        with pipeline.ingest([str(archive)]) as evidence:
            return pipeline.analyze(evidence).document


def hostile_report() -> Document:
    """The report of tests/hostile.py."""
    return copy.deepcopy(_hostile())


def finding(**changes: Any) -> Document:
    """One finding with every key."""
    base: Document = {
        "rule": "TST001",
        "title": "a test",
        "severity": "high",
        "effect": "degraded",
        "database": "k8s-dqlite",
        "nodes": ["n1"],
        "message": "something is wrong",
        "evidence": [
            {
                "path": "n1/metadata1",
                "offset": 8,
                "length": 8,
                "role": "metadata",
                "hex": None,
                "lines": None,
                "withheld": None,
            }
        ],
        "why": "It matters.",
        "whenWrong": "",
        "remediation": "1. Do this.\n2. Then that.",
        "references": [],
        "baseline": None,
        "fingerprint": None,
    }
    return base | changes


def node(name: str, server_id: str, **changes: Any) -> Document:
    """One node with every key that the verdict and the picture read."""
    base: Document = {
        "name": name,
        "id": server_id,
        "address": f"10.0.0.{server_id}:9000",
        "role": "voter",
        "directory": name,
        "evidence": "full",
        "infoYaml": None,
        "clusterYaml": None,
        "configuration": [],
        "configurationIndex": None,
        "metadata": None,
        "metadataFiles": {"metadata1": None, "metadata2": None},
        "log": None,
        "snapshots": [],
        "files": [],
        "forecast": None,
    }
    return base | changes


def cluster(*nodes: Document, voters: int = 3, **changes: Any) -> Document:
    """One database; ids 1 to `voters` vote."""
    base: Document = {
        "database": "k8s-dqlite",
        "product": "Canonical Kubernetes",
        "absent": [],
        "configuration": {
            "index": 1,
            "servers": [
                {"id": str(number), "address": f"10.0.0.{number}:9000", "role": "voter"}
                for number in range(1, voters + 1)
            ],
        },
        "nodes": list(nodes),
        "membership": [],
        "divergences": [],
        "commitIndex": None,
        "recovery": None,
    }
    return base | changes
