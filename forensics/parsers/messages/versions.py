"""Versions that do not fit: of members that run together, and of a database and the daemon that opens it."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
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
        "database-too-new",
        r"schema version '?(?P<version>\d+)'? is more recent than expected '?(?P<known_version>\d+)"
        r"|incompatible schema version"
        r"|(?:node|cluster member)'s version is (?:ahead|newer)",
        "more recent than expected",
        "ncompatible schema version",
        "version is ahead",
        "version is newer",
    ),
    message("database-too-old", r"unsupported upgrade path, please first upgrade to", "nsupported upgrade path"),
)
