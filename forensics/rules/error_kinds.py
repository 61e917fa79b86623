"""What is said of an error that is no known message, by its kind: clauses for the rules that take its code.

Where a line names less than a clause says, the next one is used: see Cause.
"""

from __future__ import annotations

from forensics.parsers.errors.diagnose import code_of
from forensics.parsers.errors.kind import Kind
from forensics.parsers.errors.layer import Layer
from forensics.parsers.errors.place import Operation

OPERATIONS: dict[str, str] = {
    Operation.DIAL: "while connecting",
    Operation.LOOK_UP: "while a host name was looked up",
    Operation.LISTEN: "while opening its own address",
    Operation.JOIN: "while joining the cluster",
    Operation.BOOTSTRAP: "while founding the cluster",
    Operation.REMOVE: "while removing a member",
    Operation.RECOVER: "while recovering",
    Operation.ELECT: "during an election",
    Operation.FIND_LEADER: "while looking for the leader",
    Operation.SCHEMA: "while the schema of the database was checked or changed",
    Operation.QUERY: "during a query",
    Operation.SNAPSHOT: "at a snapshot",
    Operation.LOAD: "while the log was loaded",
    Operation.APPEND: "while entries were written or replicated",
    Operation.OPEN: "while opening a file or a database",
    Operation.READ: "while reading",
    Operation.WRITE: "while writing",
    Operation.CONFIGURE: "while members or roles were changed",
    Operation.UPGRADE: "during an upgrade",
    Operation.START: "at the start",
    Operation.STOP: "at the stop",
}

LAYERS: dict[str, str] = {
    Layer.RAFT: "raft",
    Layer.DQLITE: "dqlite",
    Layer.CLIENT: "go-dqlite, dqlite's client",
    Layer.SQLITE: "SQLite",
    Layer.KINE: "kine",
    Layer.TLS: "TLS",
    Layer.MICROCLUSTER: "microcluster",
    Layer.K8S_DQLITE: "k8s-dqlite",
    Layer.LXD: "LXD",
    Layer.INCUS: "Incus",
    Layer.JUJU: "Juju",
    Layer.K3S: "k3s",
    Layer.KUBERNETES: "Kubernetes",
    Layer.SNAP: "snap",
    Layer.SYSTEMD: "systemd",
    Layer.KERNEL: "the kernel",
}

_CLAUSES: dict[Kind, tuple[str, ...]] = {
    Kind.NO_LEADER: ("no leader was found {operation}", "no leader was found"),
    Kind.NO_QUORUM: ("too few voters run for a majority",),
    Kind.LEADERSHIP_LOST: ("the node that was asked is not the leader",),
    Kind.REFUSED: (
        "{peer} refuses connections: nothing listens there",
        "{file} refuses connections: its service is not up",
        "a connection was refused: nothing listens there",
    ),
    Kind.UNREACHABLE: ("{peer} cannot be reached", "another machine cannot be reached"),
    Kind.CONNECTION_LOST: ("a connection to {peer} broke", "a connection broke {operation}", "a connection broke"),
    Kind.DEADLINE: ("there was no answer in time {operation}", "there was no answer in time"),
    Kind.CANCELLED: ("a request was cancelled by the one who sent it",),
    Kind.CERTIFICATE: ("a TLS certificate of {peer} was refused", "a TLS certificate was refused"),
    Kind.TOKEN: ("a token or secret was refused {operation}", "a token or secret was refused"),
    Kind.DISK_FULL: ("the disk was full {operation}", "the disk was full"),
    Kind.READ_ONLY: ("the file system was read-only {operation}", "the file system was read-only"),
    Kind.INPUT_OUTPUT: ("the disk did not read or write {operation}", "the disk did not read or write"),
    Kind.PERMISSION: ("{file} may not be used: permission denied", "permission was denied {operation}",
                      "permission was denied"),
    Kind.LIMIT: ("a limit of the system was reached {operation}", "a limit of the system was reached"),
    Kind.LOCKED: ("another process has locked {file}", "another process holds a lock"),
    Kind.BUSY: ("the database was busy or locked {operation}", "the database was busy or locked"),
    Kind.PORT_TAKEN: ("the address {peer} is in use by another process", "an address is in use by another process"),
    Kind.ADDRESS: ("the address {peer} does not fit this machine or this cluster",
                   "an address does not fit this machine or this cluster"),
    Kind.NAME_UNKNOWN: ("a host name does not resolve",),
    Kind.MEMBER_UNKNOWN: ("a member is not known to the cluster {operation}", "a member is not known to the cluster"),
    Kind.MEMBER_DUPLICATE: ("a member with this id, name or address is already there",),
    Kind.VERSION: ("versions do not fit together {operation}", "versions do not fit together"),
    Kind.SCHEMA_WAIT: ("members wait for others to be upgraded",),
    Kind.TABLE_MISSING: ("a table or column is missing",),
    Kind.DATABASE_MALFORMED: ("a database is malformed",),
    Kind.CHECKSUM: ("{file} is damaged: a checksum does not match", "a checksum does not match"),
    Kind.MALFORMED: ("{file} is malformed or cut", "something is malformed or cut {operation}",
                     "something cannot be read: it is malformed or cut"),
    Kind.GAP: ("entries of the log are missing around {file}", "entries of the log are missing"),
    Kind.FILE_MISSING: ("{file} is not there", "a file is not there"),
    Kind.CONFIGURATION: ("the configuration is refused {operation}", "the configuration is refused"),
    Kind.NOT_INITIALISED: ("the daemon is not initialised, or does not find its own state",),
    Kind.ASSERTION: ("an assertion failed in the function {function}", "an assertion failed"),
    Kind.PANIC: ("a program panicked",),
    Kind.SIGNAL: ("a process was ended by a signal",),
    Kind.MEMORY: ("there was not enough memory",),
    Kind.SLOW: ("a statement of the database took {seconds} s", "statements of the database are slow"),
    Kind.ENDED: ("a service ended or does not run, and the text does not say why",),
    Kind.NO_REASON: ("an error is told without its reason {operation}", "an error is told without its reason"),
    Kind.CUT: ("an error is told without its reason: the reason is cut off {operation}",
               "an error is told without its reason: the reason is cut off"),
    Kind.UNKNOWN: ("an error of {layer} that is not known to this tool {operation}",
                   "an error of {layer} that is not known to this tool",
                   "an error that is not known to this tool {operation}", "an error that is not known to this tool"),
}  # fmt: skip

KIND_CODES = frozenset(code_of(kind) for kind in Kind)
"""The codes of lines that are no known message, and whose kind was told by their structure."""


def kinds(*wanted: Kind) -> dict[str, tuple[str, ...]]:
    """The clauses of these kinds, by their codes."""
    return {code_of(kind): _CLAUSES[kind] for kind in wanted}
