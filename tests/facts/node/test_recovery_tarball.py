"""Recovery tarballs, whole, cut and hostile: read in place, and never unpacked. Made by Python's tarfile."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from forensics.barrier import watching
from forensics.budget import Budget, run_within
from forensics.evidence import BytesBlob
from forensics.facts.node.recovery_tarball import Tarball, Trouble, read_tarball
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile

MICROCLUSTER = "- id: 7\n  address: 10.0.0.1:6400\n  role: voter\n  name: a\n"
# as yaml.v2 2.4 writes LXD's RaftNode:
LXD = "- nodeinfo:\n    ID: 7\n    Address: 10.0.0.1:8443\n    Role: 0\n  name: a\n"


def tar(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        folder = tarfile.TarInfo("./")  # Go's walk begins with the folder itself
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def read(data: bytes) -> Tarball:
    blob = BytesBlob("state/recovery_db.tar.gz", data)
    file = StateFile("recovery_db.tar.gz", FileRole.RECOVERY, Kind.FILE, len(data), len(data), blob.span(), blob)
    tarball = read_tarball(file)
    assert tarball is not None
    return tarball


@pytest.mark.parametrize(("name", "text"), [("recovery.yaml", MICROCLUSTER), ("raft_nodes.yaml", LXD)])
def test_what_it_holds(name: str, text: str) -> None:
    tarball = read(
        tar(
            {
                name: text,
                "metadata1": "x",
                "0000000000000001-0000000000000045": "x",
                "snapshot-2-40-9": "",
                "open-1": "",
            }
        )
    )

    assert tarball.trouble is None
    assert tarball.has_raft
    assert tarball.last_index == 45
    assert tarball.members is not None
    assert [(member.id, member.name) for member in tarball.members.value or ()] == [(7, "a")]


def test_a_list_that_is_no_yaml() -> None:
    tarball = read(tar({"recovery.yaml": "- id: [", "metadata1": "x"}))
    assert tarball.members is not None
    assert tarball.members.value is None
    assert tarball.trouble is None  # the daemon unpacks it, and passes over it


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"no archive at all", Trouble.NOT_AN_ARCHIVE),
        (tar({"metadata1": "x" * 9000})[:-200], None),
        (gzip.compress(b"not a tar" * 100), None),
        (tar({"../../etc/cron.d/x": "x"}), Trouble.BROKEN),
        (tar({"metadata1": "x"})[:40], None),
    ],
    ids=["text", "cut", "gzip of text", "leaves the folder", "cut in the header"],
)
def test_what_cannot_be_unpacked(data: bytes, trouble: Trouble | None) -> None:
    """Which trouble a cut makes depends on where gzip's blocks end: None here."""
    found = read(data)
    assert found.trouble is not None
    assert trouble in (None, found.trouble)
    assert bool(found.trouble_code) == (found.trouble is Trouble.BROKEN)


def test_an_empty_stream_is_an_archive_without_files() -> None:
    """Go's archive/tar ends at once, without an error."""
    tarball = read(gzip.compress(b""))
    assert (tarball.trouble, tarball.names, tarball.has_raft) == (None, (), False)


def test_only_its_name_is_known() -> None:
    blob = BytesBlob("listing", b"")
    file = StateFile("recovery_db.tar.gz", FileRole.RECOVERY, Kind.FILE, 9, 9, blob.span(), None, listed=True)
    assert read_tarball(file) is None


def test_every_cut_of_it() -> None:
    data = tar({"recovery.yaml": MICROCLUSTER, "metadata1": "x" * 32})
    for size in range(len(data)):
        read(data[:size])


def test_a_limit_of_the_run_is_told() -> None:
    """Its files count beside those of the uploads; what stops there is no fault of the tarball's."""
    blob = BytesBlob("state/recovery_db.tar.gz", tar({"recovery.yaml": MICROCLUSTER, "metadata1": "x"}))
    file = StateFile("recovery_db.tar.gz", FileRole.RECOVERY, Kind.FILE, blob.size, blob.size, blob.span(), blob)
    with watching() as broken, run_within(Budget({"FILES_MAX": 1})):
        assert read_tarball(file) is None
    assert [(one.where, one.limited) for one in broken] == [("state/recovery_db.tar.gz", True)]
