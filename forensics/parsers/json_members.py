"""Members in JSON: arrays of objects that have an address and a role, a state or an ID, in any spelling of the keys.

Sources: canonical/go-dqlite client/store.go (NodeInfo); canonical/lxd shared/api/cluster.go (ClusterMember);
canonical/microcluster rest/types/cluster.go (ClusterMember).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.limits import SERVERS_MAX

_BEGINS = re.compile(r"\[\s*\{")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_KEYS = {
    "id": ("id", "nodeid", "serverid", "raftid", "dqliteid"),
    "address": ("address", "addr", "url", "serveraddress", "nodeaddress"),
    "role": ("role", "noderole", "suffrage"),
    "roles": ("roles",),
    "leads": ("leader", "isleader"),
    "state": ("status", "state", "nodestatus"),
    "name": ("name", "servername", "nodename"),
}
_SHELL_KEYS = {"ID", "Address", "Role"}  # `.cluster`: forensics/parsers/shell_members.py
_ARRAYS_MAX = 200  # of one text; a paste has a few
_ARRAY_CHARS_MAX = 1 << 18
_HOST_AND_PORT = re.compile(r"[\w.\[\]:-]{1,260}:\d{1,5}")


@dataclass(frozen=True, slots=True)
class JsonMembers:
    """One array.

    Attributes:
        members: by the names of `_KEYS`; what an object does not have, or has as a list of objects, is left out.
        start, end: characters of the text.
    """

    members: tuple[dict[str, str], ...]
    start: int
    end: int


def json_members(text: str) -> Iterator[JsonMembers]:
    """All such arrays of a text, in order; one that breaks off is none."""
    decoder, done = json.JSONDecoder(), 0
    for number, found in enumerate(_BEGINS.finditer(text)):
        if number == _ARRAYS_MAX:
            return
        if found.start() < done:
            continue
        try:
            items, length = decoder.raw_decode(text[found.start() : found.start() + _ARRAY_CHARS_MAX])
        except (ValueError, RecursionError):
            continue
        done = found.start() + length
        members = tuple(_member(item) for item in items[:SERVERS_MAX] if isinstance(item, dict))
        if len(members) == len(items) and all(map(_is_member, members)) and set(items[0]) != _SHELL_KEYS:
            yield JsonMembers(members, found.start(), done)


def _is_member(member: dict[str, str]) -> bool:
    return "address" in member and len({"id", "role", "roles", "state"} & member.keys()) > 0


def _member(item: dict[str, object]) -> dict[str, str]:
    plain = {_NO_LETTER.sub("", key.lower()): _written(value) for key, value in item.items()}
    told = {name: next((plain[key] for key in keys if plain.get(key)), "") for name, keys in _KEYS.items()}
    address = told["address"].removeprefix("https://").removeprefix("http://").strip("/")
    told["address"] = address if _HOST_AND_PORT.fullmatch(address) else ""
    return {name: value for name, value in told.items() if value}


def _written(value: object) -> str:
    """Text and numbers; of a list of texts all, with blanks between them; of yes and no the yes."""
    if isinstance(value, list):
        return " ".join(one for one in value if isinstance(one, str))
    return str(value) if isinstance(value, str | int) and value is not False else ""
