"""Cures of what logs complain of, where a kind of fault has several. `{nodes}` is where."""

from __future__ import annotations

from forensics.case.cures.model import JOURNAL, Cure, Do
from forensics.case.cures.of_several import JOIN_AGAIN, STEP_BY_STEP, STILL_LISTED, TRUST

_ARGUMENTS = Cure(
    (
        Do(
            "Compare the file of arguments of {nodes} with what the installed release takes, and take out what it does "
            "not know",
            (JOURNAL, "snap list {snap}"),
            "The service no longer complains of an argument.",
        ),
    ),
)
_SCHEMA = Cure(
    (
        Do(
            "Go back to the release that ran before on {nodes}: the change of the schema has failed. Change no table "
            "by hand",
            ("snap list {snap}", "sudo snap revert {snap}"),
            "The service starts with the release that ran before.",
            "The schema is newer than that release: go forward to the newest release of the track instead.",
        ),
    ),
    saves=True,
)


LOGS: dict[str, Cure] = {
    "JRN009": Cure(
        (
            Do(
                "Bring {nodes} to a release whose dqlite has no such limit, and find out what fills the database",
                ("snap list {snap}", "sudo snap refresh {snap}", "sudo du -sh {directory}"),
                "Writes succeed again.",
            ),
        ),
        saves=True,
    ),
    "JRN011": Cure(
        (
            Do(
                "See whether the state directory of {nodes} is there, on a disk that can be written, and belongs to "
                "the user of the service",
                (
                    "sudo ls -lad {directory}",
                    "findmnt -T {directory}",
                    "df -h {directory}",
                    "sudo dmesg --level=err,crit",
                ),
                "A file can be written there.",
                "It is empty, although the node had data: its disk is not mounted. Start nothing before it is.",
            ),
        ),
    ),
    "JRN014": STEP_BY_STEP,
    "JRN024": STILL_LISTED,
    "JRN025": STEP_BY_STEP,
    "JRN033": TRUST,
    "JRN035": Cure(
        (
            Do(
                "See who the members are, and why some are down: the datastore opens once there is a leader",
                ("{status}", JOURNAL),
                "A majority of the voters runs, and it is known why the others do not.",
                "Members are named that no longer exist: take these out on a node that runs.",
            ),
        ),
    ),
    "JRN044": JOIN_AGAIN,
    "JRN052": _ARGUMENTS,
    "JRN063": _SCHEMA,
}
"""By rule, or by rule and kind of finding."""
