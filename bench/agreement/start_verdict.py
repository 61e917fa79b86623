"""The same comparison for a whole start: what a real dqlite node answered, and what the model says.

A row's `result` is the JSON that node_start.c prints: codes of dqlite_node_create and dqlite_node_start, and the text
that the node then has. The text carries dqlite's and raft's prefixes, which the model's message is without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bench.agreement.state import State
from forensics.evidence import BytesBlob
from forensics.forecast.errmsg import ErrorMessage
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.versions import Library

_ID = re.compile(rb"^ID:\s*(\d+)", re.MULTILINE)
_FOUNDER_TEXT = re.compile(r"metadata contains term \d+$")  # what a refused bootstrap leaves in the message buffer


def node_id(state: State) -> int:
    """The id in info.yaml; 1 for the directories made by hand, which have none."""
    found = _ID.search(state.get("info.yaml") or b"")
    return int(found[1]) if found else 1


def simulate(state: State, library: Library, identity: int) -> Forecast:
    """The model's answer."""
    files = {name: StateFile(None if data is None else BytesBlob(name, data)) for name, data in state.items()}
    return forecast(files, library, identity)


def differences(result: Mapping[str, Any], said: Forecast) -> list[str]:
    """What the node and the model disagree about; empty where they agree."""
    want, got = _node(result), _model(said)
    if "text" not in want or "text" not in got:  # 1.11 has no text for a node that could not be created, only the code
        want, got = {**want, "text": None}, {**got, "text": None}
    else:
        want, got = {**want, "code": None}, {**got, "code": None}
    return [f"{key}: node {want[key]!r}, model {got.get(key)!r}" for key in want if want[key] != got.get(key)]


def _node(result: Mapping[str, Any]) -> dict[str, Any]:
    for end in ("crash", "hang"):
        if end in result:
            return {"end": end}
    if result["create"]:
        text = {"text": result["errmsg"]} if result["errmsg"] else {}
        return {"end": "not created", "code": result["create"], **text}
    if result["start"]:
        return {"end": "not started", "text": _FOUNDER_TEXT.sub("", result["errmsg"])}
    return {"end": "started"}


def _model(said: Forecast) -> dict[str, Any]:
    if said.outcome in ("crashes", "hangs"):
        return {"end": said.outcome[:-1] if said.outcome == "hangs" else "crash"}
    if said.bootstrap is not None and said.bootstrap.fails and said.stage != "init":
        return {"end": "not started", "text": "raft_bootstrap(): "}
    if said.outcome == "starts":
        return {"end": "started"}
    message = ErrorMessage()
    message.set(said.message or "")
    if said.stage != "start":
        message.wrap("io")
    created = said.stage != "init"
    text = f"raft_{'start' if created else 'init'}(): {message}".encode()[:255].decode("utf-8", "replace")
    return {"end": "not started" if created else "not created", "code": said.code, "text": text}
