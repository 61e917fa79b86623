"""What the process or its machine ran into: restarts, assertions, crashes, memory, disks, limits of the kernel."""

from __future__ import annotations

from forensics.parsers.messages.message import DQLITE, Message, message

MESSAGES: tuple[Message, ...] = (
    message(
        "service-restarted",
        r"(?<![\w@.-])(?P<unit>[\w@.-]{1,256})\.service: "
        r"Scheduled restart job, restart counter is at (?P<restarts>\d{1,9})\b",
        "restart counter is at",
    ),
    message(
        "service-started",
        r"systemd\[\d+\]: Started (?:Service for snap application (?P<unit>[\w@.-]{1,256}?)|(?P<unit2>[\w@.-]{1,256})"
        r"\.service)(?: - .{0,200})?\.?$",
        "]: Started ",
    ),
    message(
        "database-limit",
        r"vfsDatabaseGetPage pgno:\d+|db__open_follower: Assertion|Assertion (?:`|failed: )db->follower == NULL",
        "vfsDatabaseGetPage",
        "db->follower == NULL",
    ),
    message(
        "assertion",
        r"(?:(?<![\w/])(?P<file>(?:src/)?(?:lib/|raft/)?[\w/]{1,80}\.c)(?::\d{1,9})?:? ?"
        r"(?:\w{0,80}|[\w ]{1,80}\([\w *,]{0,200}\)):?"
        r"|(?P<function>(?:dqlite|raft|vfs|uv)\w*):) Assertion [`'\"].{1,400}?['\"`](?: failed|\W*$)",
        "Assertion `",
        "Assertion '",
    ),
    message(  # as musl writes it
        "assertion",
        r"Assertion failed: .{1,400}? \((?P<file>(?:src/)?(?:lib/|raft/)?[\w/]{1,80}\.c): \w+: \d+\)",
        "Assertion failed: ",
    ),
    message(
        "first-generation",
        r"CanonicalLtd/dqlite/internal/|hashicorp/raft.{0,300}(?:panic|FSM\.Apply)",
        "CanonicalLtd/dqlite",
        "hashicorp/raft",
    ),
    message(
        "first-generation-log",
        r"\bRaft: (?:Node at|Restored from snapshot|Copied \d+ bytes|Compacting logs|Initial configuration"
        r"|Installed remote)|\bRaft-(?:http|net): ",
        "Raft: ",
        "Raft-http: ",
        "Raft-net: ",
    ),
    message(
        "crash",
        r"(?:segfault at|SIGSEGV|SIGABRT|status=(?:6/ABRT|11/SEGV)|signal: (?:aborted|segmentation fault)).*"
        rf"|\b{DQLITE}\S*\[\d+\]: segfault at|\b{DQLITE}\S*\.service: .*(?:result 'core-dump'|code=dumped)",
        "segfault at",
        "SIGSEGV",
        "SIGABRT",
        "6/ABRT",
        "11/SEGV",
        "signal: aborted",
        "signal: segmentation fault",
        "'core-dump'",
        "code=dumped",
    ),
    message(
        "crash",
        r"signal arrived during cgo execution"
        r"|#\d+\s+0x[0-9a-f]{6,16} in \w+ \(.*\) at (?:\S*/)?src/(?:\w+/)?\w+\.c:\d+",
        "during cgo execution",
        ") at ",
    ),
    message(
        "machine-stalled",
        r"soft lockup - CPU#\d+ stuck for (?P<seconds>\d+)s|rcu: INFO: rcu_\w+ (?:self-)?detected stalls?"
        rf"|task (?P<program>\S*(?:{DQLITE}|jbd2)\S*):\d+ blocked for more than \d+ seconds",
        "soft lockup - CPU#",
        "rcu: INFO: ",
        "blocked for more than",
    ),
    message(
        "killed-for-memory",
        r"(?:Killed process \d+ \((?P<program>[\w-]+)\)|oom-kill:.*task=(?P<program2>[\w-]+))"
        rf"|(?<![\w@.-])(?P<program3>[\w.@-]{{0,80}}{DQLITE}[\w.@-]{{0,80}})\.service: "
        r"(?:A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill')",
        "Killed process",
        "oom-kill:",
        "'oom-kill'",
        "by the OOM killer",
    ),
    message(
        "disk-full",
        r"no space left on device|disk quota exceeded|not enough (?:disk space|space to allocate)"
        r"|database or disk is full|\bENOSPC\b"
        r"|available disk size \(.*\) is below minimum required|low available storage",
        "o space left on device",
        "isk quota exceeded",
        "not enough space to allocate",
        "disk is full",
        "ot enough disk space",
        "ENOSPC",
        "available disk size",
    ),
    message(
        "disk-error",
        r"read-only file system|input/output error|I/O error, dev|Buffer I/O error|EXT4-fs error"
        r"|XFS.{0,200}(?:corruption|metadata I/O error)",
        "ead-only file system",
        "nput/output error",
        "I/O error",
        "EXT4-fs error",
        "XFS",
    ),
    message(
        "aio-limit",
        r"io_setup\b.{0,200}(?:resource temporarily unavailable|EAGAIN|not enough|cannot allocate)"
        r"|AIO events user limit",
        "io_setup",
        "AIO events user limit",
    ),
    message(
        "open-files-limit",
        rf"{DQLITE}.{{0,300}}too many open files|too many open files.{{0,300}}{DQLITE}",
        "oo many open files",
    ),
)
