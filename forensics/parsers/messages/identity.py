"""Who a node is, and whom it trusts: YAML, leftovers, control files, certificates (go-dqlite app, microcluster)."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
    message("bootstrap-joins", r"bootstrap node can't join a cluster", "join a cluster"),
    message("yaml-inconsistent", r"inconsistent info\.yaml and cluster\.yaml", "inconsistent info.yaml"),
    message(
        "address-mismatch",
        r"address \"?\\?\"?(?P<found>[^\s\"\\]+)\\?\"? in info\.yaml does not match \"?\\?\"?(?P<expected>[^\s\"\\]+)",
        "in info.yaml does not match",
    ),
    message(
        "address-absent",
        r"(?:listen|bind)\b[^\n]{0,200}?(?P<address>[\w.:\[\]-]{1,120}:\d{2,5})"
        r": (?:bind: )?cannot assign requested address"
        r"|no suitable net\.Interface found|dial from (?P<from>\S+): .*cannot assign requested address",
        "cannot assign requested address",
        "no suitable net.Interface",
    ),
    message(
        "member-unknown",
        r"no (?:\w+ )?node (?:has|with|registered with) address \"?\\?\"?(?P<found>[^\s\"\\]+[^\s\"\\:])"
        r"|(?:address|server)\W{1,3}(?P<who>[\w.:\[\]-]+:\d+)\"? is not (?:in|a member of|part of) (?:the )?cluster"
        r"|No truststore entry found for node with name \"?(?P<name>[\w.-]+)",
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
        r"open (?:cluster\.yaml node|servers) store|unmarshall? (?:info|cluster)\.yaml|initialize node store:"
        r"|error converting YAML to JSON|no cluster addresses provided|failed to read info\.yaml"
        r"|unmarshal \S*/(?:info|cluster)\.yaml|failed to (?:load daemon\.yaml|retrieve daemon configuration yaml)",
        "cluster.yaml node store",
        "open servers store",
        "unmarshal",
        "Unmarshal",
        "to load daemon.yaml",
        "daemon configuration yaml",
        "initialize node store",
        "converting YAML to JSON",
        "no cluster addresses provided",
        "failed to read info.yaml",
    ),
    message(
        "leftover-state",
        r"data directory seems to have existing state '?(?P<file>[\w.-]+)",
        "seems to have existing state",
    ),
    message(
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
    message(
        "member-duplicate",
        r"server (?:ID|address) (?:is )?already in use|(?:a|this) (?:node|member|server) (?:with (?:id"
        r"|address) \S+ )?already exists in (?:the )?(?:cluster|configuration)",
        "already in use",
        "already exists in",
    ),
    message(
        "leftover-membership",
        r"inconsistent state: (?:found )?leftover |found leftover (?:entries in (?:raft_nodes|cluster members)|cluster"
        r" certificate)|more than one (?:cluster member|node) with a standalone address"
        r"|has local raft addresses\) but cluster\.https_address is not set",
        "leftover",
        "a standalone address",
        "has local raft addresses",
    ),
    message(
        "recovery-refused",
        r"missing local cluster member in incoming recovery\.yaml|ID or name changed for member"
        r"|please shut down all cluster members|members cannot be added or removed|at least one voter is required"
        r"|at least one member must be a \W*voter|(?:adding|removing) cluster members is not supported"
        r"|changing cluster member (?:ID|name) is not supported|daemon is running \(socket path exists"
        r"|failed (?:to recover|recovering) database state|this (?:LXD|Incus) instance is not clustered"
        r"|reconfiguring Dqlite cluster: "
        r"|recover failed with error code (?P<found>\d+)|failed to reconfigure membership|database recovery failed"
        r"|invalid sequence `\.\.` in recovery tarball|bad command format, should be: \.reconfigure",
        "incoming recovery.yaml",
        "name changed for member",
        "shut down all cluster members",
        "t least one voter",
        "t least one member must",
        "ing cluster members is not",
        "ing cluster member ID",
        "ing cluster member name",
        "socket path exists",
        "database state",
        "instance is not clustered",
        "reconfiguring Dqlite cluster: ",
        "annot be added or removed",
        "recover failed with",
        "to reconfigure membership",
        "atabase recovery failed",
        "recovery tarball",
        "should be: .reconfigure",
    ),
    message(
        "join-failed",
        r"join attempts were unsuccessful|failed to confirm new member|unable to complete cluster join request"
        r"|failed (?:to join|joining) (?:dqlite )?cluster(?!.*(?:initiali\w+ member|storage pool|network|config key))"
        r"|failed (?:to )?request to add (?:member|node)"
        r"|SAN does not contain join token name|is not a valid FQDN|failed to request to join"
        r"|join token (?:has |is |was )?(?:expired|not found|invalid)",
        "join attempts were",
        "ailed to join",
        "ailed joining",
        "cluster join request",
        "equest to add",
        "to confirm new member",
        "join token name",
        "not a valid FQDN",
        "oin token",
        "request to join",
    ),
    message("upgrade-path", r"unsupported upgrade path, please first upgrade to", "nsupported upgrade path"),
    message(
        "truststore-empty",
        r"failed to parse local record \\?\"(?P<found>[^\"\\]*)\\?\"\.? found empty certificate"
        r"|(?:found )?empty certificate",
        "mpty certificate",
    ),
    message("truststore-empty", r"failed to initialize trust store", "nitialize trust store"),
    message(
        "certificate",
        r"x509: .*(?:expired|not yet valid|is valid for|unknown authority|IP SANs|relies on legacy Common Name"
        r"|malformed|negative serial number)"
        r"|tls: (?:private key (?:does not match|type does not match)|failed to (?:find|parse)\b.*(?:PEM|private key))"
        r"|go-dqlite[\w/@.+-]{0,40}/app/tls\.go:\d+"  # its frame in a panic: a certificate without a DNS name
        r"|tls: (?:bad certificate|expired certificate|unknown certificate|failed to verify)|remote error: tls: \w+"
        r"|failed to load keypair from cluster\.crt|failed to add certificate to pool"
        r"|certificate (?:token does not match that of cluster member|fingerprint mismatch)"
        r"|failed to load TLS certificate",
        "x509: ",
        "tls: ",
        "/app/tls.go:",
        "keypair from cluster.crt",
        "certificate to pool",
        "ertificate token does not match",
        "ertificate fingerprint mismatch",
        "to load TLS certificate",
    ),
)
