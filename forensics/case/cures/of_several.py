"""Cures that findings about directories and about logs share."""

from __future__ import annotations

from forensics.case.cures.model import JOIN, Cure, Do, End
from forensics.plan.steps import StepKind

JOIN_AGAIN = Cure(
    (
        Do(
            "See on a member that runs whether {nodes} was added there, and take it out if so",
            ("{members}", "{remove}"),
            "The member list does not show it.",
            "It is a member, and has been one for long: then its state is needed, so look for the missing files.",
            StepKind.DECIDE,
        ),
        Do(
            "Move the unfinished state of {nodes} away, and join it again",
            JOIN,
            "The member list shows it.",
            kind=StepKind.REJOIN,
        ),
    ),
    saves=True,
    end=End.WATCH,
)
TRUST = Cure(
    (
        Do(
            "Put the truststore of {nodes} back: its files from a member whose truststore is whole. Move away what is "
            "empty, or no entry of it",
            ("sudo ls -la {directory}/truststore",),
            "truststore/ has one file for each member, and no other file.",
        ),
    ),
    saves=True,
)
STEP_BY_STEP = Cure(
    (
        Do(
            "Go back to the release that last worked here, and upgrade through the releases in between: the database "
            "is older than what this release reads",
            ("snap list {snap}", "snap info {snap}"),
            "The service starts with the release in between.",
            "No such release can be had: ask the product's support.",
        ),
    ),
    saves=True,
)
STILL_LISTED = Cure(
    (
        Do(
            "Take the member out of the cluster that has the ID or address of {nodes}, on a node that runs",
            ("{members}", "{remove}"),
            "The member list no longer shows it.",
            "It is the only member that has the data: never take that one out.",
            StepKind.LEAVE_BEHIND,
        ),
        Do(
            "Move the old state of {nodes} away, and join it again",
            JOIN,
            "The member list shows it once.",
            kind=StepKind.REJOIN,
        ),
    ),
    saves=True,
    end=End.WATCH,
)
