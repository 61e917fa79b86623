"""CTL004: snapshot parameters in tuning.yaml that cost memory, or that dqlite does not run with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_tuning
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, sentences

_TRAILING_USUAL = 8192
_TRAILING_MIN = 4  # of dqlite_node_set_snapshot_params


@dataclass(frozen=True, slots=True)
class ManyTrailing:
    """More trailing entries than usual.

    Attributes:
        trailing: as written.
        usual: the default up to k8s-dqlite 1.4.0.
    """

    kind: ClassVar[str] = "many-trailing"
    trailing: int
    usual: int = _TRAILING_USUAL

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"tuning.yaml keeps {self.trailing} trailing entries, which costs memory",
            (f"{self.usual} are usual.",),
        )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Values that k8s-dqlite replaces.

    Attributes:
        threshold, trailing: as written; None where not given.
        runs_threshold, runs_trailing: what k8s-dqlite 1.4.1 and later run with.
        refused: up to 1.3 the node does not start with the written values.
    """

    kind: ClassVar[str] = "adjusted"
    threshold: int | None
    trailing: int | None
    runs_threshold: int
    runs_trailing: int
    refused: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        every = "A threshold of 0 takes a snapshot after every entry." if self.runs_threshold == 0 else ""
        older = "Up to k8s-dqlite 1.3 the node does not start with them." if self.refused else ""
        return Words(
            "k8s-dqlite does not run with the snapshot parameters in tuning.yaml",
            sentences(
                f"Written are threshold {_given(self.threshold)} and trailing {_given(self.trailing)}.",
                f"k8s-dqlite 1.4.1 and later run with threshold {self.runs_threshold} and trailing "
                f"{self.runs_trailing}.",
                every,
                older,
            ),
            None if severity is Severity.LOW else "Remove the snapshot part, and start the node again.",
        )


def _given(number: int | None) -> str:
    return "unset" if number is None else str(number)


@rule(
    "CTL004",
    "snapshot parameters in tuning.yaml cost memory or are replaced",
    Severity.LOW,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/tuning", "control/tuning-adjusted", "control/tuning-without-numbers"),
    silent_on=("healthy/trimmed-111",),
)
def tuning(node: Node) -> Iterator[Finding]:
    """## What it checks
    The snapshot parameters trailing and threshold in tuning.yaml, against the defaults (8192 and 1024; 4096 and 512
    from k8s-dqlite 1.4.1 on) and against the values that k8s-dqlite really runs with.
    ## Why it matters
    Trailing entries are kept in memory: tens of thousands of entries of about 20 KB look like a memory leak. From 1.4.1
    on, k8s-dqlite replaces values: a trailing below 512 by 512; a threshold of 0 by three quarters of trailing, one
    below 384 by 384, and one above trailing by trailing as written. A `snapshot` part without numbers gives a threshold
    of 0, a snapshot after every entry. Up to 1.3 the values reach dqlite as written, and with trailing below 4 or below
    threshold the node does not start. These last two cases are the more serious ones.
    ## False alarm if
    The machine has much memory and the entries are small.
    ## What to do
    In small clusters use trailing 512 and threshold 384. Otherwise remove the snapshot part, so that the defaults
    apply.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/196; canonical/k8s-dqlite pkg/server/server.go;
    dqlite_node_set_snapshot_params of dqlite 1.11 refuses these values; docs/reference/k8s-dqlite.md#control-files
    """
    file = next(iter(node.state.of_role(FileRole.TUNING)), None)
    parsed = parse_tuning(file.blob) if file and file.blob else None
    tuning = parsed.value if parsed and not parsed.anomalies else None  # CTL005 tells of those that stop the start
    if tuning is None or not tuning.snapshot:
        return
    if tuning.trailing is not None and tuning.trailing > _TRAILING_USUAL:
        yield Finding(ManyTrailing(tuning.trailing), (tuning.at,))
    threshold, trailing = tuning.effective
    if (threshold, trailing) != (tuning.threshold, tuning.trailing):
        refused = (tuning.trailing or 0) < max(tuning.threshold or 0, _TRAILING_MIN)
        problem = Adjusted(tuning.threshold, tuning.trailing, threshold, trailing, refused)
        severity = Severity.MEDIUM if threshold == 0 or refused else None
        yield Finding(problem, (tuning.at,), severity, effect=Effect.ATTENTION)
