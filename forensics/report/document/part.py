"""What every part of the document is made of, and the words that it has from nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, dataclass_transform

import msgspec

from forensics.masking.text import shown

COUNT_MAX = 2**64 - 1
Count = Annotated[int, msgspec.Meta(ge=0, extra_json_schema={"maximum": COUNT_MAX})]
"""An index, a term, a number of bytes or of things: whole, not negative, at most 64 bits."""


_TEXTS = (str, tuple, list, dict)
_OURS = ("sha256", "fingerprint", "hex", "stored", "computed")
"""Fields that hold what this program computed, or the bytes of headers: random by their looks."""


class _PartType(msgspec.StructMeta):
    """msgspec asks for `kw_only` at every class: here it is said once."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> _PartType:
        return super().__new__(mcs, name, bases, namespace, **({"frozen": True, "kw_only": True} | options))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Part(msgspec.Struct, metaclass=_PartType, frozen=True, rename="camel"):
    """An object of the document: complete when it is made, camelCase in JSON.

    A field with a default may be absent from an older report; the default is what its absence means. Whatever text a
    part gets comes through the gate (docs/reference/secrets.md#the-gate).
    """

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            held = getattr(self, name)
            if isinstance(held, _TEXTS) and not name.startswith(_OURS) and (told := shown(held)) != held:
                msgspec.structs.force_setattr(self, name, told)


class Level(StrEnum):
    """A verdict's level. Where several databases are judged as one, the first of these wins."""

    BROKEN = "broken"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    ATTENTION = "attention"
    HEALTHY = "healthy"


class Evidence(StrEnum):
    """How much of a node arrived."""

    FULL = "full"
    PARTIAL = "partial"
    LISTING = "listing"
    YAML = "yaml"
    CLEANED = "cleaned"


class Action(StrEnum):
    """What a start does to a file."""

    DELETE = "delete"
    TRUNCATE = "truncate"
    RENAME = "rename"
    CREATE = "create"
    WRITE = "write"


class SegmentKind(StrEnum):
    """A segment's kind, by its name."""

    CLOSED = "closed"
    OPEN = "open"


class DivergenceKind(StrEnum):
    """How logs disagree."""

    CONFLICT = "conflict"
    FORCED = "forced-configuration"
    FORK = "fork"
    ALTERED = "altered"
    SHIFTED = "shifted"


class CopyKind(StrEnum):
    """What a directory is that carries another's ID."""

    IDENTICAL = "identical"
    OLDER = "older"
    FORKED = "forked"
    LOOK = "look"
    UNKNOWN = "unknown"


class GapKind(StrEnum):
    """Why the analysis is incomplete."""

    NOTHING = "nothing"
    ABSENT = "absent"
    GRADE = "grade"
    REFUSED = "refused"
    BROKEN = "broken"
    EARLIER = "earlier"


class CheckState(StrEnum):
    """How a precondition of a recovery stands."""

    OK = "ok"
    LOOK = "look"
    STOP = "stop"


class IgnoreState(StrEnum):
    """What became of an entry of the ignore file."""

    USED = "used"
    STALE = "stale"
    EXPIRED = "expired"


class Known(StrEnum):
    """Whether a baseline knows a finding already."""

    NEW = "new"
    KNOWN = "known"
