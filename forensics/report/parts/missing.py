"""What is missing for a whole answer: docs/reference/command-line.md#exit-codes says what makes one incomplete."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from forensics.barrier import broken_so_far
from forensics.case.answer import SeenBefore
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.yaml_membership import named_only
from forensics.facts.node.node import Grade, Node
from forensics.ingest.files import Kind
from forensics.report.document import Gap, GapKind
from forensics.report.parts.context import Context
from forensics.report.parts.evidence import told_refusals
from forensics.wording import listed, segment

_GRADES = {
    Grade.PARTIAL: "some of its raft files are missing, cut or known by name only",
    Grade.LISTING: "only a listing: names and sizes, no content",
    Grade.YAML: "only YAML files, none of its raft files",
    Grade.CLEANED: "`sos clean` removed the binary files",
}


_UNKNOWN = "nothing in it is known: no state directory, no listing, no line of a log"


def what_is_missing(context: Context) -> tuple[Gap, ...]:
    """One a reason; empty where the analysis is complete."""
    return tuple(_gaps(context))


def what_broke() -> Iterator[Gap]:
    """Where an error, or evidence that cannot be read, ended something, and nothing else tells of it."""
    for one in broken_so_far():
        if not one.told:
            yield Gap(kind=GapKind.BROKEN, database=None, subject=one.where, detail=one.detail)


def _gaps(context: Context) -> Iterator[Gap]:
    if not context.case.clusters:
        yield _nothing(context.case)
    for cluster in context.case.clusters:
        seen = context.seen(cluster)
        yield from (_of_seen(cluster, one) for one in seen.values())
        yield from _of_absent(cluster, seen, context.taken(cluster))
        left = [node for node in cluster.directories() if node.name not in seen]
        yield from (_of_node(cluster, node) for node in left if node.grade is not Grade.FULL)
    for name in context.case.unknown:
        yield Gap(kind=GapKind.NOTHING, database=None, subject=name, detail=_UNKNOWN)
    for refusal in told_refusals(context.refusals):
        if not refusal.harmless:
            detail = f"{refusal.detail} ({refusal.code})"
            yield Gap(kind=GapKind.REFUSED, database=None, subject=refusal.path, detail=detail)
    yield from what_broke()


def _nothing(case: Case) -> Gap:
    workers = [host.name or "it" for host in case.hosts if host.worker]
    why = f" ({listed(workers)}: a worker node, which has none)" if workers else ""
    detail = f"no dqlite state directory was found{why}"
    return Gap(kind=GapKind.NOTHING, database=None, subject="input", detail=detail)


def _of_seen(cluster: Cluster, seen: SeenBefore) -> Gap:
    """It is at hand, only not in this upload."""
    detail = f"arrived whole with {seen.report}, and is judged once both uploads are given together"
    return Gap(kind=GapKind.EARLIER, database=cluster.product.database, subject=seen.called, detail=detail)


def _of_absent(cluster: Cluster, seen: Container[str], taken: Mapping[str, str]) -> Iterator[Gap]:
    """Members by the raft configuration; where there is none, by cluster.yaml. Not those that came earlier."""
    database = cluster.product.database
    for member in (one for one in cluster.awaited() if one.address not in seen):
        subject, detail = f"{member.role or 'member'} {member.address}", f"no evidence in the input (id {member.id})"
        if node := taken.get(member.address):
            detail = f"from its address, only {node} of another cluster arrived (id {member.id})"
        yield Gap(kind=GapKind.ABSENT, database=database, subject=subject, detail=detail)
    for named in (one for one in named_only(cluster) if one.address not in seen):
        subject, detail = f"member {named.address}", "named in cluster.yaml, no evidence in the input"
        yield Gap(kind=GapKind.ABSENT, database=database, subject=subject, detail=detail)


def _of_node(cluster: Cluster, node: Node) -> Gap:
    torn = next((torn.segments for torn in cluster.torn if torn.node == node.name), None)
    if torn is not None:
        told = listed(segment(name) for name in torn)
        detail = f"copied while the node was writing: {told} and the other files are not one consistent state"
    else:
        names = listed(_not_whole(node))
        detail = _GRADES[node.grade] + (f": {names}" if names else "")
    return Gap(kind=GapKind.GRADE, database=cluster.product.database, subject=node.name, detail=detail)


def _not_whole(node: Node) -> list[str]:
    return [
        file.name
        for file in node.state.files.values()
        if file.kind is Kind.FILE and (file.cut or (file.blob is None and not file.listed))
    ]
