"""META004: the two metadata files are not successive writes of one node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.metadata import Metadata
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words

_NAMES = ("metadata2", "metadata1")  # by parity: odd versions live in metadata1


@dataclass(frozen=True, slots=True)
class WrongFile:
    """A version in the file of the other parity: `file` holds it, `home` is where it belongs."""

    kind: ClassVar[str] = "wrong-file"
    file: str
    version: int
    home: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} holds version {self.version}, which belongs in {self.home}")


@dataclass(frozen=True, slots=True)
class Alone:
    """A version above 1 without the one before it: `missing` is the file that held that."""

    kind: ClassVar[str] = "alone"
    version: int
    missing: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.missing} is missing",
            (f"The other metadata file has version {self.version}, so this one once had version {self.version - 1}.",),
        )


@dataclass(frozen=True, slots=True)
class NotSuccessive:
    """The two versions, where they are not one apart."""

    kind: ClassVar[str] = "not-successive"
    older: int
    newer: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "metadata1 and metadata2 are not two writes in a row",
            (f"Their versions, {self.older} and {self.newer}, are not one apart.",),
        )


@dataclass(frozen=True, slots=True)
class TermFalls:
    """The term of the earlier write, and the lower one of the later."""

    kind: ClassVar[str] = "term-falls"
    before: int
    after: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"the term went from {self.before} back to {self.after} between the two metadata files"
        return Words(told, ("A term never falls.",))


@dataclass(frozen=True, slots=True)
class NoNewVote:
    """Two writes in one `term`, of which the second does not just add a vote."""

    kind: ClassVar[str] = "no-new-vote"
    term: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"metadata1 and metadata2 are two writes in term {self.term}, but the second adds no vote",
            ("The first of them already held a vote, or the second holds none.",),
        )


@rule(
    "META004",
    "metadata files that do not belong together",
    Severity.MEDIUM,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.METADATA,),
    fires_on=(
        "metadata/swapped",
        "metadata/version-gap",
        "metadata/one-missing",
        "metadata/term-backwards",
        "metadata/two-votes",
    ),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def pair(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Odd versions are in metadata1, even ones in metadata2. From version 2 on both files are there, one version apart.
    The later write has a higher term, or adds the vote that the earlier one lacked.
    ## Why it matters
    Raft writes them so, and checks none of it when it reads: it goes on with the larger version. A pair that breaks
    this was put together by hand, was restored from a backup, or lost a write. Term or vote may be older than what the
    node has promised to others.
    ## False alarm if
    The upload lacks one of the two files.
    ## What to do
    Ask what was done to the directory. If term or vote went back, do not start the node: let this node come back once
    the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_metadata.c (uvMetadataFileIndex), src/raft/uv.c;
    docs/reference/metadata.md#metadata1-and-metadata2
    """
    copies = [(1, node.metadata1), (0, node.metadata2)]
    sound = [(odd, parsed.value) for odd, parsed in copies if parsed and parsed.value and parsed.whole]
    if not sound:
        yield NotChecked("no metadata file is sound", "no-sound-metadata")
    for odd, metadata in sound:
        if metadata.version % 2 != odd:
            problem = WrongFile(_NAMES[odd], metadata.version, _NAMES[metadata.version % 2])
            yield Finding(problem, (Span(metadata.at.path, 8, 8),), where=(problem.file,))
    if len(sound) == 2:
        older, newer = sorted((metadata for _, metadata in sound), key=lambda metadata: metadata.version)
        yield from _successive(older, newer)
    elif sound and sound[0][1].version > 1 and _absent(node):
        if node.names_cut:
            yield NotChecked(CUT, "input-cut", (node.name,))
            return
        odd, metadata = sound[0]
        yield Finding(Alone(metadata.version, _NAMES[1 - odd]), (metadata.at,))


def _absent(node: Node) -> bool:
    return node.state.file("metadata1") is None or node.state.file("metadata2") is None


def _successive(older: Metadata, newer: Metadata) -> Iterator[Finding]:
    versions = (Span(newer.at.path, 8, 8), Span(older.at.path, 8, 8))
    rest = (Span(newer.at.path, 16, 16), Span(older.at.path, 16, 16))
    if newer.version > older.version + 1:
        yield Finding(NotSuccessive(older.version, newer.version), versions)
    elif newer.term < older.term:
        yield Finding(TermFalls(older.term, newer.term), rest)
    elif newer.term == older.term and newer.version > older.version and (older.voted_for or not newer.voted_for):
        yield Finding(NoNewVote(newer.term), rest)
