"""Paths, and the names of inputs: what tells a file's role stays, names of hosts and people go."""

from __future__ import annotations

import re
from itertools import pairwise

from forensics.ingest.roles import FileRole, role_of
from forensics.redact.texts import Texts

# Roles whose names hold a part that somebody chose.
_CHOSEN = frozenset(
    {
        FileRole.UNKNOWN, FileRole.TRUSTSTORE, FileRole.CERTIFICATE, FileRole.KEY, FileRole.SOCKET, FileRole.CORRUPT,
        FileRole.TEMPORARY, FileRole.BACKUP,
    }
)  # fmt: skip
_SUFFIXES = frozenset(
    b"yml yaml crt key pem sock db bak log txt json tar tgz gz tgz txz xz tbz2 bz2 zst lz4 zip sql".split()
)
_RAFT = re.compile(rb"(?:corrupt-\d+-|tmp-)?(?:open-\d+(?:-\d+)?|\d+-\d+|snapshot-\d+-\d+-\d+(?:\.meta)?|metadata[12])")


def cleaned_path(path: str, texts: Texts) -> str:
    """The path in the copy: as many parts, and the name a file is known by."""
    return "!/".join(_one(part, texts) for part in path.split("!/"))


def _one(path: str, texts: Texts) -> str:
    parts = path.split("/")
    return "/".join(
        part if at == len(parts) and role_of(part, parent) not in _CHOSEN else _part(part, texts)
        for at, (parent, part) in enumerate(pairwise(("", *parts)), 1)
    )


def _part(part: str, texts: Texts) -> str:
    stem, suffix = _parted(part.encode("utf-8", "surrogateescape"))
    if _RAFT.fullmatch(stem):
        return part
    return (texts.path(stem) + suffix).decode("utf-8", "surrogateescape")


def _parted(name: bytes) -> tuple[bytes, bytes]:
    """The name, and all endings that say what kind of file it is."""
    stem = name
    while b"." in stem and stem.rpartition(b".")[2] in _SUFFIXES:
        stem = stem.rpartition(b".")[0]
    return stem, name[len(stem) :]
