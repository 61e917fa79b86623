"""Who a node is: info.yaml, cluster.yaml, its address, leftovers of an earlier life, control files of k8s-dqlite.

Sources: canonical/go-dqlite app, client; canonical/microcluster internal; canonical/k8s-dqlite pkg/server.
"""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message("bootstrap-joins", r"bootstrap node can't join a cluster", "join a cluster"),
    message("yaml-inconsistent", r"inconsistent info\.yaml and cluster\.yaml", "inconsistent info.yaml"),
    message(
        "address-mismatch",
        r"address \"?\\?\"?(?P<address>[^\s\"\\]+)\\?\"? in info\.yaml does not match "
        r"\"?\\?\"?(?P<start_address>[^\s\"\\]+)",
        "in info.yaml does not match",
    ),
    message(
        "address-absent",
        r"(?:listen|bind)\b[^\n]{0,200}?(?<![\w.:\[\]-])(?P<address>[\w.:\[\]-]{1,120}:\d{2,5})"
        r": (?:bind: )?cannot assign requested address"
        r"|no suitable net\.Interface found|dial from (?P<address2>\S+): .*cannot assign requested address",
        "cannot assign requested address",
        "no suitable net.Interface",
    ),
    message(
        "member-unknown",
        r"no (?:\w+ )?node (?:has|with|registered with) address \"?\\?\"?(?P<member>[^\s\"\\]+[^\s\"\\:])"
        r"|(?:address|server)\W{1,3}(?P<member2>[\w.:\[\]-]+:\d+)\"? is not (?:in|a member of|part of) (?:the )?cluster"
        r"|No truststore entry found for node with name \"?(?P<member3>[\w.-]+)",
        "node has address",
        "node with address",
        "node registered with address",
        "is not in",
        "is not a member of",
        "is not part of",
        "No truststore entry found",
    ),
    message(
        "yaml-permission",
        r"open (?P<file>\S*/(?:cluster|info)\.yaml): permission denied",
        ".yaml: permission denied",
    ),
    message(
        "yaml-unreadable",
        r"^(?:(?=.*?(?P<file>(?:info|cluster)\.yaml))|).*"
        r"(?:open cluster\.yaml node store|open servers store(?!.*: no such file)"
        r"|unmarshall? (?:\S*/)?(?:info|cluster)\.yaml"
        r"|initialize node store:|error converting YAML to JSON|no cluster addresses provided"
        r"|failed to read info\.yaml)",
        "cluster.yaml node store",
        "open servers store",
        "unmarshal",
        "Unmarshal",
        "initialize node store",
        "converting YAML to JSON",
        "no cluster addresses provided",
        "failed to read info.yaml",
    ),
    message(
        "daemon-yaml-unreadable",
        r"failed to (?:load daemon\.yaml|retrieve daemon configuration yaml)",
        "to load daemon.yaml",
        "daemon configuration yaml",
    ),
    message(
        "leftover-state",
        r"data directory seems to have existing state '?(?P<file>[\w.-]+)",
        "seems to have existing state",
    ),
    message(
        "control-file-failed",
        r"empty address in (?P<file>(?:init|update)\.yaml)"
        r"|failed to (?:read|check for) (?P<file2>(?:init|update|tuning)\.yaml)"
        r"|failed to parse (?P<file3>failure-domain)|failed to (?:reconfigure dqlite membership|write new address)",
        "empty address in",
        "init.yaml",
        "update.yaml",
        "tuning.yaml",
        "failure-domain",
        "reconfigure dqlite membership",
        "write new address",
    ),
)
