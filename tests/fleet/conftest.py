"""Six uploads, one of them garbage, and the store that `fleet run` made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forensics.check.build import build, pack
from forensics.cli import main
from forensics.fleet import run
from forensics.fleet.warm import POOL
from tests.fixtures import fixture

UPLOADS = {
    "healthy-k8sd.tar.zst": "healthy/k8sd",
    "healthy-lxd.tar.zst": "healthy/lxd",
    "flipped-bit.tar.zst": "sosreport/flipped-bit",
    "forced-recovery.tar.zst": "segment/forced-recovery",
}
GARBAGE = bytes(range(256)) * 40
"""Neither an archive nor text: it is refused by its looks alone."""


@pytest.fixture(scope="package", autouse=True)
def warm_children() -> Iterator[None]:
    """Runs share their child, as cases of one run do: starting one costs a second of processor."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run, "POOL", SimpleNamespace(open=POOL.open, close=lambda: None))
        yield
    POOL.close()


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of uploads. One is there twice, under two names."""
    folder = tmp_path_factory.mktemp("fleet") / "uploads"
    folder.mkdir()
    for name, held in UPLOADS.items():
        (folder / name).write_bytes(pack(build(fixture(held)), "tar.zst"))
    (folder / "again.tar.zst").write_bytes((folder / "flipped-bit.tar.zst").read_bytes())
    (folder / "garbage.tar").write_bytes(GARBAGE)
    return folder


@pytest.fixture(scope="session")
def store(uploads: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of one worker made of them. Tests that change it make a copy."""
    store = tmp_path_factory.mktemp("store") / "store"
    assert main(["fleet", "run", str(uploads), "--store", str(store), "--workers", "1", "-q"]) == 4
    return store


@pytest.fixture
def asked(store: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    """Rows of a query to that store."""

    def ask(query: str) -> list[dict[str, Any]]:
        assert main(["fleet", "sql", query, "--store", str(store), "--format", "json"]) == 0
        rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return rows

    return ask
