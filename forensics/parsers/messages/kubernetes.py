"""k8s-dqlite, k8sd and MicroK8s, and the API server on top of them.

Sources: canonical/k8s-dqlite cmd, pkg/server, pkg/limited, pkg/backend; canonical/go-dqlite app; canonical/k8s-snap
src/k8s/cmd; canonical/microk8s-cluster-agent pkg/api; kubernetes/kubernetes staging/src/k8s.io/apiserver.
"""

from __future__ import annotations

from forensics.parsers.messages.message import DQLITE, Message, after, message

MESSAGES: tuple[Message, ...] = (
    message(
        "bad-argument",
        after(DQLITE) + r".*(?:unknown (?:shorthand )?flag|flag provided but not defined|invalid argument .{1,200} for)"
        r"|unknown flag: --[\w-]*(?:snapshot|trailing|threshold|dqlite|storage|kine|datastore|etcd|watch)"
        r"|unsupported (?:low available storage action|TLS version) |invalid voters \d+: must be",
        "unknown flag",
        "unknown shorthand flag",
        "flag provided but not defined",
        "invalid argument",
        "unsupported low available",
        "unsupported TLS version",
        "invalid voters",
    ),
    message(
        "member-duplicate",
        r"joining node \([^()\s]+\) is already known to dqlite"
        r"|node \S+ is registered with dqlite",
        "already known to dqlite",
        "is registered with dqlite",
    ),
    message(
        "yaml-missing",
        r"(?:open servers store|list of dqlite nodes)\b.*cluster\.yaml: no such file or directory",
        "cluster.yaml: no such file",
    ),
    message("yaml-unreadable", r"\bserver list empty\b", "server list empty"),
    message(
        "join-failed",
        r"^(?:error: )?Connection failed\. .{1,300}\(\d{3}\)|failed to join the cluster"
        r"|\bjoin cluster: context deadline",
        "onnection failed. ",
        "ailed to join the",
        "join cluster: ",
    ),
    message(
        "bootstrap-failed",
        r"failed to bootstrap (?:the |new )?cluster|failed to run post-bootstrap actions",
        "ailed to bootstrap",
        "post-bootstrap actions",
    ),
    # `microk8s status`
    message("no-leader", r"datastore master nodes:\s*none\b", "datastore master nodes:"),
    message("two-voters", r"datastore master nodes:\s*\S+:\d+ [^\s\"]+:\d+(?!\d| \S+:\d)", "datastore master nodes:"),
    message(
        "control-file-failed",
        r"failed to set (?:snapshot params|network latency)\b",
        "ailed to set snapshot",
        "ailed to set network",
    ),
    message("sqlite-io-error", r"^(?!.*(?:leadership|not leader)).*\bdisk I/O error\b", "disk I/O error"),
    message(
        "certificate-refused",
        r"certificate has no DNS extension|panic: parse certificate: |failed to read cluster\.crt",
        "no DNS extension",
        "parse certificate: ",
        "to read cluster.crt",
    ),
    message(
        "certificate-refused-elsewhere",
        after(r"(?:kubelite|kube-?\w{0,40}|apiserver|containerd|cluster-agent)(?:\[\d+\])?: ")
        + r"(?!.*dqlite).*(?:x509: |tls: )",
        "x509: ",
        "tls: ",
    ),
    message(
        "query-cancelled",
        r"error (?:in txn|while range on)\b.*: context canceled\W*$",
        "error in txn",
        "error while range on",
    ),
    message(
        "query-failed",
        r"is not an metav1\.Status: .*(?:deadline exceeded|request timed out)"
        r"|error retrieving resource lock .*(?:Client\.Timeout exceeded|deadline exceeded|request timed out)"
        r"|\"Txn call failed\" err:context deadline|etcd3\".*\(total time: (?:[5-9]|\d{2,})(?:\.\d+)?s\)"
        r"|read old events for ttl: |leader exec failed \(\d+\)|call [\w-]+ \(budget ",
        "metav1.Status",
        "retrieving resource lock",
        "Txn call failed",
        "(total time: ",
        "old events for ttl",
        "leader exec failed",
        "(budget ",
    ),
)
