"""`repair` with everybody's files: entries that a node lost come from others, and real dqlite has every row again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from forensics.cli import main
from tests.held.raw_log import batch_at, read_log
from tests.real_files import recorded
from tests.repair.real import recorded_rows, started
from tests.repair.test_repair import digests

NODES = ("n1", "n2", "n3")
dqlite = pytest.mark.skipif(shutil.which("dqlite-demo") is None, reason="Debian's dqlite is not installed")


def uploaded(where: Path, zeroed: Mapping[str, int]) -> dict[str, dict[str, bytes]]:
    """The recording `healthy` with zeros in place of one batch of each node's largest segment: the one of that number.

    Gives the recording's files, by node.
    """
    truth = recorded("healthy")
    for node, files in truth.items():
        name = max((name for name in files if name[0] == "0"), key=lambda name: len(files[name]))
        made = dict(files)
        if node in zeroed:
            borders = _borders(files[name])
            at, end = borders[zeroed[node]], borders[zeroed[node] + 1]
            made[name] = files[name][:at] + bytes(end - at) + files[name][end:]
        for file, content in made.items():
            (where / node).mkdir(parents=True, exist_ok=True)
            (where / node / file).write_bytes(content)
    return truth


def _borders(segment: bytes) -> list[int]:
    found = [8]
    while batch := batch_at(segment, found[-1]):
        found.append(batch[1])
    return found


@dqlite
def test_what_no_node_has_whole_is_put_together(tmp_path: Path) -> None:
    """Each node lost another batch: every one gets all 270 entries, and the cluster every row of the recording."""
    truth = uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    before = digests(tmp_path / "upload")
    for node in NODES:
        out = tmp_path / node
        assert main(["repair", str(tmp_path / "upload"), "--node", node, "-o", str(out)]) == 0
        files = {path.name: path.read_bytes() for path in out.iterdir()}
        assert read_log(files) == read_log(truth[node])
        ledger = json.loads(files["repair.json"])
        assert (ledger["kept"]["last"], ledger["lost"]) == (270, [])
        taken = [one for file in ledger["files"] for one in file["taken"]]
        assert {one["node"] for one in taken} > {node}
        assert {one["sha256"] for one in taken} <= set(before.values())
        assert {one["outcome"] for one in ledger["versions"]} == {"starts"}
        assert (files["metadata1"], ledger["forecast"]["changes"]) == (truth[node]["metadata1"], [])
        assert "Lost: nothing that any file shows" in files["repair.txt"].decode()
    assert digests(tmp_path / "upload") == before
    rows = recorded_rows("healthy")
    leader, found = started([tmp_path / node for node in NODES], "1.11.1", rows)
    assert leader in NODES
    assert found == rows


@dqlite
def test_alone_it_leads_without_the_others(tmp_path: Path) -> None:
    """Only n1 arrived: the others may hold more, so that it is not repaired unless it shall go on alone."""
    uploaded(tmp_path / "upload", {"n1": 100})
    for node in ("n2", "n3"):
        shutil.rmtree(tmp_path / "upload" / node)
    out = tmp_path / "out"
    assert main(["repair", str(tmp_path / "upload"), "-o", str(out)]) == 2
    assert not out.exists()
    assert main(["repair", str(tmp_path / "upload"), "--alone", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    kept = ledger["kept"]["last"]
    assert ledger["lost"] == [{"first": kept, "last": 270}]  # the last one kept is the new configuration
    assert read_log(files)[kept].voters == {3297041220608546238}
    words = files["repair.txt"].decode().splitlines()
    assert f"Kept: entries 1 to {kept - 1}" in words
    assert f"New: entry {kept}, which makes the node the only member" in words
    leader, _ = started([out], "1.11.1", {"k8s.kine": []})
    assert leader == "out"


def test_a_lost_term_is_written_higher_than_any_seen(tmp_path: Path) -> None:
    """Raft forgets votes with its metadata; nobody can have voted in the term after the last that anybody had."""
    truth = uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    (tmp_path / "upload" / "n1" / "metadata1").unlink()
    out = tmp_path / "out"
    assert main(["repair", str(tmp_path / "upload"), "--node", "n1", "-o", str(out)]) == 0
    seen = max(int.from_bytes(files["metadata1"][16:24], "little") for files in truth.values())
    words = [int.from_bytes((out / "metadata1").read_bytes()[at : at + 8], "little") for at in range(0, 32, 8)]
    assert words == [1, 1, seen + 1, 0]


def test_the_steps_put_it_into_its_place(tmp_path: Path) -> None:
    """Keys come from the old directory, which is kept; who has old data never comes back with it."""
    uploaded(tmp_path / "upload", {"n1": 100})
    for node in ("n2", "n3"):
        shutil.rmtree(tmp_path / "upload" / node)
    (tmp_path / "upload" / "n1" / "cluster.key").write_text("a-private-key", "utf-8")
    out = tmp_path / "out"
    assert main(["repair", str(tmp_path / "upload"), "--alone", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    typed = [
        (run["place"], run["nodes"], line)
        for step in ledger["steps"]
        for run in step["commands"]
        for line in run["commands"]
    ]
    raft = "/var/snap/k8s/common/var/lib/k8s-dqlite"
    on_n1 = [line for place, nodes, line in typed if nodes == ["n1"]]
    assert on_n1[:3] == [
        f"sudo mv {raft} {raft}.before",
        f"sudo cp -r REPAIRED {raft}",
        f"sudo find {raft}.before -maxdepth 1 -name '*.key' -exec cp -p {{}} {raft}/ ';'",
    ]
    assert ("given-up", [], f"sudo mv {raft} {raft}.before") in typed
    assert "a-private-key" not in (out / "repair.txt").read_text("utf-8")
