"""A directory → files. Files are opened read-only when they are read; links are recorded, not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from forensics.barrier import stage
from forensics.evidence import PathBlob
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal, believable_time
from forensics.ingest.paths import printable, refusal_of_name


def read_directory(root: str, prefix: str) -> Iterator[InputFile | Refusal]:
    """All entries below `root`, sorted, so that the same directory gives the same report on every machine."""
    pending = [""]
    while pending:
        inner = pending.pop()
        try:
            entries = sorted(os.scandir(os.path.join(root, inner)), key=lambda entry: entry.name)
        except OSError as error:
            yield Refusal(prefix + printable(inner), "unreadable", f"the directory cannot be read: {error.strerror}")
            continue
        directories = []
        for entry in entries:
            path = f"{inner}/{entry.name}" if inner else entry.name
            item = _describe(entry, path, prefix)
            if isinstance(item, InputFile) and item.kind is Kind.DIRECTORY:
                directories.append(path)
            yield item
        pending += reversed(directories)


def _unread(_: os.DirEntry[str], path: str, prefix: str) -> Refusal:
    return Refusal((prefix + printable(path))[:200], BROKEN, "an error of this program ended the reading")


@stage("reading a directory's file", lambda _, path, prefix: prefix + printable(path), _unread, told=True)
def _describe(entry: os.DirEntry[str], path: str, prefix: str) -> InputFile | Refusal:
    refused = refusal_of_name(path)
    name = prefix + printable(path)
    if refused:
        return Refusal(name[:200], *refused)
    try:
        status = entry.stat(follow_symlinks=False)
        target = printable(os.readlink(entry.path)) if stat.S_ISLNK(status.st_mode) else None
    except OSError as error:
        return Refusal(name, "unreadable", f"cannot be read: {error.strerror}")
    common = (believable_time(status.st_mtime), stat.S_IMODE(status.st_mode), f"{status.st_uid}:{status.st_gid}")
    if target is not None:
        return InputFile(name, Kind.LINK, 0, None, *common, target=target)
    if stat.S_ISDIR(status.st_mode):
        return InputFile(name, Kind.DIRECTORY, 0, None, *common)
    if stat.S_ISSOCK(status.st_mode):
        return InputFile(name, Kind.SOCKET, 0, None, *common)
    if not stat.S_ISREG(status.st_mode):
        return Refusal(name, "device", "a device or pipe", harmless=True)
    if not os.access(entry.path, os.R_OK):
        return Refusal(name, "unreadable", "no permission to read it")
    return InputFile(name, Kind.FILE, status.st_size, PathBlob(name, status.st_size, entry.path), *common)
