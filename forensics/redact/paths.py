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
_SUFFIX = re.compile(rb"(?:\.(?:ya?ml|crt|key|pem|sock|db|bak|log|txt|json|tar|tgz|t?gz|t?xz|t?bz2|zst|lz4|zip|sql))+$")
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
    raw = part.encode("utf-8", "surrogateescape")
    if _RAFT.fullmatch(raw):
        return part
    found = _SUFFIX.search(raw)
    stem, suffix = (raw[: found.start()], found[0]) if found else (raw, b"")
    return (texts.path(stem) + suffix).decode("utf-8", "surrogateescape")
