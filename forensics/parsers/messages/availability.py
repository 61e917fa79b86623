"""A database that starts and answers, or does not; and what is worth knowing without being wrong."""

from __future__ import annotations

from forensics.parsers.messages.message import NO_MORE, Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "kine-migration",
        r"failed to migrate DB from sqlite|building kine: |force initial raft log replay: ",
        "migrate DB from sqlite",
        "building kine",
        "initial raft log replay",
    ),
    message(
        "start-no-reason",
        r"raft_(?:start|bootstrap)\(\):\s*(?:io:)?" + NO_MORE,
        "raft_start():",
        "raft_bootstrap():",
    ),
    message(
        "start-no-reason",
        r"run failed with (?P<found>\d+)\b|dqlite server: failed to start task|task stopped with error code",
        "run failed with",
        "failed to start task",
        "task stopped with",
    ),
    message(
        "start-failed",
        r"raft_(?:start|init|bootstrap|uv_init)\(\): (?P<found>\S.*)|create node: (?:config__init\(|uv_loop_init\(\)"
        r"|version mismatch: required)|dqlite_node_describe_last_entry failed|failed to autobind unix socket"
        r"|failed (?:to (?:start|create)|starting|creating) (?:dqlite|cowsql) server: (?P<reason>\S.*)",
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
    message(
        "slow",
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
        "peer-connection",
        r"dqlite: proxy: .*(?:reset by peer|broken pipe|timed out|refused)|error during dqlite proxy copy"
        r"|driver: bad connection",
        "dqlite: proxy",
        "dqlite proxy copy",
        "bad connection",
    ),
    message(
        "recovery",
        r"recovery tarball located|recovering dqlite|raft_recover\(\)|will update address of dqlite node",
        "ecovery tarball located",
        "raft_recover",
        "will update address",
    ),
    message(
        "last-entry",
        r"dqlite last entry\W.*?index\W{1,3}(?P<index>\d+).*?term\W{1,3}(?P<term>\d+)"
        r"|dqlite last entry\W.*?term\W{1,3}(?P<term2>\d+).*?index\W{1,3}(?P<index2>\d+)",
        "qlite last entry",
    ),
    message("clock-skew", r"time skew detected between leader and local", "ime skew detected"),
)
