"""Redacted directories on Debian's dqlite: it says of a copy what it says of the original."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import pytest
import yaml

from forensics import pipeline
from forensics.check.build import build
from forensics.check.tree import File, Tree, tar_of
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.redact.keyed import Key
from forensics.redact.run import redacted
from tests.fixtures import fixture
from tests.held.starts.library import DEBIANS, Member, Nodes
from tests.redact.answers import KEY
from tests.repair.real import recorded_rows, tables_of

pytestmark = pytest.mark.skipif(shutil.which("dqlite-demo") is None, reason="Debian's dqlite is not installed")
_SECONDS = 30.0
_BASE = "healthy"


def _copy(tree: Tree) -> Tree:
    blob = BytesBlob("input.tar", tar_of(tree))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, blob.path)]) as evidence:
        copies, _ = redacted([evidence], Key(KEY))
    blob = BytesBlob("copy.tar", copies[0].content)
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, blob.path)]) as evidence:
        return {file.path: File(file.blob.read()) for file in evidence.files if file.blob is not None}


def _members(tree: Tree) -> dict[str, Member]:
    nodes: dict[str, Tree] = {}
    for path, file in tree.items():
        node, _, name = path.partition("/")
        nodes.setdefault(node, {})[name] = file
    return {node: _member(files) for node, files in nodes.items()}


def _member(files: Tree) -> Member:
    info: dict[str, Any] = yaml.safe_load(files["info.yaml"].content)
    return Member(files, int(info["ID"]), str(info["Address"]))


def test_a_copy_of_a_healthy_cluster_starts_with_as_many_rows() -> None:
    """`tables_of` asks SQLite for its own check of each database."""
    recorded = recorded_rows(_BASE)
    with Nodes(DEBIANS, _members(_copy(build(fixture("healthy/stopped-111"))))) as nodes:
        assert not nodes.failures()
        leader = nodes.wait_leaders(_SECONDS)[0]
        rows = tables_of(lambda: nodes.client(leader), recorded)
    assert {table: len(held) for table, held in rows.items()} == {table: len(held) for table, held in recorded.items()}


def test_a_copy_of_a_damaged_directory_fails_as_the_original_does() -> None:
    """A bit of an address in the first closed segment: the library says which file it refuses, and why."""
    tree = {path: file for path, file in build(fixture("healthy/stopped-111")).items() if path.startswith("n1/")}
    path = min(one for one in tree if one.startswith("n1/0000"))
    content = bytearray(tree[path].content)
    content[60] ^= 4
    tree[path] = replace(tree[path], content=bytes(content))
    said = []
    for one in (tree, _copy(tree)):
        with Nodes(DEBIANS, _members(one)) as nodes:
            said.append(list(nodes.failures().values()))
    assert said[0] == said[1]
    assert said[0]
