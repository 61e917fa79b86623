"""What a store of earlier cases knows that is like this one."""

from __future__ import annotations

from forensics.fault_kind import FaultKind
from forensics.report.document.part import Count, Level, Part


class SeenNote(Part):
    """What somebody wrote of an earlier case.

    Attributes:
        case: of which.
        time: when, ISO 8601.
        text: word for word, secrets masked.
    """

    case: str
    time: str
    text: str


class SeenCase(Part):
    """An earlier case.

    Attributes:
        case: its name in the store.
        collected: the moment that its dates were judged at, ISO 8601; null where nothing told it.
        level: its verdict.
    """

    case: str
    collected: str | None
    level: Level


class SeenFault(Part):
    """A fault of this report that other clusters had, too.

    Attributes:
        kind: what is wrong, stable.
        rule: the rule that told of it.
        cases: how many cases of other clusters had it.
        examples: the newest of them.
        notes: of any of them: what helped there.
    """

    kind: FaultKind
    rule: str
    cases: Count
    examples: tuple[SeenCase, ...] = ()
    notes: tuple[SeenNote, ...] = ()


class Seen(Part):
    """Earlier cases that are like this one.

    Attributes:
        same_bytes: an input of theirs is one of these inputs.
        same_cluster: of one of these clusters, by a server's ID that only it has; newest first.
        same_fault: faults of this report that other clusters had, too.
        notes: of those with the same bytes or of the same cluster.
    """

    same_bytes: tuple[SeenCase, ...] = ()
    same_cluster: tuple[SeenCase, ...] = ()
    same_fault: tuple[SeenFault, ...] = ()
    notes: tuple[SeenNote, ...] = ()
