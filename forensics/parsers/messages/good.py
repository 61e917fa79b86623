"""Good news: a leader was found, a service answers. Such a line is no complaint; it tells that earlier ones are over.

Sources: canonical/k8s-dqlite pkg/server/server.go (behind go-dqlite's `App.Ready`, which waits for a leader);
canonical/go-dqlite internal/protocol/connector.go; canonical/lxd and lxc/incus daemon.go (the last line of a start,
behind the cluster database); canonical/lxd-pkg-snap daemon.start (behind `lxd waitready`); juju/juju
internal/worker/dbaccessor (behind `App.Ready`); what a join prints at its end: `microk8s join` (canonical/microk8s
issue 4513), canonical/k8s-snap src/k8s/cmd/k8s/k8s_join_cluster.go.
"""

from __future__ import annotations

from forensics.parsers.messages.message import Message, message

SERVICE_READY = "service-ready"
LEADER_FOUND = "leader-found"
JOINED = "member-joined"

MESSAGES: tuple[Message, ...] = (
    message(
        SERVICE_READY,
        r"(?:^|msg=\W?|: )started (?:(?P<program>dqlite)|(?P<program4>k8s-dqlite) server)(?:\W|$)"
        r"|msg=\W?Daemon started\b"
        r"|=> (?P<program2>LXD) is ready$|initialized (?P<program3>dqlite) application \(ID: ",
        "tarted dqlite",
        "started k8s-dqlite server",
        "aemon started",
        "LXD is ready",
        "nitialized dqlite application",
        "nitialized Dqlite application",
    ),
    message(
        JOINED,
        r"(?i)\bsuccessfully joined the cluster|^(?:.*(?:msg=\W?|\]: ))?joined (?:the )?cluster\W*$"
        r"|\bjoined the cluster as (?:a )?(?:worker|control[ -]plane)",
        "joined the cluster",
        "oined cluster",
        "oined the cluster",
    ),
    message(
        LEADER_FOUND,
        r"attempt \d+: server (?P<member>\S+): connected(?: on (?:fast|fallback) path)?\W*$",
        ": connected",
    ),
)
