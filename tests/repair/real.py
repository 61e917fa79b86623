"""Repaired directories on real dqlite: who leads, and what it answers."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from fixtures.make.client import Client
from forensics.check.tree import File
from tests.held.raw_log import COMMAND
from tests.held.recording import BASES, Line
from tests.held.starts.library import Member, Nodes

_SECONDS = 30.0
_KINE = "k8s.kine"

Rows = Mapping[str, list[list[Any]]]
"""By `database.table`, in the order of their text."""


def recorded_rows(base: str, moment: str = "end") -> Rows:
    """What the live cluster answered at a moment of a recording."""
    lines = lzma.decompress((BASES / f"{base}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    tables = [table for line in lines if (table := json.loads(line))["moment"] == moment]
    return {f"{table['database']}.{table['table']}": sorted(table["rows"], key=str) for table in tables}


def earlier(base: str, line: Line) -> tuple[int, Rows] | None:
    """An earlier moment of a recording: the last index that had been written then, and the tables; None where there is
    no such moment. From then on kine only got rows: each by one command.
    """
    then, end = recorded_rows(base, "before"), recorded_rows(base)
    kine = len(end.get(_KINE, ())) - len(then.get(_KINE, ()))
    if _KINE not in then or kine < 1 or any(row not in end[_KINE] for row in then[_KINE]):
        return None
    commands = [index for index, one in enumerate(line, 1) if one.kind == COMMAND]
    return commands[-kine] - 1, then


def started(folders: Sequence[Path], version: str, like: Rows) -> tuple[str | None, Rows]:
    """Who leads after these directories were started together, and the same tables as it has them; each database must
    pass SQLite's own check.
    """
    members = {folder.name: _member(folder) for folder in folders}
    with Nodes(version, members) as nodes:
        failures = nodes.failures()
        assert not failures, failures
        leaders = nodes.wait_leaders(_SECONDS)
        return (leaders[0], tables_of(lambda: nodes.client(leaders[0]), like)) if leaders else (None, {})


def refused(folder: Path, version: str) -> str:
    """What a start of this directory by itself says where it fails; empty where it does not."""
    with Nodes(version, {folder.name: _member(folder)}) as nodes:
        return nodes.failures().get(folder.name, "")


def _member(folder: Path) -> Member:
    info = yaml.safe_load((folder / "info.yaml").read_text("utf-8"))
    files = {path.name: File(path.read_bytes()) for path in folder.iterdir()}
    return Member(files, int(info["ID"]), str(info["Address"]))


def tables_of(connect: Callable[[], Client], names: Iterable[str]) -> Rows:
    """These tables as a leader has them. Each database must pass SQLite's own check."""
    return {name: _table(connect, name) for name in names}


def _table(connect: Callable[[], Client], name: str) -> list[list[Any]]:
    database, _, table = name.rpartition(".")
    with connect() as client:
        client.open(database)
        assert client.query("PRAGMA integrity_check").rows == (("ok",),)
        rows = client.query(f'SELECT * FROM "{table}"').rows  # noqa: S608 - a name of our own recordings
    return sorted(([{"hex": one.hex()} if isinstance(one, bytes) else one for one in row] for row in rows), key=str)
