"""Who leads, and in which version: why the members of a cluster do not come together."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "no-leader",
        r"no available (?:dqlite|cowsql) leader server found|no known leader|no leader address found"
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
        "version-wait",
        r"wait(?:ing)? for other cluster (?:nodes|members) to (?:upgrade|align) their versions"
        r"|some nodes are behind this node's version"
        r"|this (?:node|member|server|cluster member)'s (?:version|schema|API extensions"
        r"|number of API extensions)(?: \(.*?\))? (?:is|are) behind"
        r"|a (?:node|cluster member)'s (?:schema )?version(?: \(.*?\))? is behind|Database is waiting for (?:schema"
        r"|an) upgrade",
        "for other cluster",
        "behind",
        "Database is waiting",
    ),
    message(
        "version-newer",
        r"schema version '?(?P<found>\d+)'? is more recent than expected '?(?P<expected>\d+)"
        r"|incompatible schema version"
        r"|(?:node|cluster member)'s version is (?:ahead|newer)",
        "more recent than expected",
        "ncompatible schema version",
        "version is ahead",
        "version is newer",
    ),
    message(
        "leader-awaited",
        r"unable to reconcile current controller and Dqlite cluster status",
        "reconcile current controller",
    ),
)
