"""What products say of their own tables, ids and members (LXD, Incus, k3s, microcluster, Juju)."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "node-id-reset",
        r"reset+ing node ID from (?P<old_id>\d+) to (?P<new_id>\d+)",
        "ing node ID from",
    ),
    message("directory-moved-away", r"cleaned DB directory, now restart and join", "cleaned DB directory"),
    message(
        "two-local-databases",
        r"both legacy and new local database files? exist",
        "oth legacy and new local",
    ),
    message(
        "schema-update-failed",
        r"failed to apply (?:special )?update \d+|cannot apply fresh schema"
        r"|failed (?:to apply|applying) patch \W*(?P<patch>[\w-]+)|failed to prepare statements: "
        r"|failed (?:to execute|executing) queries from \S*patch\.(?:local|global)\.sql"
        r"|\bmissing updates: \d+ (?:->|to) \d+",
        "issing updates: ",
        "o apply update ",
        "o apply special update ",
        "annot apply fresh schema",
        "pplying patch ",
        "to apply patch ",
        "patch.local.sql",
        "patch.global.sql",
        "o prepare statements: ",
    ),
    message(  # no change of a table is named: what stands inside may be of anything
        "schema-not-ensured",
        r"failed (?:to ensure|ensuring) schema: ",
        "nsure schema: ",
        "nsuring schema: ",
    ),
    message(
        "member-tables-differ",
        r"unaccounted raft node\(s\) not found in \W*nodes\W* table|empty raft (?:node|member) set received"
        r"|no dqlite record exists for|no available raft ID for cluster member",
        "naccounted raft node",
        "mpty raft ",
        "o dqlite record exists",
        "o available raft ID",
    ),
    message(
        "member-silent",
        r"attempt \d+: server (?P<member>\S+): dial: "
        r"|server (?:unavailable|connection failed) err=(?:.*address=(?P<member2>\S+:\d+))?"
        r"|failed (?:to send|sending) heartbeat request: (?:\w+ \W*https://(?P<member3>[^/\s]+))?"
        r"|error sending heartbeat to cluster member|failed to establish gRPC connection with (?P<member4>\S+):",
        ": dial: ",
        "server unavailable err=",
        "server connection failed err=",
        "heartbeat request: ",
        "sending heartbeat to",
        "gRPC connection with",
    ),
)
