"""Cures of the machine and the service. `{nodes}` is where; the other names are values of ProductCommands."""

from __future__ import annotations

from forensics.case.cures.model import COLLECT_ALL, JOURNAL, LISTING, Cure, Do, End, Where
from forensics.fault_kind import FaultKind as Kind
from forensics.plan.steps import StepKind

MACHINE: dict[Kind, Cure] = {
    Kind.NO_LEADER: Cure(
        (
            Do(
                "See on which voters the service runs, and whether they reach each other. Start none yet: a state "
                "directory that is damaged or old can lose what the others hold",
                ("systemctl status {unit} --no-pager", JOURNAL),
                "It is known which voters are down, and what they say why.",
                kind=StepKind.COLLECT,
                where=Where.EVERY_NODE,
            ),
            COLLECT_ALL,
        ),
        end=End.LOOK,
    ),
    Kind.START_FAILED: Cure(
        (
            Do(
                "Read the last lines before the service on {nodes} ends: they name the file or the setting",
                (JOURNAL,),
                "The reason is known.",
                kind=StepKind.COLLECT,
            ),
            COLLECT_ALL,
        ),
        end=End.LOOK,
    ),
    Kind.DISK_FULL: Cure(
        (
            Do(
                "Free space on the disk of {nodes}, but touch nothing in the state directory",
                ("df -h {directory}", "df -i {directory}"),
                "There is room for twice the state directory, and there are free inodes.",
                "Files of zero bytes lie in the directory: copy it before you start anything.",
            ),
        ),
    ),
    Kind.DISK_ERRORS: Cure(
        (
            Do(
                "Find out whether the disk of {nodes} fails, is full, or is mounted read-only, and mend that before "
                "anything is written there again",
                ("sudo dmesg --level=err,crit", "df -h {directory}", "findmnt -T {directory}"),
                "The kernel reports no more errors, and a file can be written there.",
                "The copy cannot be read: look for the same files on the other members.",
            ),
        ),
        saves=True,
    ),
    Kind.PERMISSION: Cure(
        (
            Do(
                "Give the state directory of {nodes} back to the user of the service: owner and mode as on a healthy "
                "member",
                (LISTING,),
                "Owner and mode of all files are those of a healthy member.",
            ),
        ),
    ),
    Kind.MEMORY: Cure(
        (
            Do(
                "Find out what used up the memory of {nodes}, and limit it, or give the machine more",
                ("free -h", "sudo journalctl -k --no-pager -g 'out of memory'"),
                "Memory is free while the service runs.",
            ),
        ),
    ),
    Kind.LIMITS: Cure(
        (
            Do(
                "Raise the limit that {nodes} reached: asynchronous requests (fs.aio-max-nr), or open files",
                ("sysctl fs.aio-nr fs.aio-max-nr", "sudo sysctl -w fs.aio-max-nr=1048576"),
                "fs.aio-nr is well below fs.aio-max-nr.",
            ),
        ),
    ),
    Kind.CRASH: Cure(
        (
            Do(
                "Bring {nodes} to the newest release of the product's own track: dqlite itself crashed",
                ("snap list {snap}", "sudo snap refresh {snap}"),
                "The service runs without a new crash.",
                "It crashes again at the same place: give the copy and the journal to the product's support.",
            ),
        ),
        saves=True,
    ),
    Kind.VERSION: Cure(
        (
            Do(
                "Bring every member to the same release, the newest that one of them has. Change no table by hand",
                ("snap list {snap}", "sudo snap refresh {snap}"),
                "Every member shows the same version.",
                "A member is gone for good: take it out of the cluster, for the others wait for it.",
                where=Where.EVERY_NODE,
            ),
        ),
        saves=True,
    ),
    Kind.CLOCK: Cure(
        (
            Do(
                "Set the clock of {nodes}, and let it be kept by NTP",
                ("timedatectl", "sudo timedatectl set-ntp true"),
                "timedatectl says that the clock is synchronized.",
            ),
        ),
    ),
    Kind.SERVICE: Cure(
        (
            Do(
                "Find out what ends or blocks the service on {nodes}: the last lines before each restart, and who else "
                "uses its directory or its port",
                (JOURNAL,),
                "The reason is known, and gone.",
                kind=StepKind.COLLECT,
            ),
        ),
        end=End.WATCH,
        early=False,
    ),
}
