"""CTL004: snapshot parameters in tuning.yaml that cost memory or are not what they seem."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_tuning
from forensics.rules.api import Effect, Finding, Severity, rule

_TRAILING_DEFAULT = 8192


@rule(
    "CTL004",
    "snapshot parameters in tuning.yaml that cost memory or are not what they seem",
    Severity.LOW,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/tuning",),
    silent_on=("healthy/trimmed-111",),
)
def tuning(node: Node) -> Iterator[Finding]:
    """## What it checks
    tuning.yaml: trailing and threshold of snapshots against the defaults (8192 and 1024; 4096 and 512 from
    k8s-dqlite 1.5 on), and values that k8s-dqlite adjusts silently.
    ## Why it matters
    The trailing entries are held in memory: tens of thousands of entries of some 20 KB look like a memory leak. A
    threshold above trailing, or values below the minimum, are replaced by others than those written.
    ## When it is wrong
    On machines with much memory and small entries large values are harmless.
    ## What to do
    For small clusters: trailing 512, threshold 384. Otherwise remove the snapshot part and take the defaults.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/196; FACTS 7.2
    """
    file = next(iter(node.state.of_role(FileRole.TUNING)), None)
    parsed = parse_tuning(file.blob) if file and file.blob else None
    if file is None or parsed is None:
        return
    for anomaly in parsed.anomalies:
        yield Finding(f"tuning.yaml: {anomaly.detail}", (anomaly.at,))
    tuning = parsed.value
    if tuning is None:
        return
    if tuning.trailing is not None and tuning.trailing > _TRAILING_DEFAULT:
        message = f"tuning.yaml keeps {tuning.trailing} trailing entries (usual: {_TRAILING_DEFAULT}): they cost memory"
        yield Finding(message, (tuning.at,))
    if tuning.threshold is not None and tuning.trailing is not None and tuning.threshold > tuning.trailing:
        message = f"tuning.yaml: threshold {tuning.threshold} is above trailing {tuning.trailing}, and is lowered to it"
        yield Finding(message, (tuning.at,))
