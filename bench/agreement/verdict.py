"""One comparison: what the library did to a directory, and what the model says.

A verdict is the JSON that raft_load.c prints, with what it removed, added and changed. Only what means something is
compared: the text that a successful load leaves behind does not (see data/forecast's README in the project's brief).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.agreement.state import State
from forensics.crc import crc32
from forensics.evidence import BytesBlob
from forensics.forecast.digest import entries_digest
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.reasons import Undefined
from forensics.forecast.snapshot import Snapshot
from forensics.forecast.versions import Library

_CLOCK = re.compile(r"^corrupt-\d+-")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparable part of an answer.

    Attributes:
        result: outcome and numbers, in raft_load's terms.
        removed, added: names; the wall clock in them replaced by `*`.
        after: size and raft CRC of each file that was added or cut, where that was recorded.
        undefined: the model's reason why the library's answer depends on what happens to lie in memory.
    """

    result: dict[str, Any]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    after: dict[str, tuple[int, int]] | None
    undefined: Undefined | None = None


def starless(name: str) -> str:
    """`corrupt-1795429…-open-1` as `corrupt-*-open-1`."""
    return _CLOCK.sub("corrupt-*-", name)


def recorded(row: Mapping[str, Any]) -> Verdict:
    """The verdict of a recorded row."""
    result = dict(row["result"])
    if "crash" in result:
        result = {"crash": True}
    elif result.get("load") == 0:
        result.pop("errmsg", None)
        result.setdefault("last_term", None)
    after = row.get("after")
    return Verdict(
        result,
        tuple(sorted(row["removed"])),
        tuple(sorted(starless(name) for name in row["added"])),
        None if after is None else {starless(name): (size, checksum) for name, size, checksum in after},
    )


def simulated(state: State, library: Library) -> Verdict:
    """The verdict of the model."""
    files = {name: StateFile(None if data is None else BytesBlob(name, data)) for name, data in state.items()}
    said = forecast(files, library)
    content = {name: data or b"" for name, data in state.items()}
    for change in said.changes:
        if change.action == "delete":
            del content[change.path]
        elif change.action == "truncate":
            content[change.path] = content[change.path][: change.size]
        elif change.to is not None:
            content[change.to] = content.pop(change.path)
    before = {name: data or b"" for name, data in state.items()}
    return Verdict(
        _result(said),
        tuple(sorted(set(before) - set(content))),
        tuple(sorted(set(content) - set(before))),
        {name: (len(data), crc32(data)) for name, data in content.items() if before.get(name) != data},
        said.undefined_loading,
    )


def _result(said: Forecast) -> dict[str, Any]:
    if said.loaded is not None and said.metadata is not None:
        log = said.loaded.log
        return {
            "init": 0,
            "load": 0,
            "term": said.metadata.term,
            "voted_for": said.metadata.voted_for,
            "start_index": log.start,
            "n_entries": len(log),
            "snapshot": _snapshot(said.loaded.snapshot),
            "entries_digest": entries_digest(log),
            "last_term": log.last_term,
        }
    if said.outcome == "hangs":
        return {"hang": True}
    if said.outcome == "crashes":
        return {"crash": True}
    if said.stage == "init":
        return {"init": said.code, "errmsg": said.message}
    return {"init": 0, "load": said.code, "errmsg": said.message}


def _snapshot(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    checksum = 0
    for piece in snapshot.content.pieces():
        checksum = crc32(piece, checksum)
    return {
        "index": snapshot.index,
        "term": snapshot.term,
        "conf_index": snapshot.configuration_index,
        "servers": [[one.id, one.address.decode("utf-8", "replace"), one.role] for one in snapshot.configuration],
        "len": snapshot.content.size,
        "crc": checksum,
    }


def differences(want: Verdict, got: Verdict) -> list[str]:
    """What the two disagree about, one line each; empty where they agree."""
    lines = [
        f"{key}: library {want.result.get(key)!r}, model {got.result.get(key)!r}"
        for key in sorted(want.result.keys() | got.result.keys())
        if want.result.get(key) != got.result.get(key)
    ]
    if want.removed != got.removed:
        lines.append(f"removed: library {want.removed}, model {got.removed}")
    if want.added != got.added:
        lines.append(f"added: library {want.added}, model {got.added}")
    if want.after is not None and want.after != got.after:
        lines.append(f"files after: library {want.after}, model {got.after}")
    return lines
