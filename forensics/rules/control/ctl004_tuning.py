"""CTL004: snapshot parameters in tuning.yaml that cost memory or are not what they seem."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_tuning
from forensics.rules.api import Effect, Finding, Severity, rule

_TRAILING_DEFAULT = 8192
_TRAILING_MIN = 4  # of dqlite_node_set_snapshot_params


@rule(
    "CTL004",
    "snapshot parameters in tuning.yaml that cost memory or are not what they seem",
    Severity.LOW,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/tuning", "control/tuning-adjusted", "control/tuning-without-numbers"),
    silent_on=("healthy/trimmed-111",),
)
def tuning(node: Node) -> Iterator[Finding]:
    """## What it checks
    tuning.yaml: trailing and threshold of snapshots against the defaults (8192 and 1024; 4096 and 512 from
    k8s-dqlite 1.4.1 on), and what k8s-dqlite makes of them: the values that it runs with.
    ## Why it matters
    The trailing entries are held in memory: tens of thousands of entries of some 20 KB look like a memory leak. From
    1.4.1 on values are replaced: trailing below 512 by 512; threshold 0 by three quarters of trailing, below 384 by
    384, and above trailing by trailing as written. A `snapshot` part without numbers ends in a threshold of 0: a
    snapshot after every entry (medium). Up to 1.3 the values reach dqlite as they are, and with trailing below 4 or
    below threshold the node does not start (medium).
    ## False alarm if
    On machines with much memory and small entries large values are harmless.
    ## What to do
    For small clusters: trailing 512, threshold 384. Otherwise remove the snapshot part and take the defaults.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/196; canonical/k8s-dqlite pkg/server/server.go;
    dqlite_node_set_snapshot_params of dqlite 1.11 refuses these values; FACTS 7.2
    """
    file = next(iter(node.state.of_role(FileRole.TUNING)), None)
    parsed = parse_tuning(file.blob) if file and file.blob else None
    if file is None or parsed is None:
        return
    tuning = parsed.value
    if tuning is None or not tuning.snapshot or parsed.anomalies:  # CTL005 tells of those that stop the start
        return
    if tuning.trailing is not None and tuning.trailing > _TRAILING_DEFAULT:
        message = f"tuning.yaml keeps {tuning.trailing} trailing entries (usual: {_TRAILING_DEFAULT}): they cost memory"
        yield Finding(message, (tuning.at,))
    threshold, trailing = tuning.effective
    if (threshold, trailing) != (tuning.threshold, tuning.trailing):
        written = f"threshold {tuning.threshold or 'unset'}, trailing {tuning.trailing or 'unset'}"
        ends = f"k8s-dqlite 1.4.1 and later run with threshold {threshold}, trailing {trailing}"
        refused = (tuning.trailing or 0) < max(tuning.threshold or 0, _TRAILING_MIN)
        if refused:
            ends += "; up to 1.3 the node does not start"
        severity = Severity.MEDIUM if threshold == 0 or refused else None
        yield Finding(f"tuning.yaml: {written}: {ends}", (tuning.at,), severity, effect=Effect.ATTENTION)
