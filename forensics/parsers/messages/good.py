"""Good news: a leader was found, a service answers. Such a line is no complaint; it tells that earlier ones are over.

Sources: canonical/k8s-dqlite pkg/server/server.go (behind go-dqlite's `App.Ready`, which waits for a leader);
canonical/go-dqlite internal/protocol/connector.go; canonical/lxd and lxc/incus daemon.go (the last line of a start,
behind the cluster database); canonical/lxd-pkg-snap daemon.start (behind `lxd waitready`); juju/juju
internal/worker/dbaccessor (behind `App.Ready`); what a join prints at its end: `microk8s join` (canonical/microk8s
issue 4513), canonical/k8s-snap src/k8s/cmd/k8s/k8s_join_cluster.go.
"""

from __future__ import annotations

from forensics.parsers.messages.message import BEGINS, Message, message

SERVICE_READY = "service-ready"
LEADER_FOUND = "leader-found"
JOINED = "member-joined"

# A word that turns a sentence round, or makes it none about what is.
_NOT_REFUSED = (
    r"\A(?!.*\b(?:no|not|never|none|without|fail\w*|error|cannot|can't|could|unable|wait\w*|until|unless|if|when|lost"
    r"|before|refus\w*|timed|retry\w*)\b)(?:.*?)"
)

MESSAGES: tuple[Message, ...] = (
    message(
        SERVICE_READY,
        rf"{BEGINS}started (?:(?P<program>dqlite)|(?P<program4>k8s-dqlite) server)(?:\W|$)|{BEGINS}Daemon started\b"
        r"|=> (?P<program2>LXD) is ready$|initialized (?P<program3>dqlite) application \(ID: "
        rf"|{_NOT_REFUSED}{BEGINS}(?:the )?(?P<program5>[\w.-]{{0,40}}(?:dqlite|cowsql|k8sd|lxd|incusd?|micro\w+|kine))"
        r"(?: (?:server|daemon|node|application|app|service|database))? (?:is )?(?:now )?(?:ready|up|running)"
        r"(?: again)?\W*$",
        "tarted dqlite",
        "started k8s-dqlite server",
        "aemon started",
        "LXD is ready",
        "nitialized dqlite application",
        "nitialized Dqlite application",
        *(" ready", " running", " up"),
    ),
    message(
        JOINED,
        rf"\bsuccessfully joined the cluster|{_NOT_REFUSED}\bjoined (?:the )?(?:[\w-]+ )?cluster\b",
        "joined the cluster",
        "oined cluster",
        "oined the cluster",
    ),
    message(
        LEADER_FOUND,
        r"attempt \d+: server (?P<member>\S+): connected(?: on (?:fast|fallback) path)?\W*$"
        rf"|{_NOT_REFUSED}\b(?:leader (?:was |has been |is )?(?:found|elected)"
        r"|(?:found|elected|connected to)(?: a| the)?(?: new)? leader"
        r"|bec[ao]mes? (?:the )?leader|new leader(?= is\b|: ?\S)|elected (?:as )?(?:the )?leader)\b",
        *(": connected", "leader", "Leader"),
    ),
)
