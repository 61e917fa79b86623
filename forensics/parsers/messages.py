"""Error texts of dqlite, raft, go-dqlite and the products on top, by what they say.

Sources: canonical/dqlite src/raft/uv*.c, src/server.c; canonical/go-dqlite app, client, driver; canonical/k8s-dqlite
pkg/server; canonical/microcluster internal/{daemon,trust,db}; canonical/lxd lxd/cluster; FACTS 1.3, 2.2 to 2.6, 6.3.
What each means and what to do about it is said by the rule that takes it (forensics/rules/journal/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of text.

    Attributes:
        code: stable: what rules match on.
        needles: byte strings, one of which every such line holds; a line without them is never looked at.
        pattern: what the line must match; its named groups are kept.
    """

    code: str
    needles: tuple[bytes, ...]
    pattern: re.Pattern[str]


def _message(code: str, pattern: str, *needles: str) -> Message:
    return Message(code, tuple(needle.encode() for needle in needles), re.compile(pattern, re.IGNORECASE))


_SEGMENT = r"(?:load (?:closed|open) segment (?P<file>[\w-]+):.*?)?"
_DQLITE = (
    r"(?:dqlite|raft|microk8s|kubelite|k8sd|kine|lxd|incus|juju|micro(?:ceph|ovn|cloud)|k3s|go-dqlite|:19001|:17666)"
)

# Order counts: a line is taken by the first that matches.
MESSAGES: tuple[Message, ...] = (
    # raft, its segments
    _message(
        "segment-entries",
        _SEGMENT + r"found (?P<found>\d+) entries \(expected (?P<expected>\d+)\)",
        "entries (expected",
    ),
    _message(
        "segment-zeros",
        _SEGMENT + r"entries batch (?P<batch>\d+) starting at byte (?P<byte>\d+): entries count in preamble is zero",
        "in preamble is zero",
    ),
    _message("segment-count", _SEGMENT + r"entries count \d+ in preamble is too high", "in preamble is too high"),
    _message("snapshot-meta", r"read (?P<file>snapshot-\S+\.meta): checksum mismatch", ".meta: checksum mismatch"),
    _message("segment-checksum", _SEGMENT + r"(?:header|data) checksum mismatch", "checksum mismatch"),
    _message("segment-format", _SEGMENT + r"unexpected format version (?P<found>\d+)", "unexpected format version"),
    _message(
        "segment-short",
        r"load (?:closed|open) segment (?P<file>[\w-]+):.*(?:short read: (?P<found>\d+) bytes instead of"
        r" (?P<expected>\d+)"
        r"|file is empty|file has only \d+ bytes)",
        "load closed segment",
        "load open segment",
    ),
    _message(
        "gap-after-snapshot",
        r"closed segment (?P<file>[\w-]+) is past last snapshot (?P<snapshot>snapshot-[\d-]+)",
        "is past last snapshot",
    ),
    _message(
        "segment-unexpected",
        r"unexpected closed segment (?P<file>[\w-]+): first index should have been (?P<expected>\d+)",
        "first index should have been",
    ),
    _message(
        "log-behind-snapshot",
        r"last entry on disk has index (?P<found>\d+), which is behind last snapshot's index (?P<expected>\d+)",
        "behind last snapshot",
    ),
    _message(
        "segment-no-reason",
        r"load (?:closed|open) segment (?P<file>[\d-]+"
        r"|open-\d+)(?:: entries batch \d+ starting at byte \d+)?:?\s*[\"'\\n]*$",
        "load closed segment",
        "load open segment",
    ),
    # raft: snapshots, metadata, file system
    _message(
        "snapshot-data",
        r"LZ4F_\w+ (?P<found>ERROR_\w+)|compressed file is too short",
        "LZ4F_",
        "compressed file is too short",
    ),
    _message("snapshot-data", r"raft_start\(\): io: short read: \d+ bytes instead of \d+", "short read:"),
    _message("metadata", r"(?P<file>metadata[12]) has size \d+ instead of \d+", "has size"),
    _message("metadata", r"metadata1 and metadata2 are both at version", "are both at version"),
    _message("metadata", r"decode content of (?P<file>metadata[12])", "decode content of metadata"),
    _message(
        "file-system",
        r"probe (?:Direct|Async) I/O|unsupported file system: |directory '(?P<file>[^']+)' (?:is not writable"
        r"|does not exist)"
        r"|can't access directory '|path '[^']+' is not a directory",
        "probe Direct I/O",
        "probe Async I/O",
        "unsupported file system",
        "is not writable",
        "can't access directory",
        "is not a directory",
        "' does not exist",
    ),
    _message("locked", r"couldn't lock the raft directory", "lock the raft directory"),
    _message(
        "socket-taken",
        r"failed to set bind address (?P<address>\S+)|listen(?:ing)? (?:to|on) \S+:(?:19001|9000"
        r"|17666).*address already in use"
        r"|listen to (?P<where>\S+): .*address already in use",
        "failed to set bind address",
        "address already in use",
    ),
    # sizes and crashes
    _message(
        "database-limit",
        r"vfsDatabaseGetPage pgno:\d+|db__open_follower: Assertion|Assertion `db->follower == NULL'",
        "vfsDatabaseGetPage",
        "db->follower == NULL",
    ),
    _message(
        "assertion",
        r"(?P<file>(?:src/)?(?:lib/|raft/)?[\w/]+\.c)(?::\d+)?:? ?\w*:? Assertion [`'\"](?P<found>.*?)['\"`] failed",
        "Assertion `",
        "Assertion '",
    ),
    _message(
        "old-generation",
        r"CanonicalLtd/dqlite/internal/|hashicorp/raft.*(?:panic|FSM\.Apply)",
        "CanonicalLtd/dqlite",
        "hashicorp/raft",
    ),
    _message(
        "crash",
        r"(?:segfault at|SIGSEGV|SIGABRT|status=(?:6/ABRT|11/SEGV)|signal: (?:aborted|segmentation fault)).*"
        rf"|\b{_DQLITE}\S*\[\d+\]: segfault at",
        "segfault at",
        "SIGSEGV",
        "SIGABRT",
        "6/ABRT",
        "11/SEGV",
        "signal: aborted",
        "signal: segmentation fault",
    ),
    _message(
        "killed-for-memory",
        r"(?:Killed process \d+ \((?P<file>[\w-]+)\)|oom-kill:.*task=(?P<task>[\w-]+))",
        "Killed process",
        "oom-kill:",
    ),
    # disk
    _message(
        "disk-full",
        r"no space left on device|disk quota exceeded|not enough space to allocate|database or disk is full|\bENOSPC\b"
        r"|available disk size \(.*\) is below minimum required|low available storage",
        "o space left on device",
        "isk quota exceeded",
        "not enough space to allocate",
        "disk is full",
        "ENOSPC",
        "available disk size",
    ),
    _message(
        "disk-error",
        r"read-only file system|input/output error|I/O error, dev|Buffer I/O error|EXT4-fs error|XFS.*(?:corruption"
        r"|metadata I/O error)",
        "ead-only file system",
        "nput/output error",
        "I/O error",
        "EXT4-fs error",
        "XFS",
    ),
    # identity
    _message("bootstrap-joins", r"bootstrap node can't join a cluster", "can't join a cluster"),
    _message("yaml-inconsistent", r"inconsistent info\.yaml and cluster\.yaml", "inconsistent info.yaml"),
    _message(
        "address-mismatch",
        r"address \"?\\?\"?(?P<found>[^\s\"\\]+)\\?\"? in info\.yaml does not match \"?\\?\"?(?P<expected>[^\s\"\\]+)",
        "in info.yaml does not match",
    ),
    _message(
        "yaml-permission",
        r"open (?P<file>\S*/(?:cluster|info)\.yaml): permission denied",
        ".yaml: permission denied",
    ),
    _message(
        "yaml-unreadable",
        r"open (?:cluster\.yaml node|servers) store|unmarshall? (?:info|cluster)\.yaml|initialize node store:"
        r"|error converting YAML to JSON|no cluster addresses provided|failed to read info\.yaml",
        "cluster.yaml node store",
        "open servers store",
        "unmarshal",
        "initialize node store",
        "converting YAML to JSON",
        "no cluster addresses provided",
        "failed to read info.yaml",
    ),
    _message(
        "leftover-state",
        r"data directory seems to have existing state '?(?P<file>[\w.-]+)",
        "seems to have existing state",
    ),
    _message(
        "control-file",
        r"empty address in (?P<file>init|update)\.yaml|failed to (?:read|check for) (?:init|update|tuning)\.yaml"
        r"|failed to parse failure-domain|failed to (?:reconfigure dqlite membership|write new address)",
        "empty address in",
        "init.yaml",
        "update.yaml",
        "tuning.yaml",
        "failure-domain",
        "reconfigure dqlite membership",
        "write new address",
    ),
    _message(
        "member-duplicate",
        r"server (?:ID|address) (?:is )?already in use|(?:a|this) (?:node|member|server) (?:with (?:id"
        r"|address) \S+ )?already exists in (?:the )?(?:cluster|configuration)",
        "already in use",
        "already exists in",
    ),
    _message(
        "leftover-membership",
        r"found leftover (?:entries in (?:raft_nodes|cluster members)|cluster certificate)"
        r"|has local raft addresses\) but cluster\.https_address is not set",
        "leftover",
        "has local raft addresses",
    ),
    _message("upgrade-path", r"unsupported upgrade path, please first upgrade to", "nsupported upgrade path"),
    # certificates
    _message(
        "truststore-empty",
        r"failed to parse local record \\?\"(?P<found>[^\"\\]*)\\?\"\.? found empty certificate"
        r"|(?:found )?empty certificate",
        "mpty certificate",
    ),
    _message("truststore-empty", r"failed to initialize trust store", "nitialize trust store"),
    _message(
        "certificate",
        r"x509: .*(?:expired|not yet valid|is valid for|unknown authority|IP SANs|relies on legacy Common Name)"
        r"|tls: (?:bad certificate|expired certificate|unknown certificate|failed to verify)|remote error: tls: \w+"
        r"|failed to load keypair from cluster\.crt|failed to add certificate to pool",
        "x509: ",
        "tls: ",
        "keypair from cluster.crt",
        "certificate to pool",
    ),
    # availability
    _message(
        "no-leader",
        r"no available dqlite leader server found|no known leader"
        r"|(?:failed to )?connect(?:ing)? to (?:cluster )?leader|could not find a leader"
        r"|RAFT cluster is unavailable|find(?: new)? leader:|dqlite .*failed to become ready|App not ready in time",
        "failed to become ready",
        "App not ready in time",
        "dqlite leader server found",
        "no known leader",
        "to leader",
        "cluster leader",
        "find a leader",
        "RAFT cluster is unavailable",
        "ind leader:",
        "new leader:",
    ),
    _message(
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
    _message(
        "kine-migration", r"failed to migrate DB from sqlite|building kine: ", "migrate DB from sqlite", "building kine"
    ),
    _message("start-no-reason", r"raft_start\(\):\s*(?:io:)?\s*(?:\\n|[\"'\\\s])*(?:\([^()]*\))?$", "raft_start():"),
    _message(
        "start-no-reason",
        r"run failed with (?P<found>\d+)\b|dqlite server: failed to start task|task stopped with error code",
        "run failed with",
        "failed to start task",
        "task stopped with",
    ),
    _message(
        "start-failed",
        r"raft_(?:start|init|bootstrap)\(\): (?P<found>\S.*)",
        "raft_start():",
        "raft_init():",
        "raft_bootstrap():",
    ),
    _message(
        "not-initialised",
        r"daemon not yet initialized|database is not yet (?:open|initialized)",
        "ot yet initialized",
        "not yet open",
    ),
    _message(
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
    _message(
        "peer-connection",
        r"dqlite: proxy: .*(?:reset by peer|broken pipe|timed out|refused)|error during dqlite proxy copy"
        r"|driver: bad connection"
        r"|server unavailable err=",
        "dqlite: proxy",
        "dqlite proxy copy",
        "bad connection",
        "server unavailable",
    ),
    # worth knowing, not wrong
    _message(
        "recovery",
        r"recovery tarball located|recovering dqlite|raft_recover\(\)|will update address of dqlite node",
        "ecovery tarball located",
        "raft_recover",
        "will update address",
    ),
    _message(
        "last-entry",
        r"dqlite last entry\W.*?index\W{1,3}(?P<index>\d+).*?term\W{1,3}(?P<term>\d+)"
        r"|dqlite last entry\W.*?term\W{1,3}(?P<term2>\d+).*?index\W{1,3}(?P<index2>\d+)",
        "qlite last entry",
    ),
    _message("clock-skew", r"time skew detected between leader and local", "ime skew detected"),
)


@cache
def needles() -> tuple[bytes, ...]:
    """All needles, once each."""
    return tuple(sorted({needle for message in MESSAGES for needle in message.needles}))


def match(raw: bytes, text: str) -> tuple[str, dict[str, str]] | None:
    """Code of the first message that a line is, with its named groups.

    Args:
        raw: the line.
        text: the same, decoded, without colours.
    """
    for message in MESSAGES:
        if any(needle in raw for needle in message.needles) and (hit := message.pattern.search(text)):
            return message.code, {name: value for name, value in hit.groupdict().items() if value is not None}
    return None
