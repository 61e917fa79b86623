"""The kinds of causes that an error can have, whoever words it."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What stands at the inner end of a chain of errors."""

    NO_LEADER = "no-leader"
    NO_QUORUM = "no-quorum"
    LEADERSHIP_LOST = "leadership-lost"
    REFUSED = "connection-refused"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection-lost"
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    CERTIFICATE = "certificate"
    TOKEN = "token-refused"  # noqa: S105 - a kind of error
    DISK_FULL = "disk-full"
    READ_ONLY = "read-only"
    INPUT_OUTPUT = "input-output"
    PERMISSION = "permission"
    LIMIT = "limit"
    LOCKED = "locked"
    BUSY = "busy"
    PORT_TAKEN = "port-taken"
    ADDRESS = "wrong-address"
    NAME_UNKNOWN = "name-unknown"
    MEMBER_UNKNOWN = "member-unknown"
    MEMBER_DUPLICATE = "member-duplicate"
    VERSION = "version-mismatch"
    SCHEMA_WAIT = "schema-wait"
    TABLE_MISSING = "table-missing"
    DATABASE_MALFORMED = "database-malformed"
    CHECKSUM = "checksum"
    MALFORMED = "malformed"
    GAP = "gap"
    FILE_MISSING = "file-missing"
    CONFIGURATION = "configuration"
    NOT_INITIALISED = "not-initialised"
    ASSERTION = "assertion"
    PANIC = "panic"
    SIGNAL = "signal"
    MEMORY = "out-of-memory"
    SLOW = "slow"
    ENDED = "ended"
    NO_REASON = "no-reason"
    CUT = "cut-off"
    UNKNOWN = "unknown"


OF_A_CLUSTER = frozenset({
    Kind.NO_LEADER, Kind.NO_QUORUM, Kind.LEADERSHIP_LOST, Kind.SCHEMA_WAIT, Kind.DATABASE_MALFORMED, Kind.CHECKSUM,
    Kind.GAP, Kind.MEMBER_UNKNOWN, Kind.MEMBER_DUPLICATE, Kind.DISK_FULL, Kind.CERTIFICATE,
})  # fmt: skip
"""What only a replicated database says, or what stops one whoever says it."""
STATES = frozenset((Kind.SLOW, Kind.SCHEMA_WAIT))
"""What is told as news, and is none of the good ones."""
VAGUE = frozenset((Kind.DEADLINE, Kind.CANCELLED, Kind.CONNECTION_LOST, Kind.ENDED))
"""What says only that something did not happen: a link outside may say what."""
WITHOUT_CAUSE = frozenset((Kind.UNKNOWN, Kind.NO_REASON, Kind.CUT))
"""What is told of an error whose innermost part tells no kind."""
