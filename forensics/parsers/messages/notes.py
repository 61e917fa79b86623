"""Worth knowing, and nothing wrong by itself: recoveries, the last entry at a shutdown, clocks."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, after, message

MESSAGES: tuple[Message, ...] = (
    message(
        "recovery-run",
        r"recovery tarball located|recovering dqlite|raft_recover\(\)|will update address of dqlite node",
        "ecovery tarball located",
        "raft_recover",
        "will update address",
    ),
    message(
        "last-entry",
        after(r"dqlite last entry\W") + r"(?:(?>.*?index\W{1,3}(?P<index>\d+))(?>.*?term\W{1,3}(?P<term>\d+))"
        r"|(?>.*?term\W{1,3}(?P<term2>\d+))(?>.*?index\W{1,3}(?P<index2>\d+)))",
        "qlite last entry",
    ),
    message("clock-skew", r"time skew detected between leader and local", "ime skew detected"),
)
