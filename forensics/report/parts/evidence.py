"""What arrived: files with their digests; and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.ingest.files import Kind, Refusal
from forensics.ingest.state_directory import StateFile
from forensics.limits import REFUSALS_PER_CODE_MAX
from forensics.report import document as doc
from forensics.report.parts.context import Context


def build_files(context: Context) -> tuple[doc.UsedFile, ...]:
    """Every file that belongs to a state directory, with the digest of its content."""
    found: dict[str, doc.UsedFile] = {}
    for cluster in context.case.clusters:
        for node in cluster.nodes:
            for file in (*node.state.files.values(), *node.state.around.values()):
                if not file.listed and file.kind is not Kind.DIRECTORY:
                    found.setdefault(file.at.path, _used_file(context, cluster, node, file))
    return tuple(found.values())


def _used_file(context: Context, cluster: Cluster, node: Node, file: StateFile) -> doc.UsedFile:
    return doc.UsedFile(
        path=file.at.path,
        size=file.size_max,
        sha256=context.digests.get(file.at.path),
        role=file.role.value,
        node=node.name,
        database=cluster.product.database,
        cut=file.cut,
    )


def build_refusals(context: Context) -> tuple[doc.Refusal, ...]:
    """What was not read, and why."""
    return tuple(
        doc.Refusal(path=refusal.path, code=refusal.code, detail=refusal.detail, harmless=refusal.harmless)
        for refusal in told_refusals(context.refusals)
    )


def told_refusals(refusals: Sequence[Refusal]) -> Iterator[Refusal]:
    """Each, up to REFUSALS_PER_CODE_MAX of a code; then how many more there are."""
    kinds = Counter((refusal.code, refusal.harmless) for refusal in refusals)
    named: Counter[tuple[str, bool]] = Counter()
    for refusal in refusals:
        kind = (refusal.code, refusal.harmless)
        named[kind] += 1
        if named[kind] <= REFUSALS_PER_CODE_MAX:
            yield refusal
        elif named[kind] == kinds[kind]:
            yield replace(refusal, path="others", detail=f"{kinds[kind] - REFUSALS_PER_CODE_MAX} more for this reason")
