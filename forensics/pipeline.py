"""The flow on one screen: read this first.

inputs → members → state directories → nodes → clusters → judgements → the report document
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from forensics.facts.cluster.cluster import AsOf, Case, Cluster, build_clusters
from forensics.facts.database.examine import compare, examine
from forensics.facts.database.snapshot_comparison import twins
from forensics.facts.decoded import Decoded
from forensics.facts.machine.host import build_host
from forensics.facts.node.node import Node, build_node
from forensics.forecast.of_node import forecast_steps
from forensics.ingest.collectors import COLLECTORS, Collection, recognise
from forensics.ingest.files import InputFile, Refusal
from forensics.ingest.inventory import find_state_directories, wanted
from forensics.ingest.source import Source, open_source, read_source
from forensics.ingest.spool import Spool
from forensics.ingest.state_directory import StateDirectory
from forensics.report.document import Document
from forensics.report.parts import Context, build_document
from forensics.rules.engine import Judgement, judge


@dataclass(slots=True)
class Evidence:
    """Everything that the inputs gave. Closing it gives the private spool back."""

    sources: list[Source] = field(default_factory=list)
    members: list[InputFile] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    spool: Spool = field(default_factory=Spool)
    decoded: Decoded = field(default_factory=Decoded)

    def __enter__(self) -> Evidence:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is still decoding, and give the private spool back."""
        self.decoded.close()
        self.spool.close()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts, what the rules said of them, and the document."""

    case: Case
    judgements: list[Judgement]
    document: Document


def ingest(paths: Iterable[str], jobs: int = 0) -> Evidence:
    """Read the inputs' members. Raises InputError where an input cannot be read at all.

    Args:
        paths: the inputs.
        jobs: so many threads hash and decode raft files while more members arrive; 0 where not all of them are needed.
    """
    with ExitStack() as undo:
        evidence = Evidence(decoded=Decoded(jobs))
        undo.callback(evidence.close)
        take(evidence, [open_source(path, evidence.spool) for path in paths])
        undo.pop_all()
        return evidence


def take(evidence: Evidence, sources: list[Source]) -> None:
    """Read the members of opened sources."""
    evidence.sources = sources
    for source, prefix in zip(sources, _prefixes(sources), strict=True):
        if source.blob is not None:
            evidence.decoded.prepare_digest(_digest_key(source), source.blob)
        for item in read_source(source, prefix, wanted, evidence.spool):
            if isinstance(item, InputFile):
                evidence.members.append(item)
                evidence.decoded.prepare(item)
            else:
                evidence.refusals.append(item)


def collections_of(evidence: Evidence) -> list[Collection]:
    """Members → what collectors made of which machines. Several inputs have their names in their members' paths."""
    outer = evidence.sources[0].name if len(evidence.sources) == 1 else ""
    return recognise(evidence.members, COLLECTORS, outer)


def directories(evidence: Evidence, collections: list[Collection] | None = None) -> list[StateDirectory]:
    """Members → state directories, nothing of them decoded yet."""
    fallback = next((source.name for source in evidence.sources if source.name != "-"), "node")
    if collections is None:
        collections = collections_of(evidence)
    return find_state_directories(evidence.members, fallback, collections)


def gather(evidence: Evidence, as_of: float | None = None) -> Case:
    """Members → facts, with dates judged at `as_of` (seconds since 1970 UTC; default: the evidence's newest time)."""
    collections = collections_of(evidence)
    found = directories(evidence, collections)
    case = Case(build_clusters([build_node(directory, evidence.decoded) for directory in found]))
    case.hosts = [build_host(collection) for collection in collections]
    _set_moment(case, as_of)
    _work_out(case, evidence.decoded)
    return case


def _work_out(case: Case, decoded: Decoded) -> None:
    """What is costly and stands alone: each node's databases and its forecast, several at a time."""
    nodes = case.nodes()
    steps = [partial(step, node) for step in (_examine, _compare) for node in nodes] + forecast_steps(case)
    steps += [partial(_twins, cluster) for cluster in case.clusters]
    deque(decoded.each(lambda step: step(), steps), maxlen=0)


def _examine(node: Node) -> None:
    node.databases = examine(node)


def _compare(node: Node) -> None:
    node.difference = compare(node)


def _twins(cluster: Cluster) -> None:
    cluster.twins = twins(cluster.originals(), cluster.agreed)


def _set_moment(case: Case, as_of: float | None) -> None:
    """The moment that dates are judged at: as asked for, else that of collection, else the newest file time."""
    if as_of is not None:
        case.as_of, case.as_of_source, case.as_of_kind = as_of, "--as-of", AsOf.ASKED
        return
    collected = [host for host in case.hosts if host.collected is not None]
    if collected:
        latest = max(collected, key=lambda host: host.collected or 0.0)
        case.as_of, case.as_of_source = latest.collected, f"the time of collection, by {latest.collected_by}"
        case.as_of_kind = AsOf.COLLECTED
        return
    files = [file for node in case.nodes() for file in (*node.state.files.values(), *node.state.around.values())]
    newest = max(
        (file for file in files if file.mtime and file.mtime_year), key=lambda file: file.mtime or 0.0, default=None
    )
    if newest is not None:
        case.as_of, case.as_of_source = newest.mtime, f"the newest file time, that of {newest.at.path}"
        case.as_of_kind = AsOf.FILES


def analyze(evidence: Evidence, as_of: float | None = None) -> Analysis:
    """Members → the report document. For `as_of` see gather."""
    case = gather(evidence, as_of)
    judgements = judge(case)
    digests = _digests(case, evidence)
    prefixes = _prefixes(evidence.sources)
    inputs = [
        _input(source, prefix, digests, evidence.decoded)
        for source, prefix in zip(evidence.sources, prefixes, strict=True)
    ]
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
        if member.path not in used:
            continue
        if member.sha256 is not None:
            digests[member.path] = member.sha256
        elif member.blob is not None:
            digests[member.path] = evidence.decoded.digest(member.path, member.blob)
    return digests


def _digest_key(source: Source) -> str:
    """An input's own key among the decoded: no member's path starts with a slash."""
    return f"/{source.where}"


def _input(source: Source, prefix: str, digests: dict[str, str], decoded: Decoded) -> Document:
    """Name, digest, size and kind. A directory's digest is that of the sorted lines `sha256  path` of its members."""
    if source.blob is not None:
        digest = decoded.digest(_digest_key(source), source.blob)
        return {"name": source.name, "sha256": digest, "size": source.size, "kind": source.kind}
    members = {path.removeprefix(prefix): digest for path, digest in digests.items() if path.startswith(prefix)}
    lines = "".join(sorted(f"{digest}  {path}\n" for path, digest in members.items()))
    return {
        "name": source.name,
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "size": source.size,
        "kind": source.kind,
    }
