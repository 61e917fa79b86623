"""What a fixture is built in: files in memory, by path. Nothing is written to disk before it is packed."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from forensics.errors import UsageError

RECORDED = 1_795_305_600  # 2026-11-22 00:00 UTC: the time of files that a layout adds; recordings keep their own


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a symbolic link where `target` is given."""

    content: bytes = b""
    mode: int = 0o600
    mtime: int = RECORDED
    target: str = ""


Tree = dict[str, File]


@lru_cache(maxsize=4)  # a recording is some 75 MB of mostly zero bytes, and many fixtures start from the same one
def read_recording(archive: Path) -> dict[str, Tree]:
    """The files of each top directory (`n1`, …) below the archive's own folder."""
    nodes: dict[str, Tree] = {}
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                parts = member.name.split("/")
                if not (member.isreg() or member.issym()) or len(parts) < 3:
                    continue
                content = tar.extractfile(member) if member.isreg() else None
                tree = nodes.setdefault(parts[1], {})
                tree["/".join(parts[2:])] = File(
                    content.read() if content else b"",
                    member.mode & 0o7777,
                    int(member.mtime),
                    member.linkname if member.issym() else "",
                )
    except (OSError, tarfile.TarError) as error:
        raise UsageError(f"{archive}: {error}") from error
    return nodes


def edited(file: File, content: bytes) -> File:
    """The file with another content, times and mode kept: damage leaves no trace there."""
    return replace(file, content=content)


def tar_of(tree: Tree, ends_before: str = "") -> bytes:
    """A plain tar, the same bytes for the same tree; without an end where it breaks off before a file."""
    if ends_before and ends_before not in tree:
        raise UsageError(f"no file {ends_before} that the archive could end before")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(tree):
            if ends_before and path >= ends_before:
                return buffer.getvalue()[: tar.offset]
            file = tree[path]
            info = tarfile.TarInfo(path)
            info.mode, info.mtime, info.uname, info.gname = file.mode, file.mtime, "root", "root"
            if file.target:
                info.type, info.linkname, info.mode = tarfile.SYMTYPE, file.target, 0o777
                tar.addfile(info)
            else:
                info.size = len(file.content)
                tar.addfile(info, io.BytesIO(file.content))
    return buffer.getvalue()
