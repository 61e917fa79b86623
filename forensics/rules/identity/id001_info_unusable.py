"""ID001: info.yaml that gives no identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.unusable_file import unusable
from forensics.wording import Words, listed

_RECORD = ("member-key-missing", "member-type")


@dataclass(frozen=True, slots=True)
class FieldsMissing:
    """An info.yaml without some of what it must give.

    Attributes:
        fields: `ID`, `Address`, or both.
    """

    kind: ClassVar[str] = "fields-missing"
    fields: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"info.yaml has no usable {listed(self.fields)}")


@dataclass(frozen=True, slots=True)
class IdZero:
    """An info.yaml with the ID 0."""

    kind: ClassVar[str] = "id-zero"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("info.yaml has the ID 0, which no node has")


@dataclass(frozen=True, slots=True)
class RoleMissing:
    """An info.yaml without a role that can be read."""

    kind: ClassVar[str] = "role-missing"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "info.yaml has no usable Role",
            ("Nothing reads the role again, but another program than go-dqlite wrote this file.",),
            "",
        )


@rule(
    "ID001",
    "info.yaml that cannot be used",
    Severity.CRITICAL,
    fault=FaultKind.IDENTITY_FILES,
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
    info.yaml is valid YAML, with an `ID` that is a number above 0, and an `Address`.
    ## Why it matters
    go-dqlite learns from this file alone who the node is. Without it the node does not start (`unmarshall info.yaml:
    …`), or starts with the ID 0, which no node has. Before go-dqlite 1.11 the file was overwritten in place, so a power
    cut or a full disk left it empty or cut in half. File systems can do the same to a file that was just renamed.
    ## False alarm if
    The node was never a member. Where only the role is missing, the finding is milder.
    ## What to do
    ID and address are in the raft configuration, in cluster.yaml of the other nodes, and in backups. Write the file
    anew with them, on a copy first, in the form that it has on the other nodes. Never invent an ID.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/go-dqlite/issues/145;
    https://github.com/canonical/microk8s/issues/2531; docs/reference/go-dqlite.md#what-the-files-mean
    """
    parsed = node.info
    if parsed is None:
        return
    record = parsed.value
    file = node.state.files["info.yaml"]
    spans = tuple(anomaly.at for anomaly in parsed.anomalies if anomaly.code in _RECORD)
    if record is None:
        yield from unusable(
            file, parsed.anomalies[-1:], stops=node.is_stopped_by(file.name)
        )  # the last one is where reading ended
    elif record.id is None or record.address is None:
        missing = tuple(name for name, value in (("ID", record.id), ("Address", record.address)) if value is None)
        yield Finding(FieldsMissing(missing), spans or (file.at,))
    elif record.id == 0:
        yield Finding(IdZero(), (record.at,))
    elif spans:
        yield Finding(RoleMissing(), spans, Severity.LOW, effect=Effect.NONE)
