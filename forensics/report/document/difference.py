"""What `diff --format json` prints: two uploads, or two nodes, side by side."""

from __future__ import annotations

from forensics.facts.cluster.state_change import Trend
from forensics.report.document.evidence import Input
from forensics.report.document.part import Count, Part
from forensics.report.document.verdict import Verdict
from forensics.severity import Severity


class DifferenceSide(Part):
    """One side.

    Attributes:
        inputs: what it was made from.
        verdict: of the case.
        incomplete: something is missing for a whole answer.
    """

    inputs: tuple[Input, ...]
    verdict: Verdict
    incomplete: bool


class Difference(Part):
    """One thing that differs.

    Attributes:
        what: it is.
        a: in A, in words; null where there is nothing.
        b: in B.
        trend: which way it went.
    """

    what: str
    a: str | None
    b: str | None
    trend: Trend


class NodeDifference(Part):
    """One node.

    Attributes:
        database: of which database.
        a: its name in A; null where it is not in A.
        b: its name in B.
        same_cluster: both states are of one cluster, by their contents; null where nothing tells.
        why: what the contents said.
        changes: what differs.
    """

    database: str
    a: str | None
    b: str | None
    same_cluster: bool | None
    why: str | None
    changes: tuple[Difference, ...] = ()


class ClusterDifference(Part):
    """One database.

    Attributes:
        database: the word that findings use.
        name: the cluster's.
        changes: what differs.
    """

    database: str
    name: str
    changes: tuple[Difference, ...]


class CommitDifference(Part):
    """What provably is committed.

    Attributes:
        database: of which database.
        name: the cluster's.
        a: up to this index, in A.
        b: in B.
        trend: which way it went.
    """

    database: str
    name: str
    a: Count
    b: Count
    trend: Trend


class HostDifference(Part):
    """One machine.

    Attributes:
        host: its name.
        changes: what differs.
    """

    host: str
    changes: tuple[Difference, ...]


class FindingDifference(Part):
    """A finding of one side only.

    Attributes:
        rule: the rule's ID.
        kind: what is wrong, stable.
        severity: how bad it is.
        database: of which database.
        nodes: of which nodes.
        where: what tells it from others of its kind on the same nodes.
        problem: what is wrong, in one clause.
        message: problem and details as one text.
        trend: `unseen` where the other side was not looked at for it.
        not_checked: why it was not.
    """

    rule: str
    kind: str
    severity: Severity
    database: str | None
    nodes: tuple[str, ...]
    where: tuple[str, ...]
    problem: str
    message: str
    trend: str
    not_checked: str | None


class FindingsDifference(Part):
    """What was found.

    Attributes:
        gone: only in A.
        new: only in B.
        same: how many are in both.
    """

    gone: tuple[FindingDifference, ...]
    new: tuple[FindingDifference, ...]
    same: Count


class NodesDifference(Part):
    """Two nodes side by side.

    Attributes:
        mode: `nodes`.
        a: the one.
        b: the other.
        nodes: the one pair.
    """

    mode: str = "nodes"
    a: DifferenceSide
    b: DifferenceSide
    nodes: tuple[NodeDifference, ...]


class UploadsDifference(Part):
    """Two uploads.

    Attributes:
        mode: `uploads`.
        related: false where contents tell different clusters; null where nothing can be compared.
        trend: the weightiest of all differences.
        summary: all of it in a sentence.
        a: the earlier.
        b: the later.
        nodes: what became of each.
        clusters: what became of each.
        commit_index: what is committed, where that changed.
        hosts: what became of each.
        findings: new and gone.
    """

    mode: str = "uploads"
    related: bool | None = None
    trend: str = ""
    summary: str = ""
    a: DifferenceSide
    b: DifferenceSide
    nodes: tuple[NodeDifference, ...]
    clusters: tuple[ClusterDifference, ...]
    commit_index: tuple[CommitDifference, ...]
    hosts: tuple[HostDifference, ...]
    findings: FindingsDifference
