"""What was known and accepted before: the ignore file's entries, and the baseline."""

from __future__ import annotations

from forensics.report.document.part import Count, IgnoreState, Part


class Ignore(Part):
    """An entry of the ignore file, and what became of it.

    Attributes:
        id: the rule's ID.
        reason: as the entry says.
        expires: its last day, ISO 8601.
        state: `used`, `stale` (it matches nothing), `expired` (it is not applied any more).
        matched: how many findings it suppressed.
    """

    id: str
    reason: str
    expires: str | None
    state: IgnoreState
    matched: Count


class Gone(Part):
    """A finding that the baseline had, and this report has not.

    Attributes:
        rule: the rule's ID.
        nodes: of which nodes.
        message: what the baseline said.
    """

    rule: str
    nodes: tuple[str, ...]
    message: str


class Baseline(Part):
    """This report compared with an earlier one.

    Attributes:
        known: how many findings it has already.
        new: how many it has not.
        gone: what it has, and this report has not.
    """

    known: Count
    new: Count
    gone: tuple[Gone, ...]
