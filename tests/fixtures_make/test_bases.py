"""Every base is whole: archive, manifest and rows belong together, and none is larger than it may be."""

from __future__ import annotations

import hashlib
import json
import lzma
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

BASES = Path(__file__).parents[2] / "fixtures" / "bases"
NAMES = sorted(path.stem for path in BASES.glob("*.toml"))
LIMIT = 256 * 1024
LARGE = {"lagging": 352 * 1024, "p111": 320 * 1024}
"""Exceptions: two snapshots at dqlite's default threshold take 2048 entries."""


def manifest(name: str) -> dict[str, Any]:
    return tomllib.loads((BASES / f"{name}.toml").read_text())


def test_no_file_without_a_manifest() -> None:
    stray = {path.name.partition(".")[0] for path in BASES.glob("*.xz")} - set(NAMES)
    assert not stray
    assert {"healthy", "killed-mid-write", "steady", "k8sd", "s111", "s118", "p118"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_hashes_and_sizes(name: str) -> None:
    told = manifest(name)
    archive, rows = BASES / f"{name}.tar.xz", BASES / f"{name}.rows.jsonl.xz"
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == told["archive"]["sha256"]
    assert hashlib.sha256(rows.read_bytes()).hexdigest() == told["rows"]["sha256"]
    assert archive.stat().st_size + rows.stat().st_size <= LARGE.get(name, LIMIT)


@pytest.mark.parametrize("name", ["healthy", "k8sd"])
def test_archive_holds_the_directories_that_the_manifest_names(name: str) -> None:
    with tarfile.open(BASES / f"{name}.tar.xz") as archive:
        directories = {member.name for member in archive if member.isdir()} - {name}
    assert directories == {f"{name}/{node['directory']}" for node in manifest(name)["node"]}


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_those_that_the_moments_count(name: str) -> None:
    lines = lzma.decompress((BASES / f"{name}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    tables = [json.loads(line) for line in lines]
    counted = {(t["moment"], f"{t['database']}.{t['table']}"): len(t["rows"]) for t in tables}
    told = {(m["moment"], table): n for m in manifest(name)["moment"] for table, n in m["rows"].items()}
    assert counted == told


def test_no_private_key_is_stored() -> None:
    for name in NAMES:
        with tarfile.open(BASES / f"{name}.tar.xz") as archive:
            assert not [member.name for member in archive if member.name.endswith((".key", ".pem"))]
