"""tarfile of the security releases of 2026 reads headers without `TarInfo.frombuf`; so does Debian's Python 3.11.2.

What this tool counts of headers, and what it refuses of them, must not hang on that: an end that is not noticed is told
as a cut archive, and a bound that is passed by is none.
"""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest

from forensics.budget import Budget
from forensics.evidence import BytesBlob
from forensics.ingest.files import InputFile, Refusal
from forensics.ingest.tar_archive import plain_items


def _direct(cls: type[tarfile.TarInfo], tar: Any) -> Any:
    header = tar.fileobj.read(tarfile.BLOCKSIZE)
    found = tarfile.TarInfo.frombuf.__func__(cls, header, tar.encoding, tar.errors)  # type: ignore[attr-defined]
    found.offset = tar.fileobj.tell() - tarfile.BLOCKSIZE
    return found._proc_member(tar)


@pytest.fixture(params=["this tarfile", "a newer one"], autouse=True)
def _tarfile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "a newer one":
        monkeypatch.setattr(tarfile.TarInfo, "fromtarfile", classmethod(_direct))


def archive() -> bytes:
    """Two files, and an end."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("n1/metadata1", "n1/metadata2"):
            info = tarfile.TarInfo(name)
            info.size = 32
            tar.addfile(info, io.BytesIO(bytes(32)))
    return buffer.getvalue()


def read(content: bytes) -> tuple[list[str], list[str]]:
    """Names of the files, and codes of what was refused."""
    items = list(plain_items(BytesBlob("a.tar", content), "", Budget()))
    files = [item.path for item in items if isinstance(item, InputFile)]
    return files, [item.code for item in items if isinstance(item, Refusal)]


def test_an_end_is_noticed() -> None:
    assert read(archive()) == (["n1/metadata1", "n1/metadata2"], [])


def test_a_missing_end_is_told() -> None:
    assert read(archive()[:2048]) == (["n1/metadata1", "n1/metadata2"], ["archive-cut"])


def test_blocks_that_are_no_header_are_told() -> None:
    content = archive()
    files, refused = read(content[:1024] + b"x" * 512 + content[1024:])
    assert (files, refused) == (["n1/metadata1", "n1/metadata2"], ["archive-damaged"])


def test_a_long_name_of_a_gigabyte_is_no_header() -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    files, refused = read(header.tobuf(tarfile.GNU_FORMAT) + archive())
    assert (files, refused) == (["n1/metadata1", "n1/metadata2"], ["archive-damaged"])
