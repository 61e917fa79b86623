"""Kubernetes' objects as JSON: key, revision, and the value as it is stored."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from forensics.export.live import Live, LiveObject
from forensics.facts.database.kine import is_secret_key
from forensics.parsers.kube_object import parse_kube_object


@dataclass(frozen=True, slots=True)
class Listed:
    """How many objects were written, and how many Secrets were left out."""

    objects: int
    secrets_left_out: int


def write_objects(live: Live, out: TextIO, *, with_secrets: bool) -> Listed:
    """Write `{"revision": N, "objects": [...]}`. Raises QueryError where the database cannot be read to its end.

    Of each object: `key`, `createRevision`, `revision`, `lease` in seconds, `encoding` (protobuf, json, encrypted, or
    null where it is none of Kubernetes'), and the value as `text` or, where that is no text, `base64`.
    """
    written = left_out = 0
    out.write(f'{{"revision": {live.revision}, "objects": [')
    for found in live.objects():
        key = found.key.decode("utf-8", "backslashreplace")
        if is_secret_key(key) and not with_secrets:
            left_out += 1
            continue
        out.write(("," if written else "") + "\n" + json.dumps(_object(found, key)))
        written += 1
    out.write("\n]}\n")
    return Listed(written, left_out)


def _object(found: LiveObject, key: str) -> dict[str, object]:
    content = parse_kube_object(found.value)
    return {
        "key": key,
        "createRevision": found.create_revision,
        "revision": found.revision,
        "lease": found.lease,
        "encoding": content and content.encoding,
    } | _value(found.value)


def _value(value: bytes) -> dict[str, str]:
    with suppress(UnicodeDecodeError):
        if b"\0" not in value:
            return {"text": value.decode("utf-8")}
    return {"base64": base64.b64encode(value).decode("ascii")}
