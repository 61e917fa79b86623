"""The flow on one screen: read this first.

inputs → members → state directories → nodes → clusters → judgements → the report document
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from forensics.facts.cluster import Case, build_clusters
from forensics.facts.node import build_node
from forensics.ingest.inventory import find_state_directories, wanted
from forensics.ingest.member import Member, Refusal, sha256_of
from forensics.ingest.source import Source, open_source, read_source
from forensics.ingest.spool import Spool
from forensics.report.build import Context, build_document
from forensics.report.document import Document
from forensics.rules.engine import Judgement, judge


@dataclass(slots=True)
class Evidence:
    """Everything that the inputs gave. Closing it gives the private spool back."""

    sources: list[Source] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    spool: Spool = field(default_factory=Spool)

    def __enter__(self) -> Evidence:
        return self

    def __exit__(self, *_: object) -> None:
        self.spool.close()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts, what the rules said of them, and the document."""

    case: Case
    judgements: list[Judgement]
    document: Document


def ingest(paths: Iterable[str]) -> Evidence:
    """Read the inputs' members. Raises InputError where an input cannot be read at all."""
    with ExitStack() as undo:
        evidence = Evidence()
        undo.callback(evidence.spool.close)
        evidence.sources = [open_source(path, evidence.spool) for path in paths]
        for source, prefix in zip(evidence.sources, _prefixes(evidence.sources), strict=True):
            for item in read_source(source, prefix, wanted, evidence.spool):
                (evidence.members if isinstance(item, Member) else evidence.refusals).append(item)  # type: ignore[arg-type]
        undo.pop_all()
        return evidence


def gather(evidence: Evidence) -> Case:
    """Members → facts."""
    fallback = evidence.sources[0].name if evidence.sources else "node"
    directories = find_state_directories(evidence.members, fallback)
    return Case(build_clusters([build_node(directory) for directory in directories]))


def analyze(evidence: Evidence) -> Analysis:
    """Members → the report document."""
    case = gather(evidence)
    judgements = judge(case)
    digests = _digests(case, evidence)
    inputs = [_input(source, digests) for source in evidence.sources]
    blobs = {member.path: member.blob for member in evidence.members if member.blob is not None}
    document = build_document(Context(case, judgements, inputs, digests, evidence.refusals, blobs))
    return Analysis(case, judgements, document)


def _prefixes(sources: list[Source]) -> list[str]:
    """Several inputs are told apart by their names."""
    if len(sources) == 1:
        return [""]
    names: list[str] = []
    for source in sources:
        name, number = source.name, 2
        while name in names:
            name, number = f"{source.name}-{number}", number + 1
        names.append(name)
    return [f"{name}/" for name in names]


def _digests(case: Case, evidence: Evidence) -> dict[str, str]:
    """SHA-256 of every member that was used, and for a directory input of all its members."""
    used = {file.at.path for node in case.nodes() for file in (*node.state.files.values(), *node.state.around.values())}
    digests = {}
    for member in evidence.members:
        if member.path in used and (digest := member.digest()):
            digests[member.path] = digest
    return digests


def _input(source: Source, digests: dict[str, str]) -> Document:
    if source.blob is not None:
        return {"name": source.name, "sha256": sha256_of(source.blob), "size": source.size, "kind": source.kind}
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items(), key=lambda pair: pair[0]))
    return {
        "name": source.name,
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "size": source.size,
        "kind": source.kind,
    }
