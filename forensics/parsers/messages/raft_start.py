"""What raft says when a start fails: segments, snapshots, metadata, the directory, its lock and its socket.

Source: canonical/dqlite src/raft/uv*.c, src/server.c.
"""

from __future__ import annotations

from forensics.parsers.messages.message import NO_MORE, Message, message

_SEGMENT = (
    r"(?:load (?:closed|open) segment (?P<file>[\w-]+):"
    r"(?: ?entries batch (?P<batch>\d{1,20}) starting at byte (?P<offset>\d{1,20}):)?.*?)?"
)

MESSAGES: tuple[Message, ...] = (
    message(
        "segment-too-few-entries",
        _SEGMENT + r"found (?P<entries>\d+) entries \(expected (?P<expected_entries>\d+)\)",
        "entries (expected",
    ),
    message(  # the end of the line was cut off
        "segment-too-few-entries",
        r"load (?:closed|open) segment (?P<file>[\d-]+): found (?P<entries>\d+)(?: e\w*)?$",
        "load closed segment",
        "load open segment",
    ),
    message(
        "segment-zeros",
        _SEGMENT
        + r"(?:entries batch (?P<batch2>\d+) starting at byte (?P<offset2>\d+): )?entries count in preamble is zero",
        "in preamble is zero",
    ),
    message(
        "segment-count-high",
        _SEGMENT + r"entries count (?P<entries>\d{1,20}) in preamble is too high",
        "in preamble is too high",
    ),
    message(
        "snapshot-meta-checksum", r"read (?P<file>snapshot-\S+\.meta): checksum mismatch", ".meta: checksum mismatch"
    ),
    message("segment-checksum", _SEGMENT + r"(?:header|data) checksum mismatch", "checksum mismatch"),
    message(
        "segment-format", _SEGMENT + r"unexpected format version (?P<format_version>\d+)", "unexpected format version"
    ),
    message(
        "segment-cut",
        r"load (?:closed|open) segment (?P<file>[\w-]+):.*(?:short read: (?P<bytes>\d+) bytes instead of"
        r" (?P<expected_bytes>\d+)"
        r"|file is empty|file has only \d+ bytes)",
        "load closed segment",
        "load open segment",
    ),
    message(
        "gap-after-snapshot",
        r"closed segment (?P<file>\S+) is past last snapshot(?: (?P<snapshot>snapshot-[\d-]+))?",
        "is past last snapshot",
    ),
    message(
        "segment-unexpected",
        r"unexpected closed segment (?P<file>[\w-]+): first index should have been (?P<expected_index>\d+)",
        "first index should have been",
    ),
    message(
        "log-behind-snapshot",
        r"last entry on disk has index (?P<last_index>\d+)"
        r", which is behind last snapshot's index (?P<snapshot_index>\d+)",
        "behind last snapshot",
    ),
    message(
        "segment-no-reason",
        r"load (?:closed|open) segment (?P<file>[\d-]+"
        r"|open-\d+)(?:: entries batch \d+ starting at byte \d+)?:?" + NO_MORE,
        "load closed segment",
        "load open segment",
    ),
    message(
        "snapshot-unreadable",
        r"LZ4F_\w{1,40} (?P<error>ERROR_\w+)|compressed file is too short",
        "LZ4F_",
        "compressed file is too short",
    ),
    message("snapshot-compressed", r"LZ4 not available", "LZ4 not available"),
    message("snapshot-unreadable", r"raft_start\(\): io: short read: \d+ bytes instead of \d+", "short read:"),
    message("metadata-damaged", r"(?P<file>metadata[12]) has size \d+ instead of \d+", "has size"),
    message("metadata-damaged", r"metadata1 and metadata2 are both at version", "are both at version"),
    message("metadata-damaged", r"decode content of (?P<file>metadata[12])", "decode content of metadata"),
    message(
        "directory-unusable",
        r"probe (?:Direct|Async) I/O|unsupported file system: |directory '[^']+' (?:is not writable"
        r"|does not exist)"
        r"|can't access directory '|path '[^']+' is not a directory"
        r"|(?:posix_f?allocate|fallocate|io_submit): (?:operation not supported|invalid argument)",
        "allocate: ",
        "io_submit: ",
        "probe Direct I/O",
        "probe Async I/O",
        "unsupported file system",
        "is not writable",
        "can't access directory",
        "is not a directory",
        "' does not exist",
    ),
    message(
        "directory-locked",
        r"couldn't lock the raft directory|bolt store for raft logs: timeout",  # the second in Go's generation
        "lock the raft directory",
        "bolt store for raft logs",
    ),
    message(
        "socket-taken",
        r"failed to set bind address |listen(?:ing)? (?:to|on) \S+:(?:19001|9000"
        r"|17666).*address already in use|listen tcp\d? \S*:(?:8443|7443|6400|17666|19001|9000): bind: address already"
        r"|listen to \S+: .*address already in use",
        "failed to set bind address",
        "address already in use",
    ),
)
