"""Queries that fail on a running cluster: too slow, the leader gone, a connection broken."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, after, message

MESSAGES: tuple[Message, ...] = (
    message(
        "query-failed",
        r"error (?:in txn|while range on)|failed to list /registry|call (?:exec|query|open|prepare"
        r"|transfer)\S* \(budget"
        r"|failed to begin transaction|database is locked|checkpoint in progress|fail to get latest events"
        r"|leaderelection lost|failed to (?:update lock|renew lease)|Error: context deadline exceeded"
        r"|^\W*context deadline exceeded\W*$",
        "error in txn",
        "while range on",
        "failed to list /registry",
        "(budget",
        "begin transaction",
        "database is locked",
        "checkpoint in progress",
        "latest events",
        "leaderelection lost",
        "ailed to update lock",
        "ailed to renew lease",
        "context deadline exceeded",
    ),
    message(
        "leadership-lost",
        r"\bleadership lost\b|not found - potentially after leadership loss|not leader \(|: not leader\b"
        r"|rpc error.*etcdserver: leader changed"
        r"|cluster leadership (?:lost|changed)",
        "leadership lost",
        "after leadership loss",
        "not leader",
        "leader changed",
        "eadership changed",
    ),
    message(
        "peer-connection-broken",
        after("dqlite: proxy: ") + r".*(?:reset by peer|broken pipe|timed out|refused)|error during dqlite proxy copy"
        r"|driver: bad connection",
        "dqlite: proxy",
        "dqlite proxy copy",
        "bad connection",
    ),
)
