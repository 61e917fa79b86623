"""Changes of the membership that fail: joining, removing, recovering (go-dqlite, microcluster, LXD, Incus)."""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

MESSAGES: tuple[Message, ...] = (
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
        r"|recover failed with error code (?P<error_code>\d+)|failed to reconfigure membership|database recovery failed"
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
)
