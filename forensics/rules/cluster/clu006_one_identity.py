"""CLU006: one node's identity in two directories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.join import Copy, CopyKind, same_machine
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed, sentences, verb

_FIND_OUT = (
    "Start neither before you know which directory is the node's own. Where a copy took another node's place, stop it, "
    "empty its directory, and let that node join as itself."
)


@dataclass(frozen=True, slots=True)
class OneIdentity:
    """Two directories with one raft ID.

    Attributes:
        node, original: the two; the original is the one that got further.
        id, address: what both call themselves.
        copy: how the two relate.
        last_index, original_last_index: of their logs.
        absent: addresses of members without a directory, whose place the copy may have taken.
        voted_in: a term in which they voted for different candidates; None where there is none.
    """

    kind: ClassVar[str] = "one-identity"
    node: str
    original: str
    id: str
    address: str | None
    copy: CopyKind
    last_index: int | None
    original_last_index: int | None
    absent: tuple[str, ...]
    voted_in: int | None

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        has = verb(len(self.absent), "has", "have")
        return Words(
            f"{self.node} and {self.original} have the same raft ID",
            sentences(
                f"The ID is {self.id} ({self.address}).",
                self._relation(),
                f"{listed(self.absent)} {has} no directory of {verb(len(self.absent), 'its', 'their')} own: one of the "
                "two may have been copied in its place, or be its own with the info.yaml of another member."
                if self.absent
                else "",
                f"They voted for different candidates in term {self.voted_in}." if self.voted_in else "",
            ),
            _FIND_OUT if severity is Severity.HIGH else None,
        )

    def _relation(self) -> str:
        return {
            CopyKind.IDENTICAL: "Both are the same state.",
            CopyKind.OLDER: (
                f"{self.node} is an earlier state: it ends at entry {self.last_index}, and {self.original} at entry "
                f"{self.original_last_index}."
            ),
            CopyKind.FORKED: "Each went on separately, so both were started.",
            CopyKind.LOOK: (
                f"Of {self.node} only file names or YAML files arrived. It is the same directory again, unless it is "
                "on another machine."
            ),
            CopyKind.UNKNOWN: "Too little arrived to compare them.",
        }[self.copy]


@dataclass(frozen=True, slots=True)
class StateTwice:
    """Directories that lie twice in the upload, under one name and with one state.

    Attributes:
        pairs: the two of each node, by name.
    """

    kind: ClassVar[str] = "state-twice"
    pairs: tuple[tuple[str, str], ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{listed(one for _, one in self.pairs)} {verb(len(self.pairs), 'is', 'are')} in the upload twice",
            ("Both copies have one name and one state, so they count once.",),
        )


@rule(
    "CLU006",
    "one node's identity in two directories",
    Severity.LOW,
    fault=FaultKind.IDENTITY,
    scope=Cluster,
    needs=(Needs.INFO, Needs.SEVERAL_NODES),
    fires_on=("cluster/copied-directory", "cluster/older-copy", "cluster/state-twice"),
    silent_on=("healthy/running-111", "cluster/report-beside-copy"),
)
def one_identity(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether two directories have the same raft ID: the same state twice, an earlier state of the same node, or two
    states that went on separately; and whether a member of the configuration has no directory of its own.
    ## Why it matters
    A node is its ID. Two processes with one ID vote twice in a term, and then a majority is no longer a majority. This
    happens if a directory is copied to the wrong node, or if a restored backup runs beside the original.
    ## False alarm if
    One of them is a backup, or both are uploads of one node: as long as only one is started, that is no danger. They
    count once everywhere in this report. The same state under one name in two uploads is told as info. The same holds
    for a collector's report beside a copy of the same directory, which is a finding only if members have no directory
    of their own and nothing shows that both are of one machine.
    ## What to do
    Make sure that only one of them is ever started.
    ## References
    docs/reference/raft.md#what-must-hold; docs/reference/go-dqlite.md#what-the-files-mean
    """
    absent = tuple(server.address for server in cluster.absent())
    twice = [] if absent else [copy for copy in cluster.copies if _is_given_twice(cluster, copy)]
    if twice:
        pairs = tuple((copy.node, copy.of) for copy in twice)
        yield Finding(
            StateTwice(pairs),
            _evidence(*(cluster.node(name) for pair in pairs for name in pair)),
            Severity.INFO,
            tuple(name for pair in pairs for name in pair),
            Effect.NONE,
        )
    yield from (
        _of_copy(cluster, copy, absent) for copy in cluster.copies if copy not in twice and _tells(cluster, copy)
    )


def _tells(cluster: Cluster, copy: Copy) -> bool:
    """It is more than a report beside a copy of the same directory."""
    alike = same_machine(cluster.node(copy.node), cluster.node(copy.of))
    return copy.kind is not CopyKind.LOOK or bool(not alike and cluster.absent())


def _of_copy(cluster: Cluster, copy: Copy, absent: tuple[str, ...]) -> Finding:
    node, original = cluster.node(copy.node), cluster.node(copy.of)
    displaced = absent if copy.kind not in (CopyKind.OLDER, CopyKind.LOOK) else ()
    voted = _votes(node, original)
    grave = bool(displaced or voted or copy.kind is CopyKind.FORKED)
    return Finding(
        OneIdentity(
            node.name,
            original.name,
            str(node.id),
            node.address,
            copy.kind,
            node.last_index,
            original.last_index,
            displaced,
            voted,
        ),
        _evidence(node, original),
        Severity.HIGH if grave else Severity.LOW,
        (copy.node, copy.of),
        Effect.DEGRADED if grave else Effect.ATTENTION,
        (str(node.id),),
    )


def _is_given_twice(cluster: Cluster, copy: Copy) -> bool:
    """The same state, under one name in two uploads, or of one machine: nothing suggests a second one."""
    one, other = cluster.node(copy.node), cluster.node(copy.of)
    if copy.kind is not CopyKind.IDENTICAL or _votes(one, other) is not None:
        return False
    machine = same_machine(one, other)
    return one.name.rpartition("/")[2] == other.name.rpartition("/")[2] if machine is None else machine


def _votes(one: Node, other: Node) -> int | None:
    """A term in which both voted, for different candidates."""
    a, b = one.metadata, other.metadata
    if a and b and a.term == b.term and a.voted_for and b.voted_for and a.voted_for != b.voted_for:
        return a.term
    return None


def _evidence(*nodes: Node) -> tuple[Span, ...]:
    return tuple(node.info.value.at for node in nodes if node.info and node.info.value)
