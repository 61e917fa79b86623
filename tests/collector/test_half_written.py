"""A file that was written to between the collector's two looks: what is bad in its copy is the copy's."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from forensics.election.state import Reason
from tests.collector.machine import analysed
from tests.fixtures import known
from tests.real_files import recorded

_PLACE = "var/snap/k8s/common/var/lib/k8s-dqlite"
_ZEROS = 512


def archive(where: Path, changed: str) -> Path:
    """n1 of a recording as collect.sh packs it, with zeros in the middle of what open-1 holds."""
    files = {name: content for name, content in recorded("leader-ahead")["n1"].items() if "key" not in name}
    data = files["open-1"]
    used = len(data.rstrip(b"\0"))
    at = next(at for at in range(used // 2, used) if data[at : at + 64].count(0) < 8)
    files["open-1"] = data[:at] + bytes(_ZEROS) + data[at + _ZEROS :]
    made = where / "node.tar"
    with tarfile.open(made, "w") as out:
        texts = {"dqlite-forensics/collected.txt": b"collect.sh\n", "dqlite-forensics/changed.txt": changed.encode()}
        for name, content in (texts | {f"{_PLACE}/{name}": content for name, content in files.items()}).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, BytesIO(content))
    return made


@pytest.mark.parametrize(
    ("changed", "severities", "reason"),
    [
        (f"changed\t/{_PLACE}/open-1\n", {"low", "info"}, Reason.TORN_COPY),
        ("", {"critical"}, Reason.MAY_HOLD_COMMITTED),
    ],
    ids=["changed", "as it was"],
)
def test_a_bad_batch_in_a_file(tmp_path: Path, changed: str, severities: set[str], reason: Reason) -> None:
    """Only where it changed meanwhile nothing is said against the node: it is copied again.

    As it was, its start drops what the two voters that did not arrive may have committed with it.
    """
    with analysed(archive(tmp_path, changed)) as analysis:
        found = [one for one in analysis.document.findings if one.rule in ("SEG009", "STR002")]
        [node] = known(analysis.document.case).nodes
    assert {one.severity for one in found} <= severities
    assert "SEG009" in {one.rule for one in found}
    assert node.reason is reason
