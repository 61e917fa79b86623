"""info.yaml, cluster.yaml and their relatives: who a node thinks it is, and whom it thinks it knows.

Source: docs/reference/go-dqlite.md#what-the-files-mean.

Roles here are YAML codes: 0 voter, 1 stand-by, 2 spare.
"""

from __future__ import annotations

from forensics.evidence import Anomaly, Blob, Parsed
from forensics.masking.text import masked_name
from forensics.parsers.member_record import MemberList, MemberRecord
from forensics.parsers.roles import Role
from forensics.parsers.shell_members import parse_shell_cluster
from forensics.parsers.yaml_text import Mapping, Scalar, Sequence, Value, parse_yaml

_U64_MAX = (1 << 64) - 1
_KEYS = ("ID", "Address", "Role")


def parse_info(blob: Blob) -> Parsed[MemberRecord]:
    """info.yaml: this node's own record. Its role was written at creation and never since.

    Source: docs/reference/go-dqlite.md#what-the-files-mean.
    """
    parsed = parse_yaml(blob)
    anomalies = list(parsed.anomalies)
    if parsed.value is None:
        return Parsed(None, tuple(anomalies))
    if not isinstance(parsed.value, Mapping):
        return Parsed(None, (*anomalies, _wrong(parsed.value, "a mapping of ID, Address and Role")))
    record = _record(parsed.value, anomalies)
    return Parsed(record, tuple(anomalies))


def parse_cluster(blob: Blob) -> Parsed[MemberList]:
    """cluster.yaml, or what the dqlite shell says instead: a list; also with one bad record the others are kept."""
    if (answered := parse_shell_cluster(blob)) is not None:
        return Parsed(answered)
    parsed = parse_yaml(blob)
    anomalies = list(parsed.anomalies)
    if parsed.value is None:
        return Parsed(None, tuple(anomalies))
    if not isinstance(parsed.value, Sequence):
        return Parsed(None, (*anomalies, _wrong(parsed.value, "a list of members")))
    members = []
    for item in parsed.value.items:
        if isinstance(item, Mapping):
            members.append(_record(item, anomalies))
        else:
            anomalies.append(_wrong(item, "a mapping of ID, Address and Role"))
    return Parsed(MemberList(tuple(members), parsed.value.at), tuple(anomalies))


def _record(mapping: Mapping, anomalies: list[Anomaly]) -> MemberRecord:
    lowered = [key for key in mapping.names if key not in _KEYS and key.lower() in ("id", "address", "role")]
    if lowered:
        # yaml.v2 is case-sensitive: go-dqlite 1.11.8 and later silently read id 0 and no address.
        detail = f"go-dqlite 1.11.8 and later ignore {', '.join(lowered)}: upper and lower case matter"
        anomalies.append(Anomaly("member-key-case", mapping.at, detail))
    missing = [key for key in _KEYS if not any(name.lower() == key.lower() for name in mapping.names)]
    if missing:
        anomalies.append(Anomaly("member-key-missing", mapping.at, f"it has no {', '.join(missing)}"))
    fields = {name.lower(): value for name, value in mapping.pairs}
    server_id = _number(fields.get("id"), "ID", _U64_MAX, anomalies)
    role_code = _number(fields.get("role"), "Role", 2, anomalies)
    return MemberRecord(
        server_id,
        _address(fields.get("address"), anomalies),
        None if role_code is None else Role.from_yaml(role_code),
        mapping.names,
        mapping.at,
        server_id is None and _is_written(fields.get("id")),
    )


def _is_written(value: Value | None) -> bool:
    """Not so where a paste ends behind the key."""
    return isinstance(value, Scalar) and bool(value.text)


def _number(value: Value | None, key: str, largest: int, anomalies: list[Anomaly]) -> int | None:
    if value is None:
        return None
    text = value.text if isinstance(value, Scalar) else ""
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > largest:
        anomalies.append(Anomaly("member-type", value.at, f"{key} is not a number of 0 to {largest}"))
        return None
    return int(text)


def _address(value: Value | None, anomalies: list[Anomaly]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, Scalar) or value.kind == "null" or not value.text:
        anomalies.append(Anomaly("member-type", value.at, "Address is empty or not text"))
        return None
    return masked_name(value.text)


def _wrong(value: Value, wanted: str) -> Anomaly:
    return Anomaly("member-type", value.at, f"it has a {type(value).__name__.lower()} where {wanted} is expected")
