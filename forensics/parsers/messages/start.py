"""A start that failed without a reason that is known better, and daemons that say that they were never set up."""

from __future__ import annotations

from forensics.parsers.messages.message import NO_MORE, Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "first-query-failed",
        r"failed to migrate DB from sqlite|building kine: |force initial raft log replay: ",
        "migrate DB from sqlite",
        "building kine",
        "initial raft log replay",
    ),
    message(
        "start-no-reason",
        r"raft_(?:start|bootstrap)\(\):\s*+(?:io:)?" + NO_MORE,
        "raft_start():",
        "raft_bootstrap():",
    ),
    message(
        "start-no-reason",
        r"run failed with (?P<error_code>\d+)\b|dqlite server: failed to start task|task stopped with error code",
        "run failed with",
        "failed to start task",
        "task stopped with",
    ),
    message(
        "start-failed",
        r"raft_(?:start|init|bootstrap|uv_init)\(\): \S|create node: (?:config__init\(|uv_loop_init\(\)"
        r"|version mismatch: required)|dqlite_node_describe_last_entry failed|failed to autobind unix socket"
        r"|failed (?:to (?:start|create)|starting|creating) (?:dqlite|cowsql) server: \S",
        "raft_start():",
        "raft_init():",
        "raft_bootstrap():",
        "raft_uv_init():",
        "create node: ",
        "describe_last_entry failed",
        "to autobind unix socket",
        "dqlite server: ",
        "cowsql server: ",
    ),
    message(
        "not-initialised",
        r"daemon not yet initialized|database is not yet (?:open|initialized)",
        "ot yet initialized",
        "not yet open",
    ),
    message(
        "never-initialised",
        r"microcluster (?:database is uninitialized|daemon config is missing)",
        "microcluster database is",
        "microcluster daemon config",
    ),
)
