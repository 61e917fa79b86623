"""One database and its nodes."""

from __future__ import annotations

from forensics.report.document.databases import Databases
from forensics.report.document.history import CommitIndex, Divergence, Timeline
from forensics.report.document.membership import Configuration, MemberMatrix, MembershipChange, Server
from forensics.report.document.node import Node
from forensics.report.document.part import CopyKind, Part
from forensics.report.document.recovery import Recovery
from forensics.report.document.verdict import UNJUDGED, Verdict


class Copy(Part):
    """A directory that carries another's ID.

    Attributes:
        node: the copy.
        of: the original.
        kind: what it is to the original.
    """

    node: str
    of: str
    kind: CopyKind


class Cluster(Part):
    """One database.

    Attributes:
        database: the word that findings and commands use: `k8s-dqlite`, `k8sd`, `microk8s`, `lxd`, … or `unknown`.
        product: for people.
        absent: members of the newest configuration without evidence.
        configuration: the newest that any node holds.
        name: `database`, with the founder where the input holds several clusters of it.
        copies: directories that carry another's ID.
        member_matrix: who the members are, as every source tells it.
        membership: every configuration, by index.
        divergences: where logs disagree.
        commit_index: what is committed.
        timeline: terms, restarts, and what can be dated.
        recovery: the plan; null where no log is at hand.
        databases: what is in them; null where none could be rebuilt.
        nodes: its state directories.
        verdict: what it comes to.
    """

    database: str
    product: str = ""
    absent: tuple[Server, ...] = ()
    configuration: Configuration | None = None
    name: str = ""
    copies: tuple[Copy, ...] = ()
    member_matrix: MemberMatrix | None = None
    membership: tuple[MembershipChange, ...]
    divergences: tuple[Divergence, ...]
    commit_index: CommitIndex | None
    timeline: Timeline | None = None
    recovery: Recovery | None
    databases: Databases | None = None
    nodes: tuple[Node, ...]
    verdict: Verdict = UNJUDGED
