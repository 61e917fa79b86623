"""`repair` where go-dqlite's own files are lost: real go-dqlite starts the result, or the reason is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from fixtures.make.client import Client
from fixtures.make.cluster import Cluster
from forensics.cli import main
from tests.real_files import recorded
from tests.repair.test_from_others import dqlite
from tests.repair.test_repair import upload

FOUNDER, ADDRESS = 3297041220608546238, "127.20.5.1:9000"  # the recording's info.yaml; docs/reference/raft.md
OWN = {"ID": FOUNDER, "Address": ADDRESS, "Role": 0}


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A node with one flipped bit."""
    return upload(tmp_path, "segment/single-flipped-bit") / "n1"


def repaired(node: Path, *options: str) -> Path:
    out = node.parents[1] / "out"
    assert main(["repair", str(node.parent), *options, "-o", str(out)]) == 0
    return out


def said(out: Path, name: str) -> object:
    return yaml.safe_load((out / name).read_text("utf-8"))


@pytest.mark.parametrize("content", [None, b"", bytes(60), b"ID: 0\nAddress: ''\nRole: 0\n"])
def test_who_the_founder_is_is_in_its_log(damaged: Path, content: bytes | None) -> None:
    (damaged / "info.yaml").unlink()
    if content is not None:
        (damaged / "info.yaml").write_bytes(content)
    out = repaired(damaged)
    assert said(out, "info.yaml") == OWN
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    assert (ledger["id"], ledger["address"]) == (str(FOUNDER), ADDRESS)
    assert {file["name"]: file["made"] for file in ledger["files"]}["info.yaml"] == "identity"


@pytest.mark.parametrize("options", [(), ("--alone",)])
def test_cluster_yaml_comes_from_the_configuration(damaged: Path, options: tuple[str, ...]) -> None:
    (damaged / "cluster.yaml").unlink()
    assert said(repaired(damaged, *options), "cluster.yaml") == [OWN]


@dqlite
def test_real_go_dqlite_starts_it_alone(damaged: Path) -> None:
    """It ends at once with `join` ("bootstrap node can't join a cluster"), and with cluster.yaml without info.yaml."""
    (damaged / "info.yaml").unlink()
    (damaged / "join").touch()
    out = repaired(damaged, "--alone")
    assert not (out / "join").exists()
    with Cluster(1997, 0) as cluster:
        cluster.adopt("n1", ADDRESS, out).start(ready=False)
        with Client(cluster.wait_leader().address, timeout=30) as client:
            client.open("k8s")
            assert len(client.query("SELECT * FROM kine").rows) == 122  # as in test_repair.py


@pytest.mark.parametrize(
    ("damaged", "options"), [(False, ()), (True, ("--alone",))], ids=["it takes part", "it becomes the only member"]
)
def test_who_a_member_is_the_others_tell(*, damaged: bool, options: tuple[str, ...], tmp_path: Path) -> None:
    """n2 founded nothing, and lost its info.yaml. Of the three members in the configuration, the others are two."""
    folder = upload(tmp_path, "cluster/three-flipped-bits") if damaged else tmp_path / "upload"
    for node, files in recorded("trimmed").items() if not damaged else ():
        (folder / node).mkdir(parents=True)
        for name, content in files.items():
            (folder / node / name).write_bytes(content)
    own = yaml.safe_load((folder / "n2" / "info.yaml").read_text("utf-8"))
    (folder / "n2" / "info.yaml").unlink()
    out = repaired(folder / "n2", "--node", "n2", *options)
    assert said(out, "info.yaml") == {**own, "Role": 0}
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    assert (ledger["id"], ledger["address"]) == (str(own["ID"]), own["Address"])


@pytest.mark.parametrize("why", ["one is missing", "two do not tell", "it may be a copy"])
def test_a_node_of_unknown_id_is_told(why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its log can be mended, but not made its own alone."""
    folder, out = upload(tmp_path, "cluster/three-flipped-bits"), tmp_path / "out"
    (folder / "n2" / "info.yaml").unlink()
    if why == "one is missing":
        shutil.rmtree(folder / "n3")
    elif why == "two do not tell":
        (folder / "n3" / "info.yaml").unlink()
    else:
        shutil.rmtree(folder / "n2")
        shutil.copytree(folder / "n3", folder / "n2", ignore=shutil.ignore_patterns("info.yaml"))
    assert main(["repair", str(folder), "--node", "n2", "--alone", "-o", str(out)]) == 2
    assert "its info.yaml is lost" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(("lost", "code"), [("info.yaml", 0), ("cluster.yaml", 0), ("", 2)])
def test_a_sound_node_gets_its_file_back(tmp_path: Path, lost: str, code: int) -> None:
    for name, content in recorded("single")["n1"].items():
        if name != lost:
            (tmp_path / "n1").mkdir(exist_ok=True)
            (tmp_path / "n1" / name).write_bytes(content)
    assert main(["repair", str(tmp_path / "n1"), "-o", str(tmp_path / "out")]) == code
    assert {path.name for path in tmp_path.iterdir()} == ({"n1"} if code else {"n1", "out"})
    if lost:
        assert said(tmp_path / "out", lost) in (OWN, [OWN])


def test_what_its_product_refuses_is_not_called_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """k8s-dqlite ends its start where init.yaml lies beside a state (docs/reference/k8s-dqlite.md#control-files)."""
    folder = tmp_path / "n1" / "var/snap/k8s/common/var/lib/k8s-dqlite"
    folder.mkdir(parents=True)
    for name, content in {**recorded("single")["n1"], "init.yaml": f"Address: {ADDRESS}\n".encode()}.items():
        (folder / name).write_bytes(content)
    assert main(["repair", str(tmp_path / "n1"), "-o", str(tmp_path / "out")]) == 2
    assert "its product ends the start at init.yaml" in capsys.readouterr().err
