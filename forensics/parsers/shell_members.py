"""The membership as the dqlite shell prints it for `.cluster`: rows of `ID|ADDRESS|ROLE`, the id in hex, or JSON.

Source: canonical/go-dqlite internal/shell/shell.go (processCluster), client/store.go (NodeInfo).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from forensics.evidence import Blob, Span
from forensics.ingest.excerpt import SHELL_ROW
from forensics.limits import YAML_BYTES_MAX
from forensics.masking.text import masked_name
from forensics.parsers.member_record import MemberList, MemberRecord
from forensics.parsers.roles import Role

_KEYS = ("ID", "Address", "Role")


def parse_shell_cluster(blob: Blob) -> MemberList | None:
    """The members, in the shell's order; None where the text is not what the shell prints."""
    if blob.size > YAML_BYTES_MAX:
        return None
    text = blob.read().decode("utf-8", "replace")
    members = tuple(_of_json(text, blob.span()) if text.lstrip().startswith("[") else _of_rows(text, blob))
    return MemberList(members, blob.span()) if members else None


def _of_rows(text: str, blob: Blob) -> Iterator[MemberRecord]:
    offset = 0
    lines = text.split("\n")
    if not all(SHELL_ROW.fullmatch(line) for line in lines if line.strip()):
        return
    for line in lines:
        length = len(line.encode())
        if found := SHELL_ROW.fullmatch(line):
            number, address, role = found.groups()
            at = blob.span(offset, length)
            yield MemberRecord(int(number, 16), masked_name(address), Role.from_word(role), _KEYS, at)
        offset += length + 1


def _of_json(text: str, at: Span) -> Iterator[MemberRecord]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict) or set(item) != set(_KEYS):
            continue
        number, address, role = (item[key] for key in _KEYS)
        if type(number) is int and isinstance(address, str) and type(role) is int:
            yield MemberRecord(number, masked_name(address), Role.from_yaml(role), tuple(item), at)
