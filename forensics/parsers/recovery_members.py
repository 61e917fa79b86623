"""The list of members inside a recovery tarball: microcluster's recovery.yaml, LXD's raft_nodes.yaml.

Source: canonical/microcluster cluster/recover.go (DqliteMember: id, address, role, name); canonical/lxd lxd/db/raft.go
(RaftNode: yaml.v2 writes its embedded NodeInfo as a mapping `nodeinfo`, with go-dqlite's capitalised keys).
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.masking.text import masked_name
from forensics.parsers.yaml_text import Mapping, Scalar, Sequence, Value, parse_yaml


@dataclass(frozen=True, slots=True)
class RecoveryMember:
    """A member as the recovery wants it. None where a field is missing or not what it must be."""

    id: int | None
    name: str | None
    address: str | None
    at: Span


def parse_recovery_members(blob: Blob) -> Parsed[tuple[RecoveryMember, ...]]:
    """Every mapping of the list, in file order."""
    parsed = parse_yaml(blob)
    if not isinstance(parsed.value, Sequence):
        wrong = () if parsed.value is None else (Anomaly("yaml-type", blob.span(), "it is not a list of members"),)
        return Parsed(None, (*parsed.anomalies, *wrong))
    members = tuple(_member(item) for item in parsed.value.items if isinstance(item, Mapping))
    return Parsed(members, parsed.anomalies)


def _member(mapping: Mapping) -> RecoveryMember:
    fields: dict[str, Value] = {name.lower(): value for name, value in mapping.pairs}
    inner = fields.get("nodeinfo")
    if isinstance(inner, Mapping):
        fields |= {name.lower(): value for name, value in inner.pairs}
    texts = {name: value.text for name, value in fields.items() if isinstance(value, Scalar) and value.kind != "null"}
    number = texts.get("id", "")
    known = number.isascii() and number.isdigit() and len(number) <= 20
    name, address = (masked_name(texts[key]) if texts.get(key) else None for key in ("name", "address"))
    return RecoveryMember(int(number) if known else None, name, address, mapping.at)
