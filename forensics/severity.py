"""The words in which findings are judged: how bad, what it does to the database, and what a rule may answer."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, worst first. Values are the words of report.json."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


class Effect(StrEnum):
    """What a finding does to the database; what the case's faults come to, where raft does not decide it."""

    BROKEN = "broken"  # the database cannot start, has no electable majority, or loses committed entries
    NODE_DOWN = "node-down"  # the node does not start or cannot take part: broken only where that costs the majority
    DEGRADED = "degraded"  # it runs with less than it should
    ATTENTION = "attention"  # something will bite later
    NONE = "none"  # worth knowing


class Answer(StrEnum):
    """The four answers of a rule."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - not a password
    NOT_CHECKED = "not-checked"
    BROKEN = "broken"


class Scope(StrEnum):
    """What a rule looks at."""

    NODE = "node"
    CLUSTER = "cluster"
    CASE = "case"
