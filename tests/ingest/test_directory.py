"""Directories: walked without following links, in an order that no machine changes."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from forensics.errors import UnreadableError
from forensics.ingest.files import Kind
from forensics.ingest.inventory import find_state_directories
from tests.made_archives import file, link, take, take_bytes, tar


def test_walk(tmp_path: Path) -> None:
    (tmp_path / "n1").mkdir()
    (tmp_path / "n1" / "metadata1").write_bytes(bytes(32))
    (tmp_path / "n1" / "away").symlink_to("/etc")
    (tmp_path / "n1" / "loop").symlink_to("..")
    taken = take(tmp_path)
    assert taken.contents == {"n1/metadata1": bytes(32)}
    assert taken.files["n1/away"].kind is Kind.LINK
    assert taken.files["n1/loop"].kind is Kind.LINK
    assert not any(path.startswith(("n1/away/", "n1/loop/")) for path in taken.files)


def test_order_is_by_name(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_bytes(b"x")
    assert list(take(tmp_path).files) == ["a", "b", "c", "a/f", "b/f", "c/f"]


def test_pipes_and_sockets_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may have 107 bytes only
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("k8s-dqlite.sock")
        taken = take(tmp_path)
    assert taken.codes == ["device"]
    assert taken.files["k8s-dqlite.sock"].kind is Kind.SOCKET


def test_a_file_that_vanishes_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "metadata1").write_bytes(bytes(32))
    taken = take(tmp_path)
    blob = taken.files["metadata1"].blob
    (tmp_path / "metadata1").unlink()
    assert blob is not None
    with pytest.raises(UnreadableError):
        blob.read()


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_bytes(b"s" * 32)
    (tmp_path / "metadata1").write_bytes(bytes(32))
    blob = take(tmp_path).files["metadata1"].blob
    (tmp_path / "metadata1").unlink()
    (tmp_path / "metadata1").symlink_to(secret)
    assert blob is not None
    with pytest.raises(UnreadableError):
        blob.read()


@pytest.mark.parametrize(
    ("target", "resolved"),
    [
        ("real", "n1/k8s-dqlite/real"),
        ("../store/real", "n1/store/real"),
        ("/n1/store/real", None),
        ("../../../real", None),
        ("nothing", None),
    ],
)
def test_links_are_followed_by_name_inside_the_archive(tmp_path: Path, target: str, resolved: str | None) -> None:
    """As in sosreports, which link files to where they are stored: metadata1 is what its link names, or nothing."""
    content = b"m" * 32
    files = [
        file("n1/k8s-dqlite/0000000000000001-0000000000000001", bytes(80)),
        link("n1/k8s-dqlite/metadata1", target),
    ]
    files += [file(resolved, content)] if resolved else []
    taken = take_bytes(tmp_path, tar(*files))
    (directory,) = find_state_directories(taken.files.values())
    found = directory.files["metadata1"]
    assert (found.blob.read() if found.blob else None) == (content if resolved else None)


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    files = [file("n1/metadata2", bytes(32)), link("n1/metadata1", "a"), link("n1/a", "b"), link("n1/b", "a")]
    (directory,) = find_state_directories(take_bytes(tmp_path, tar(*files)).files.values())
    assert directory.files["metadata1"].blob is None
