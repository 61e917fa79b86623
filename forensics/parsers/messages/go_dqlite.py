"""What go-dqlite says of other members: roles, the leader it is told of, connections to them.

Tried before the causes that these lines wrap (a certificate, an address). Source: canonical/go-dqlite app,
internal/protocol.
"""

from __future__ import annotations

from forensics.parsers.messages.message import Message, after, message

_ROLE = r"(?:voter|stand-?by|spare)"

MESSAGES: tuple[Message, ...] = (
    message(
        "role-change-failed",
        rf"(?:change|promote) (?P<address>\S+) from {_ROLE} to {_ROLE}: |could not (?:assign role {_ROLE} to any node"
        rf"|promote any online node to {_ROLE})|assign {_ROLE} role to ourselves: "
        r"|a configuration change is already in progress",
        " from voter to ",
        " from stand",
        " from spare to ",
        "could not assign role",
        "could not promote any",
        " role to ourselves: ",
        "change is already in progress",
    ),
    message(
        "no-leader",
        r"failed to start dqlite app: |reported leader server is not the leader"
        r"|failed to create dqlite connection: context deadline exceeded",
        "to start dqlite app: ",
        "reported leader server",
        "to create dqlite connection: context",
    ),
    message(
        "leadership-lost",
        r"transfer leadership to \S+: |leadership transfer failed",
        "transfer leader",
        "transfer failed",
    ),
    message(
        "peer-connection-broken",
        after(r"\bproxy: (?:first|second): ") + r".*(?:reset by peer|broken pipe|timed out|refused|i/o timeout)"
        r"|server \S+: (?:write )?handshake: |dial local node: |failed to connect to bind address ",
        "andshake: ",
        "dial local node",
        "proxy: first: ",
        "proxy: second: ",
        "to connect to bind address",
    ),
)
