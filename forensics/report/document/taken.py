"""What `verify-plan` prints: the steps that a report gave, and what a later upload shows of them."""

from __future__ import annotations

from enum import StrEnum

from forensics.plan.steps import StepKind
from forensics.report.document.evidence import Input
from forensics.report.document.part import Part


class Trace(StrEnum):
    """What the later upload shows of one step."""

    TAKEN = "taken"
    IN_PART = "in-part"
    NOT_TAKEN = "not-taken"
    CANNOT_TELL = "cannot-tell"  # it leaves nothing that an upload could show, or the nodes are not in it


class StepTrace(Part):
    """One step of the report.

    Attributes:
        kind: what it does, stable.
        do: what to do, as the report said it.
        nodes: whom it is about, as the report calls them.
        trace: what the upload shows of it.
        why: by what, in words.
    """

    kind: StepKind
    do: str
    nodes: tuple[str, ...] = ()
    trace: Trace
    why: str


class NodeSince(Part):
    """What happened to one node between the report and the upload.

    Attributes:
        database: of which database.
        node: as the report calls it; null for one that the report did not know.
        now: as the upload calls it; null for one that is not in it.
        words: what is different, in words; empty where nothing is.
    """

    database: str
    node: str | None
    now: str | None
    words: tuple[str, ...] = ()


class FileNow(StrEnum):
    """What became of a file that `repair` had written."""

    AS_WRITTEN = "as-written"  # the same SHA-256
    CHANGED = "changed"
    GONE = "gone"  # no file of that name
    UNKNOWN = "unknown"  # its content did not arrive


class FileSince(Part):
    """One file that `repair` had written, and what became of it."""

    name: str
    now: FileNow


class PlanTaken(Part):
    """The answer.

    Attributes:
        report: name of the report's, or ledger's, file, without the path.
        sha256: of that file.
        inputs: the later upload.
        related: both are of one cluster; null where nothing tells, false where ids show that they are not.
        steps: of the report, in its order; empty where `related` is false, or where it gave none.
        between: node by node.
        whole: nothing of what arrived is damaged, and each node can be started; null where the evidence is not whole.
        headline: of the later upload.
        files: of a ledger, what became of each file.
    """

    report: str
    sha256: str
    inputs: tuple[Input, ...]
    related: bool | None
    steps: tuple[StepTrace, ...]
    between: tuple[NodeSince, ...]
    whole: bool | None
    headline: str
    files: tuple[FileSince, ...] = ()
