"""The steps that put a repaired directory into its place, typed here: for each product, where its pages have it.

Paths, commands and what a recovery by the product's own tool changes besides: docs/reference/products.md,
docs/reference/k8s-dqlite.md and docs/reference/microcluster.md#state-directory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forensics.check.layout import Placed, place
from forensics.check.manifest import Part
from forensics.check.tree import File, read_recording
from forensics.cli import main
from tests.held.recording import BASES

_DAMAGED = 20_000  # a byte of an entry of the recording `single`
_OWNER = 4711
_MODES = {"metadata1": 0o640, "cluster.key": 0o400}


@dataclass(frozen=True, slots=True)
class _Product:
    """Where its raft files lie, how it is stopped and started, and what is laid around them in an upload."""

    raft: str
    stop: str
    start: str
    layout: str
    settle: str = ""


def _snap(name: str, state: str, layout: str = "k8sd") -> _Product:
    return _Product(f"/var/snap/{name}/{state}", f"sudo snap stop {name}", f"sudo snap start {name}", layout)


_STATE = "common/state/database"
_PRODUCTS = {
    "k8s-dqlite": _snap("k8s", "common/var/lib/k8s-dqlite", "k8s-dqlite"),
    "k8sd": _snap("k8s", "common/var/lib/k8sd/state/database"),
    "microk8s": _Product(
        "/var/snap/microk8s/current/var/kubernetes/backend", "microk8s stop", "microk8s start", "microk8s"
    ),
    "lxd": _Product(
        "/var/snap/lxd/common/lxd/database/global",
        "sudo snap stop lxd",
        "sudo snap start lxd",
        "lxd",
        "sudo lxd cluster recover-from-quorum-loss",
    ),
    "lxd, packaged": _Product(
        "/var/lib/lxd/database/global",
        "sudo systemctl stop lxd.service lxd.socket",
        "sudo systemctl start lxd.socket lxd.service",
        "lxd",
        "sudo lxd cluster recover-from-quorum-loss",
    ),
    "incus": _Product(
        "/var/lib/incus/database/global",
        "sudo systemctl stop incus.service incus.socket",
        "sudo systemctl start incus.socket incus.service",
        "lxd",
        "sudo incus admin cluster recover-from-quorum-loss",
    ),
    "microceph": _snap("microceph", _STATE),
    "microovn": _snap("microovn", _STATE),
    "microcloud": _snap("microcloud", _STATE),
    "sunbeam": _snap("openstack", _STATE),
}


@pytest.mark.parametrize("name", _PRODUCTS)
def test_in_its_place(name: str, tmp_path: Path) -> None:
    """Stop, copy, put, start, and only then the others; the old directory is kept, with its keys, owner and modes."""
    product = _PRODUCTS[name]
    old = _laid_out(product, tmp_path / "host")
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    out = tmp_path / "out"
    assert main(["repair", str(tmp_path / "host"), "--alone", "-o", str(out), "--quiet"]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    kinds = [step["kind"] for step in ledger["steps"]]
    assert kinds == ["stop", "copy", "restore", *(["force"] if product.settle else []), "start", "rejoin"]
    typed = {step["kind"]: _typed(step) for step in ledger["steps"]}
    assert (typed["stop"], typed["start"][0]) == ([product.stop], product.start)
    assert typed.get("force", []) == ([product.settle] if product.settle else [])
    for command in typed["restore"]:
        local = re.sub(r"^sudo ", "", command).replace(product.raft, str(old)).replace("REPAIRED", str(out))
        subprocess.run(["sh", "-c", local], check=True)
    kept = old.with_name(f"{old.name}.before")
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
    _assert_in_place(old, kept, out)


def _laid_out(product: _Product, host: Path) -> Path:
    """An upload with one flipped bit, as the product lays it out, with its own owner and modes."""
    nodes = {name: dict(tree) for name, tree in read_recording(BASES / "single.tar.xz").items()}
    for tree in nodes.values():
        content = bytearray(tree["open-1"].content)
        content[_DAMAGED] ^= 8
        tree["open-1"] = File(bytes(content))
    placed = Placed()
    place(Part(layout=product.layout), nodes, placed)
    own = "/".join(placed.directories["n1"].split("/")[1:])
    top, new = _top(f"/{own}"), _top(product.raft)
    for path, file in placed.tree.items():
        where = host / path.partition("/")[2].replace(top.lstrip("/"), new.lstrip("/"), 1)
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(file.content)
    raft = host / product.raft.lstrip("/")
    (raft / "cluster.key").write_text("a-private-key", "utf-8")
    owner = _OWNER if os.getuid() == 0 else -1
    for one in (raft, *raft.iterdir()):
        one.chmod(0o750 if one is raft else _MODES.get(one.name, 0o600))
        os.chown(one, owner, owner)
    return raft


def _top(raft: str) -> str:
    """The folder whose inner parts are alike in all products of a kind."""
    return raft.removesuffix("/global").removesuffix("/database")


def _typed(step: dict[str, Any]) -> list[str]:
    return [line for run in step["commands"] for line in run["commands"]]


def _assert_in_place(new: Path, old: Path, out: Path) -> None:
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    found = {path.name: path.read_bytes() for path in new.iterdir()}
    assert found == written | {"cluster.key": b"a-private-key"}
    assert (new.stat().st_mode, new.stat().st_uid, new.stat().st_gid) == (
        old.stat().st_mode,
        old.stat().st_uid,
        old.stat().st_gid,
    )
    for path in new.iterdir():
        was = old / path.name
        assert path.stat().st_mode & 0o777 == (was.stat().st_mode & 0o777 if was.exists() else 0o600), path.name
        assert (path.stat().st_uid, path.stat().st_gid) == (old.stat().st_uid, old.stat().st_gid)
