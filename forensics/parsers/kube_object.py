r"""What a value that Kubernetes stored says of itself: kind, version, name and namespace; never its content.

Protobuf in the envelope `k8s\0` (runtime.Unknown: k8s.io/apimachinery pkg/runtime/generated.proto), JSON, or encrypted
at rest (`k8s:enc:PROVIDER:…`, of which only the provider is told).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.limits import JSON_VALUE_BYTES_MAX

_PROTOBUF = b"k8s\0"
_ENCRYPTED = b"k8s:enc:"
_NAME_BYTES_MAX = 512  # Kubernetes: 253


@dataclass(frozen=True, slots=True)
class KubeObject:
    """None where the value does not tell.

    Attributes:
        encoding: `protobuf`, `json` or `encrypted`.
        provider: of the encryption, such as `aescbc`.
    """

    encoding: str
    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    provider: str | None = None


def parse_kube_object(value: bytes) -> KubeObject | None:
    """Look at a value; None where it is nothing that Kubernetes writes. Never raises."""
    if value.startswith(_PROTOBUF):
        return _protobuf(value[len(_PROTOBUF) :])
    if value.startswith(_ENCRYPTED):
        provider = value[len(_ENCRYPTED) :].split(b":", 1)[0][:32]
        return KubeObject("encrypted", provider=provider.decode("ascii", "replace"))
    if value[:1] == b"{" and len(value) <= JSON_VALUE_BYTES_MAX:
        return _json(value)
    return None


def _protobuf(data: bytes) -> KubeObject:
    """Unknown: 1 typeMeta (1 apiVersion, 2 kind), 2 raw; in raw, 1 is the ObjectMeta (1 name, 3 namespace)."""
    fields = dict(_fields(data))
    meta = dict(_fields(fields.get(1, b"")))
    inner = dict(_fields(fields.get(2, b""), 1))
    names = dict(_fields(inner.get(1, b""), 3))
    return KubeObject("protobuf", _text(meta.get(1)), _text(meta.get(2)), _text(names.get(1)), _text(names.get(3)))


def _fields(data: bytes, last: int = 2) -> Iterator[tuple[int, bytes]]:
    """(number, content) of the length-delimited fields up to number `last`, as the writer puts them: in order."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if number > last:
            return
        if wire == 2:
            length, at = _varint(data, at)
            yield number, data[at : at + length]
            at += length
        elif wire == 0:
            _, at = _varint(data, at)
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    return value, len(data)


def _json(value: bytes) -> KubeObject | None:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    meta = found.get("metadata")
    names = meta if isinstance(meta, dict) else {}
    words = (found.get("apiVersion"), found.get("kind"), names.get("name"), names.get("namespace"))
    return KubeObject("json", *(word[:_NAME_BYTES_MAX] if isinstance(word, str) else None for word in words))


def _text(raw: bytes | None) -> str | None:
    return raw[:_NAME_BYTES_MAX].decode("utf-8", "replace") if raw else None
