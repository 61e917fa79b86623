"""Cures of what lies in the state directory. `{nodes}` is where; the other names are values of ProductCommands."""

from __future__ import annotations

from forensics.case.cures.model import COLLECT_ALL, LISTING, REMOVE_AND_JOIN, Cure, Do, End, Where
from forensics.fault_kind import FaultKind as Kind
from forensics.plan.steps import StepKind

ASK_WHO = Do(
    "Find out who ran the recovery that left its files on {nodes}, on which node, and whether it was finished",
    (LISTING,),
    "It is known which node was recovered from. There the files can be moved away; the others are to load them.",
    "Nobody knows: leave the files, and compare the directories of all nodes first.",
    StepKind.DECIDE,
)

_OF_DIRECTORY = Cure((COLLECT_ALL,), saves=True, end=End.LOOK)

STATE: dict[Kind, Cure] = {
    Kind.LOG_DAMAGED: _OF_DIRECTORY,
    Kind.LOG_INCOMPLETE: _OF_DIRECTORY,
    Kind.LOG_INCONSISTENT: _OF_DIRECTORY,
    Kind.SNAPSHOT_DAMAGED: _OF_DIRECTORY,
    Kind.METADATA_DAMAGED: _OF_DIRECTORY,
    Kind.TWO_HISTORIES: _OF_DIRECTORY,
    Kind.COMMITTED_MISSING: _OF_DIRECTORY,
    Kind.NODE_BEHIND: _OF_DIRECTORY,
    Kind.REPLACED_ENTRIES: _OF_DIRECTORY,
    Kind.FILE_NAMES: Cure(
        (
            Do(
                "Move the files of {nodes} whose names dqlite trips over out of the state directory; delete none",
                (LISTING,),
                "The directory has only names that raft writes.",
                kind=StepKind.MOVE_AWAY,
            ),
        ),
        saves=True,
    ),
    Kind.DATABASE_DAMAGED: Cure(
        (
            Do(
                "Write out the databases of every node, and see which of them is sound (PRAGMA integrity_check)",
                ("dqlite-forensics extract UPLOAD -o data",),
                "One of them is sound: its node is the one to keep.",
                "None is sound: take a backup, or what can still be read of each table.",
                StepKind.EXPORT,
                where=Where.UPLOAD,
            ),
            Do(
                "Take the nodes whose database is damaged out of the cluster, and join them again as new members",
                REMOVE_AND_JOIN,
                "The leader is a node whose database is sound.",
                "The damaged node is the only one: restore a backup instead.",
                StepKind.REJOIN,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    Kind.DATA_DIFFERS: Cure(
        (
            Do(
                "Find out whose data is right: write out the databases of each node, and compare them",
                ("dqlite-forensics extract UPLOAD -o data",),
                "It is known which node has rows that the log does not lead to. The others can be started.",
                kind=StepKind.DECIDE,
                where=Where.UPLOAD,
            ),
            Do(
                "Take the node whose data is wrong out of the cluster, and join it again as a new member",
                REMOVE_AND_JOIN,
                "It gets its database from the leader.",
                "The wrong node is the leader: let another one be elected first.",
                StepKind.REJOIN,
                where=Where.PERHAPS,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    Kind.KINE: Cure(
        (
            Do(
                "See which rows of kine do not fit, and since when, before any row is changed",
                ("dqlite-forensics history UPLOAD compact_rev_key",),
                "It is known whether an older database was put back, or compaction stopped.",
                kind=StepKind.DECIDE,
                where=Where.UPLOAD,
            ),
        ),
        early=False,
        end=End.WATCH,
    ),
    Kind.FORCED_CONFIGURATION: Cure((ASK_WHO,), saves=True),
    Kind.LEFTOVER: Cure((ASK_WHO,), saves=True),
    Kind.PERFORMANCE: Cure(
        (
            Do(
                "Find out what makes the database on {nodes} large or slow: the size of its files, the latency of the "
                "disk, and who writes the most",
                ("sudo du -sh {directory}", "sudo ls -laS {directory}"),
                "It is known whether the disk is slow, or what fills the database.",
                kind=StepKind.COLLECT,
            ),
        ),
        early=False,
        end=End.WATCH,
    ),
    Kind.COPY: Cure(
        (
            Do(
                "Copy the state directory of {nodes} again, while the service is stopped",
                (
                    "{stop}",
                    "sudo tar -czhf $(hostname)-{database}.tar.gz --exclude='*.key' --exclude='*.sock*' {directory}",
                    "{begin}",
                ),
                "No file of the directory changes while it is copied.",
                kind=StepKind.COLLECT,
            ),
        ),
        early=False,
        end=End.LOOK,
    ),
}
