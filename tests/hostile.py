"""A state directory whose names and YAML try to be markup, script, escape sequences: they must stay text everywhere."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from tests.raft_bytes import Made, segment

SCRIPT = '<script>document.title="owned"</script>'
IMAGE = "<img src=x onerror=document.title='owned'>"
QUOTES = "\" onmouseover='x' `|*_[a](javascript:alert(1))"
ESCAPE = "\x1b[31mred\x1b]0;title\x07"
BIDI = "\u202egpj.exe"
ADDRESS = f"10.0.0.1:9000{SCRIPT}"

KEY = "-----BEGIN EC PRIVATE " + "KEY-----\nc2VjcmV0IGtleSBtYXRlcmlhbA==\n-----END EC PRIVATE KEY-----\n"

_DIRECTORY = f"host{IMAGE}/k8s-dqlite"
FILES = {
    f"{_DIRECTORY}/metadata1": bytes.fromhex("0100000000000000 0100000000000000 0100000000000000 0000000000000000"),
    f"{_DIRECTORY}/0000000000000001-0000000000000002": segment([[Made()], [Made()]])[:-3] + b"\xff\xff\xff",
    f"{_DIRECTORY}/info.yaml": f"ID: 1\nAddress: '{ADDRESS}'\nRole: 0\nnote: \"{IMAGE}\"\n".encode(),
    f"{_DIRECTORY}/cluster.yaml": (
        f"- ID: 1\n  Address: \"javascript:alert('{ESCAPE.encode('unicode_escape').decode()}')\"\n  Role: 0\n"
        f"- ID: 1\n  Address: {IMAGE}\n  Role: 0\nnote: [{BIDI}\n"
    ).encode(),
    f"{_DIRECTORY}/{IMAGE}": b"unknown",
    f"{_DIRECTORY}/tmp-{QUOTES}": b"leftover",  # noqa: S108 - a name, not a place
    f"{_DIRECTORY}/cluster.key": KEY.encode(),
}


def write_archive(path: Path) -> Path:
    """The directory as a tar."""
    with tarfile.open(path, "w") as archive:
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_700_000_000
            archive.addfile(info, io.BytesIO(content))
    return path
