"""What SQLite says of a database's content: damaged pages, tables that are not there."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "database-malformed",
        r"database disk image is malformed|file is (?:encrypted or is )?not a database|malformed database schema"
        r"|PRAGMA quick_check(?: failed)?: [^\"]|database restore failed \d+",
        "disk image is malformed",
        "not a database",
        "malformed database schema",
        "PRAGMA quick_check",
        "database restore failed",
    ),
    message(
        "table-missing",
        r"no such table: (?P<table>kine|config|schemas?|raft_nodes|nodes|core_\w+|internal_cluster_members)\b",
        "no such table: ",
    ),
)
