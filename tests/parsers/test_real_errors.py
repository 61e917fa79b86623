"""Errors that real programs printed, as journals, containers, chats and terminals carry them on: each tells its cause.

The texts and the commands that printed them stand in real_errors.txt (Debian: go-dqlite 1.11.5, libdqlite 1.11.1,
LXD 5.0.2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.journal import parse_journal

_REAL = re.findall(
    r"^([\w-]+)(?:, cut ([\w-]+))?: (.*)$",
    Path(__file__).with_name("real_errors.txt").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')


def _other_numbers(text: str) -> str:
    return text.replace("127.0.0.1", "192.168.77.130").replace(":94", ":171")


def _wrapped(text: str) -> str:
    """By a terminal of 80 columns, behind a journal's prefix."""
    whole = f"Jan  5 10:00:01 n1 dqlite-demo[47]: {text}"
    return "\n".join(whole[at : at + 80] for at in range(0, len(whole), 80))


_MANGLINGS: dict[str, Callable[[str], str]] = {
    "bare": str,
    "without Error": lambda text: text.removeprefix("Error: "),
    "journal": lambda text: f"Jan  5 10:00:01 n1 dqlite-demo[47]: {text}",
    "journal, short-iso": lambda text: f"2026-01-05T10:00:01+0000 n1 dqlite-demo[47]: {text}",
    "snap": lambda text: f"Jan 05 10:00:01 n1 microk8s.daemon-k8s-dqlite[4711]: {text}",
    "klog": lambda text: f"E0105 10:00:01.123456    4711 dqlite.go:36] {text}",
    "klog, err=": lambda text: f'E0105 10:00:01.123456    4711 dqlite.go:36] "cannot go on" err="{_quoted(text)}"',
    "logfmt": lambda text: f'time="2026-01-05T10:00:01Z" level=error msg="{_quoted(text)}"',
    "logfmt, error=": lambda text: f'time="2026-01-05T10:00:01Z" level=error msg="failed" error="{_quoted(text)}"',
    "LXD before 4": lambda text: f't=2026-01-05T10:00:01+0000 lvl=eror msg="failed" err="{_quoted(text)}"',
    "JSON": lambda text: json.dumps({"level": "error", "msg": "failed", "error": text}),
    "docker compose": lambda text: f"db-1  | {text}",
    "docker, JSON": lambda text: json.dumps({"log": text + "\n", "stream": "stderr", "time": "2026-01-05T10:00:01Z"}),
    "containerd": lambda text: f"2026-01-05T10:00:01.123456789Z stderr F {text}",
    "juju": lambda text: f"machine-0: 10:00:01 ERROR juju.worker.dbaccessor {text}",
    "gRPC": lambda text: f"rpc error: code = Unknown desc = {text}",
    "upper case level": lambda text: f"2026-01-05 10:00:01 ERROR {text.removeprefix('Error: ')}",
    "quoted in a mail": lambda text: f"> {text}",
    "typographic quotes": lambda text: text.replace('"', "\u201d").replace("'", "\u2019"),
    "HTML": lambda text: text.replace('"', "&quot;").replace("'", "&#39;"),
    "other numbers": _other_numbers,
    "wrapped": _wrapped,
    "cut": lambda text: f"Jan  5 10:00:01 n1 dqlite-demo[47]: {text}"[:120],
}


@pytest.mark.parametrize("mangling", _MANGLINGS)
@pytest.mark.parametrize(("code", "code_cut", "text"), _REAL)
def test_a_real_error_tells_its_cause(code: str, code_cut: str, text: str, mangling: str) -> None:
    """`code_cut`: what the outer part tells, where the cause is cut off; else the cause is within what is left."""
    code = code_cut if mangling == "cut" and code_cut else code
    for ending in ("\n", "\r\n"):
        told = [line.code for line in parse_journal(BytesBlob("paste.txt", _pasted(mangling, text, ending)), "").lines]
        assert told[:1] == [code], (mangling, told)
        assert set(told) == {code}, (mangling, told)


def _pasted(mangling: str, text: str, ending: str) -> bytes:
    return (_MANGLINGS[mangling](text).replace("\n", ending) + ending).encode()
