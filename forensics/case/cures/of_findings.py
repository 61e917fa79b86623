"""Cures of single findings, where a kind of fault has several. `{nodes}` is where; the rest as in the other tables."""

from __future__ import annotations

from forensics.case.cures.model import JOURNAL, LISTING, REMOVE_AND_JOIN, Cure, Do, End
from forensics.case.cures.of_certificates import CERTIFICATES
from forensics.plan.steps import StepKind

_JOIN_AGAIN = Cure(
    (
        Do(
            "See on a member that runs whether {nodes} was added there, and take it out if so",
            ("{status}", "{remove}"),
            "The member list does not show it.",
            "It is a member, and has been one for long: then its state is needed, so look for the missing files.",
            StepKind.DECIDE,
        ),
        Do(
            "Move the unfinished state of {nodes} away, and join it again",
            ("{join}",),
            "The member list shows it.",
            kind=StepKind.REJOIN,
        ),
    ),
    saves=True,
    end=End.WATCH,
)
_TRUST = Cure(
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
_STEP_BY_STEP = Cure(
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
_STILL_LISTED = Cure(
    (
        Do(
            "Take the member out of the cluster that has the ID or address of {nodes}, on a node that runs",
            ("{status}", "{remove}"),
            "The member list no longer shows it.",
            "It is the only member that has the data: never take that one out.",
            StepKind.LEAVE_BEHIND,
        ),
        Do(
            "Move the old state of {nodes} away, and join it again",
            ("{join}",),
            "The member list shows it once.",
            kind=StepKind.REJOIN,
        ),
    ),
    saves=True,
    end=End.WATCH,
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

BY_FINDING: dict[str, Cure] = CERTIFICATES | {
    "CLU005": Cure(
        (
            Do(
                "Decide whether {nodes} is a cluster of its own on purpose. If not, write out what it holds before it "
                "is given up",
                ("dqlite-forensics extract UPLOAD -o data",),
                "It is known to which cluster each node belongs.",
                kind=StepKind.DECIDE,
            ),
            Do(
                "Start the members of the right cluster; {nodes} stays stopped",
                ("{begin}", "{status}"),
                "There is a leader within a minute.",
                kind=StepKind.START,
            ),
            Do(
                "Move the state of {nodes} away, and join it to the right cluster",
                ("{join}",),
                "The member list shows every node.",
                kind=StepKind.REJOIN,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU006": Cure(
        (
            Do(
                "Keep {nodes} stopped, and find out whose directory it is: they have one ID, and only one of them may "
                "ever run",
                ("{status}", "ip -brief address"),
                "It is known which machine the members call by this ID. That one can be started.",
                kind=StepKind.DECIDE,
            ),
            Do(
                "Move the directory away where it is a copy, and join that node as itself",
                REMOVE_AND_JOIN,
                "Every ID is in use once.",
                kind=StepKind.REJOIN,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU008": Cure(
        (
            Do(
                "Never start {nodes} with its old state again: it is no member. If it should be one, move the state "
                "away and join it as a new member",
                ("{join}",),
                "The member list shows it as a new member, or its service is disabled.",
                kind=StepKind.LEAVE_BEHIND,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU016": Cure(
        (
            Do(
                "Find out how the directory of another database came to {nodes}, and put each one where it belongs",
                (LISTING,),
                "Each directory has the database of its product.",
                "The right directory is nowhere: take it from a backup, or let the node join again.",
            ),
        ),
        saves=True,
    ),
    "CTL001": Cure(
        (
            Do(
                "Move init.yaml of {nodes} out of the state directory: beside existing state it stops every start",
                ("sudo mv {directory}/init.yaml /root/",),
                "init.yaml is gone from the directory, and info.yaml is still there.",
                "The node was meant to be a new one: then move the old state away instead, and keep init.yaml.",
            ),
        ),
        saves=True,
    ),
    "CTL003": Cure(
        (
            Do(
                "Find out who wrote update.yaml on {nodes}. If its address is not wanted, move it away",
                (LISTING,),
                "The file is gone, or its address is the one that the machine has.",
                kind=StepKind.DECIDE,
            ),
        ),
        saves=True,
    ),
    "CTL004": Cure(
        (
            Do(
                "Correct tuning.yaml of {nodes}: numbers, by the names that k8s-dqlite reads, or move it away",
                ("sudo cat {directory}/tuning.yaml",),
                "The next start takes every value as it stands there.",
            ),
        ),
        early=False,
    ),
    "CTL006": _JOIN_AGAIN,
    "CTL021": _JOIN_AGAIN,
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
    "JRN014": _STEP_BY_STEP,
    "JRN024": _STILL_LISTED,
    "JRN025": _STEP_BY_STEP,
    "JRN033": _TRUST,
    "JRN035": Cure(
        (
            Do(
                "See who the members are, and start those that are down: the datastore opens once there is a leader",
                ("{status}", JOURNAL),
                "A majority of the voters runs.",
                "Members are named that no longer exist: take these out on a node that runs.",
            ),
        ),
    ),
    "JRN044": _JOIN_AGAIN,
    "JRN052": _ARGUMENTS,
    "JRN063": _SCHEMA,
    "LEFT020.pending-patch": Cure(
        (
            Do(
                "Read patch.global.sql on {nodes}: the next start runs it on the database of the whole cluster. Move "
                "it away unless it is wanted",
                ("sudo cat {directory}/patch.global.sql",),
                "It is known what the file changes, or it is gone.",
                kind=StepKind.DECIDE,
            ),
        ),
        saves=True,
    ),
    "MBR001": Cure(
        (
            Do(
                "Ask whether the members exist that nothing is heard of, and take out those that do not, on a node "
                "that runs",
                ("{status}", "{remove}"),
                "The member list has living members only.",
                "There is no leader: first start enough voters.",
            ),
        ),
        early=False,
        end=End.WATCH,
    ),
    "MBR005": _STILL_LISTED,
    "MCL002": _TRUST,
    "MCL025": _TRUST,
    "MCL026": Cure(
        (
            Do(
                "Rename recovery_db to database on {nodes}, and move recovery_db.tar.gz away: the last step of a "
                "recovery is missing",
                ("sudo mv {directory}/recovery_db {directory}/database",),
                "database/ is there, and daemon.yaml has the address of its info.yaml.",
                "database/ is there already, and was only left out of the copy: then change nothing.",
            ),
        ),
        saves=True,
    ),
    "SHP006": _STEP_BY_STEP,
    "SHP012": _TRUST,
}
"""By rule, or by rule and kind of finding."""
