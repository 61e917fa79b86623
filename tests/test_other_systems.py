"""macOS, as far as it can be shown here: without the calls that Linux alone has, the answers are the same.

`make elsewhere` lets mypy look for further ones, by what typeshed knows of macOS.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from forensics import private_file
from forensics.check.build import build, pack
from forensics.cli import main
from forensics.commands.common import _cores
from forensics.private_file import PrivateFile, named_file
from forensics.sqlite.serve import _bound_memory
from tests.fixtures import fixture

LINUX_ONLY = ("sched_getaffinity", "preadv", "memfd_create", "posix_fadvise", "pipe2", "copy_file_range")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call of Linux alone, and no /proc to link from."""

    def no_link(*_: object, **__: object) -> None:
        raise NotImplementedError("linkat unavailable on this platform")

    for name in LINUX_ONLY:
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(private_file, "_NAMELESS", 0)
    monkeypatch.setattr(os, "link", no_link)


@pytest.mark.parametrize("how", ["tar.gz", "zip"])
def test_the_report_is_the_same(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    upload = tmp_path / f"upload.{how}"
    upload.write_bytes(pack(build(fixture("segment/single-flipped-bit")), how))
    call = ["analyze", str(upload), "--format", "json", "--fail-on", "never"]
    assert main(call) == 0
    here = capsys.readouterr().out
    request.getfixturevalue("elsewhere")
    assert not hasattr(os, "preadv")
    assert main(call) == 0
    assert capsys.readouterr().out == here


@pytest.mark.usefixtures("elsewhere")
def test_private_files_and_cores() -> None:
    file = PrivateFile()
    file.write(b"abc", 1)
    assert file.read(4, 0) == b"\0abc"
    file.close()
    with named_file(b"content") as path:
        assert Path(path).read_bytes() == b"content"
    assert _cores() == os.cpu_count()


def test_a_bound_that_the_system_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS answers setrlimit(RLIMIT_AS)."""

    def refused(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refused)
    _bound_memory()
