"""No leader was found, or not yet: in the words of go-dqlite, LXD, Incus and Juju."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "no-leader",
        r"no available (?:dqlite|cowsql) leader server found|(?:server (?P<member>\S+): )?no known leader"
        r"|no leader address found"
        r"|(?:failed to )?connect(?:ing)? to (?:cluster )?leader|could not find a leader"
        r"|RAFT cluster is unavailable|find(?: new)? leader:|App not ready in time"
        r"|(?:dqlite|DB app)\b.*failed to become ready|ensuring Dqlite is ready to process changes",
        "failed to become ready",
        "App not ready in time",
        "Dqlite is ready",
        "leader server found",
        "o leader address found",
        "no known leader",
        "to leader",
        "cluster leader",
        "find a leader",
        "RAFT cluster is unavailable",
        "ind leader:",
        "new leader:",
    ),
    message(
        "leader-awaited",
        r"unable to reconcile current controller and Dqlite cluster status",
        "reconcile current controller",
    ),
)
