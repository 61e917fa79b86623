"""What arrived: members with their digests, refusals, and everything that is missing for a whole answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import named_only
from forensics.facts.node.node import Grade, Node
from forensics.ingest.files import Kind, Refusal
from forensics.ingest.state_directory import StateFile
from forensics.limits import REFUSALS_PER_CODE_MAX
from forensics.report import document as doc
from forensics.report.parts.context import Context

_GRADES = {
    Grade.PARTIAL: "some of its raft files are missing, cut or known by name only",
    Grade.LISTING: "only a listing: names and sizes, no content",
    Grade.YAML: "only YAML files, none of its raft files",
    Grade.CLEANED: "`sos clean` took the binary files away",
}


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
        for refusal in _told(context.refusals)
    )


def what_is_missing(context: Context) -> tuple[doc.Gap, ...]:
    """Why the analysis is incomplete (docs/reference/command-line.md#exit-codes); empty where it is complete."""
    return tuple(
        doc.Gap(kind=kind, database=database, subject=subject, detail=detail)
        for kind, database, subject, detail in _reasons(context)
    )


def _reasons(context: Context) -> Iterator[tuple[doc.GapKind, str | None, str, str]]:
    if not context.case.clusters:
        workers = [host.name or "it" for host in context.case.hosts if host.worker]
        why = f" ({', '.join(workers)}: a worker node, which has none)" if workers else ""
        yield doc.GapKind.NOTHING, None, "input", f"no dqlite state directory was found{why}"
    for cluster in context.case.clusters:
        database = cluster.product.database
        for member in cluster.absent():
            role = member.role.value if member.role else "member"
            yield doc.GapKind.ABSENT, database, f"{role} {member.address}", f"no evidence in the input (id {member.id})"
        for named in named_only(cluster):
            yield (
                doc.GapKind.ABSENT,
                database,
                f"member {named.address}",
                "named in cluster.yaml, no evidence in the input",
            )
        for node in cluster.directories():
            if node.grade is not Grade.FULL:
                yield (
                    doc.GapKind.GRADE,
                    database,
                    node.name,
                    _torn(cluster, node) or _GRADES[node.grade] + _cut_files(node),
                )
    for refusal in _told(context.refusals):
        if not refusal.harmless:
            yield doc.GapKind.REFUSED, None, refusal.path, f"{refusal.detail} ({refusal.code})"


def _told(refusals: list[Refusal]) -> Iterator[Refusal]:
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


def _torn(cluster: Cluster, node: Node) -> str:
    """Of a copy of no one moment: what of it cannot be judged; else empty."""
    torn = next((torn for torn in cluster.torn if torn.node == node.name), None)
    return f"copied while it wrote: what {', '.join(torn.segments)} held at one moment is not known" if torn else ""


def _cut_files(node: Node) -> str:
    names = [file.name for file in node.state.files.values() if file.cut or (file.blob is None and not file.listed)]
    names = [name for name in names if node.state.files[name].kind is Kind.FILE]
    return f": {', '.join(names[:5])}{', …' if len(names) > 5 else ''}" if names else ""
