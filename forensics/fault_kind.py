"""What can be wrong, without where: the causes that findings are merged by. Stable words of report.json."""

from __future__ import annotations

from enum import StrEnum


class FaultKind(StrEnum):
    """A cause, as far as a support engineer tells causes apart."""

    LOG_DAMAGED = "log-damaged"  # a segment does not hold what it should
    LOG_INCOMPLETE = "log-incomplete"  # segments are missing
    LOG_INCONSISTENT = "log-inconsistent"  # segments that do not belong together; entries under wrong indexes
    SNAPSHOT_DAMAGED = "snapshot-damaged"
    METADATA_DAMAGED = "metadata-damaged"
    FILE_NAMES = "file-names"  # names that raft does not write, or refuses
    DATABASE_DAMAGED = "database-damaged"
    DATA_DIFFERS = "data-differs"  # nodes or snapshots with other data at one index
    KINE = "kine"
    TWO_HISTORIES = "two-histories"
    COMMITTED_MISSING = "committed-missing"  # a majority lost what is committed
    NODE_BEHIND = "node-behind"
    REPLACED_ENTRIES = "replaced-entries"  # entries that another leader replaced
    FORCED_CONFIGURATION = "forced-configuration"  # a recovery, finished or not
    IDENTITY_FILES = "identity-files"  # info.yaml, cluster.yaml, local.db
    IDENTITY = "identity"  # a node is not who the members think it is
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    MEMBER_RECORDS = "member-records"  # truststore, tables and lists of members disagree
    ROLES = "roles"  # too few voters, members without the role they should have
    CONTROL_FILES = "control-files"  # what the next start is told to do
    LEFTOVER = "leftover"
    NO_LEADER = "no-leader"
    START_FAILED = "start-failed"
    DISK_FULL = "disk-full"
    DISK_ERRORS = "disk-errors"
    PERMISSION = "permission"
    MEMORY = "memory"
    LIMITS = "limits"
    CRASH = "crash"
    VERSION = "version"
    CLOCK = "clock"
    SERVICE = "service"  # restarts, stalls, another process in the way
    PERFORMANCE = "performance"  # sizes and rates
    COPY = "copy"  # about the upload, not about the node


OF_FILES = frozenset({
    FaultKind.LOG_DAMAGED, FaultKind.LOG_INCOMPLETE, FaultKind.SNAPSHOT_DAMAGED, FaultKind.METADATA_DAMAGED,
    FaultKind.IDENTITY_FILES,
})  # fmt: skip
"""Damage of files, which a disk or a copy can do to all nodes at once."""
