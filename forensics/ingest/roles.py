"""What a file of a state directory is, told by its name alone.

Source: docs/reference/files.md#names-in-a-state-directory;
docs/reference/k8s-dqlite.md#directories;
docs/reference/microcluster.md#state-directory.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from forensics.ingest import raft_names


class FileRole(Enum):
    """Values are the words of report.json."""

    INFO = "info.yaml"
    CLUSTER = "cluster.yaml"
    METADATA = "metadata"
    CLOSED_SEGMENT = "closed segment"
    OPEN_SEGMENT = "open segment"
    SNAPSHOT = "snapshot"
    SNAPSHOT_META = "snapshot meta"
    CORRUPT = "renamed by self-repair"
    TEMPORARY = "leftover of an interrupted write"
    PROBE = "leftover of an I/O probe"
    LOCK = "lock file"
    JOIN = "join flag"
    NODE_STORE = "node store of another application"
    DEBUG_DUMP = "debugging dump"
    CERTIFICATE = "certificate"
    KEY = "private key"
    SOCKET = "socket"
    DAEMON = "daemon.yaml"
    TRUSTSTORE = "truststore entry"
    FAILURE_DOMAIN = "failure-domain"
    INIT = "init.yaml"
    UPDATE = "update.yaml"
    TUNING = "tuning.yaml"
    RECOVERY = "leftover of a recovery"
    BACKUP = "backup that a recovery made"
    PATCH = "SQL that runs at the next start"
    LOCAL_DATABASE = "node-local database"
    DIRECTORY = "directory"
    UNKNOWN = "unknown"
    # of a report around state directories
    LISTING = "listing"
    JOURNAL = "journal"
    HOST = "host facts"


# Contents of these go to the decoder; a state directory is recognised by them.
RAFT_ROLES = frozenset(
    {
        FileRole.METADATA,
        FileRole.CLOSED_SEGMENT,
        FileRole.OPEN_SEGMENT,
        FileRole.SNAPSHOT,
        FileRole.SNAPSHOT_META,
    }
)

_EXACT = {
    "info.yaml": FileRole.INFO,
    "cluster.yaml": FileRole.CLUSTER,
    "metadata1": FileRole.METADATA,
    "metadata2": FileRole.METADATA,
    "dqlite-lock": FileRole.LOCK,
    "join": FileRole.JOIN,
    "server-info": FileRole.NODE_STORE,
    "node-store": FileRole.NODE_STORE,
    "node-store-tmp": FileRole.NODE_STORE,
    "servers.sql": FileRole.NODE_STORE,
    "peers.db": FileRole.NODE_STORE,
    "localnode.yaml": FileRole.NODE_STORE,  # the address book of early MicroK8s
    "node-id": FileRole.NODE_STORE,
    "db.bin": FileRole.DEBUG_DUMP,
    "db.bin-wal": FileRole.DEBUG_DUMP,
    "daemon.yaml": FileRole.DAEMON,
    "failure-domain": FileRole.FAILURE_DOMAIN,
    "init.yaml": FileRole.INIT,
    "update.yaml": FileRole.UPDATE,
    "tuning.yaml": FileRole.TUNING,
    "recovery_db.tar.gz": FileRole.RECOVERY,
    "recovery.yaml": FileRole.RECOVERY,
    "recovery_db": FileRole.RECOVERY,
    "lxd_recovery_db.tar.gz": FileRole.RECOVERY,
    "patch.global.sql": FileRole.PATCH,
    "patch.local.sql": FileRole.PATCH,
    "local.db": FileRole.LOCAL_DATABASE,
    ".probe": FileRole.PROBE,
    ".probe_fallocate": FileRole.PROBE,
}
_PATTERNS = (
    (re.compile(r"tmp-.*"), FileRole.TEMPORARY),
    (re.compile(r"\.(info|cluster)\.yaml\d+"), FileRole.TEMPORARY),
    (re.compile(r"\..*\.yaml\d+"), FileRole.TEMPORARY),
    (re.compile(r"corrupt-\d+-.*"), FileRole.CORRUPT),
    (re.compile(r"db_backup\..*\.tar\.gz"), FileRole.BACKUP),
    (re.compile(r"recovery-k8s-dqlite-.*\.tar\.gz"), FileRole.BACKUP),
    (re.compile(r".*\.sock(:\d+)?|control\.socket"), FileRole.SOCKET),
    (re.compile(r".*\.(crt|pem)"), FileRole.CERTIFICATE),
    (re.compile(r".*\.key"), FileRole.KEY),
)


@lru_cache(maxsize=4096)
def role_of(name: str, parent: str = "") -> FileRole:
    """The role of a file called `name` in folder `parent` (its last part) of a state directory."""
    if parent == "truststore" and name.endswith(".yaml"):  # a hidden one too: microcluster internal/trust/remotes.go
        return FileRole.TRUSTSTORE
    if name in _EXACT:
        return _EXACT[name]
    if raft_names.parse_closed(name):
        return FileRole.CLOSED_SEGMENT
    if raft_names.parse_open(name):
        return FileRole.OPEN_SEGMENT
    if raft_names.parse_snapshot(name):
        return FileRole.SNAPSHOT
    if raft_names.parse_snapshot_meta(name):
        return FileRole.SNAPSHOT_META
    return next((role for pattern, role in _PATTERNS if pattern.fullmatch(name)), FileRole.UNKNOWN)
