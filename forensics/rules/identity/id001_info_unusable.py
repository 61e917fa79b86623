"""ID001: info.yaml that gives no identity."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_RECORD = ("member-key-missing", "member-type")


@rule(
    "ID001",
    "info.yaml that cannot be used",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.INFO,),
    fires_on=(
        "identity/info-empty",
        "identity/info-zeros",
        "identity/info-half",
        "identity/info-id-zero",
        "identity/info-no-address",
    ),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def info_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    info.yaml is YAML with an `ID` that is a number above 0 and an `Address`.
    ## Why it matters
    go-dqlite reads its identity from this file alone: without it the node does not start (`unmarshall info.yaml: …`),
    or starts as nobody (ID 0). Before go-dqlite 1.11 the file was overwritten in place, so that a power cut or a full
    disk left it empty or cut in half; file systems do the same to files that were just renamed.
    ## False alarm if
    Never on a node that has been a member.
    ## What to do
    ID and address stand in the raft configuration, in cluster.yaml of the other nodes, and in backups: write the file
    anew with them, on a copy first, in the form that the other nodes' files have. Never invent an ID.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/go-dqlite/issues/145;
    https://github.com/canonical/microk8s/issues/2531; FACTS 6
    """
    parsed = node.info
    if parsed is None:
        return
    record = parsed.value
    whole = (node.state.files["info.yaml"].at,)
    if record is None:
        anomaly = parsed.anomalies[0]
        yield Finding(f"info.yaml: {anomaly.detail}", (anomaly.at if anomaly.at.length else whole[0],))
    elif record.id is None or record.address is None:
        missing = " and ".join(
            name for name, value in (("ID", record.id), ("Address", record.address)) if value is None
        )
        spans = tuple(anomaly.at for anomaly in parsed.anomalies if anomaly.code in _RECORD) or whole
        yield Finding(f"info.yaml gives no usable {missing}", spans)
    elif record.id == 0:
        yield Finding("info.yaml gives ID 0, which is no server", (record.at,))
    elif any(anomaly.code in _RECORD for anomaly in parsed.anomalies):
        spans = tuple(anomaly.at for anomaly in parsed.anomalies if anomaly.code in _RECORD)
        message = "info.yaml gives no usable Role; it is never read again, but another tool wrote this file"
        yield Finding(message, spans, Severity.LOW, effect=Effect.NONE)
