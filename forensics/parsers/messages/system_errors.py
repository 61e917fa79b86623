"""What the operating system refused while a node started: permissions, limits, host names.

Tried before raft's own messages, which wrap these. Sources: canonical/dqlite src/raft/uv_fs.c, uv_segment.c, uv_list.c;
canonical/go-dqlite internal/bindings/server.go, internal/protocol/connector.go.
"""

from __future__ import annotations

from forensics.parsers.messages.message import Message, after, message

MESSAGES: tuple[Message, ...] = (
    message("aio-limit", r"(?:probe Async I/O|setup writer for \S+): io_setup: ", "io_setup: "),
    message("open-files-limit", r"failed to dup socket fd", "dup socket fd"),
    message(
        "file-permission",
        after(r"raft_(?:start|init|recover)\(\): |io: ")
        + r"(?:.*\b(?P<file>metadata[12]|open-\d{1,20}|\d{16}-\d{16}|snapshot-[\d-]{1,80}(?:\.meta)?)\b.{0,200}|.*)"
        r"(?:permission denied|operation not permitted)",
        "ermission denied",
        "peration not permitted",
    ),
    message(
        "directory-unusable",
        after(r"raft_(?:start|init)\(\): ") + r".*(?:illegal operation on a directory|directory path too long)",
        "operation on a directory",
        "directory path too long",
    ),
    message(
        "host-name-unknown",
        after(r"server \S+: |listen to \S+: |dqlite|raft|:19001|:17666|:9000\b") + r".*\blookup (?P<host>[\w.-]{1,253})"
        r"(?: on \S+)?: (?:no such host|.{0,80}(?:server misbehaving|name resolution))",
        ": no such host",
        "server misbehaving",
        "name resolution",
    ),
)
