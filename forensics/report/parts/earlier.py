"""An earlier report beside a new upload: which of its open questions the new evidence answers, and whom only it saw.

The earlier report is not judged again, nor are the nodes that only it saw: what it said of them is told as of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from forensics.barrier import stage
from forensics.election.state import State
from forensics.report import document as doc
from forensics.report.document.earlier import Earlier, NodeBefore, Question, QuestionKind
from forensics.report.parts.difference.who_is_who import who_is_who
from forensics.report.parts.rule_questions import rule_questions
from forensics.report.parts.seen_before import ids_of, originals, states_of
from forensics.report.stored import StoredReport
from forensics.wording import listed


@dataclass(frozen=True, slots=True)
class Met:
    """One database of the earlier report, and the same one of the new upload.

    Attributes:
        old: the earlier report's part.
        new: the new document's; None where it has none.
        nodes: the earlier report's names → the nodes of the new upload; those without are left out.
    """

    old: doc.Cluster
    new: doc.Cluster | None
    nodes: Mapping[str, doc.Node]


@stage("the earlier report", lambda _, stored: stored.name, lambda document, _: document, needed=True)
def with_earlier(document: doc.Document, stored: StoredReport) -> doc.Document:
    """The document of a new upload with what the new evidence answers of an earlier report."""
    before, name, sha256 = stored.document, stored.name, stored.sha256
    met = [_met(cluster, document) for cluster in before.clusters]
    related = related_clusters(before, document)
    if related is False:
        return replace(document, earlier=Earlier(name=name, sha256=sha256, related=False))
    questions = [*_questions(before, document, met), *rule_questions(before, document, _names(met))]
    return replace(
        document,
        earlier=Earlier(
            name=name,
            sha256=sha256,
            related=related,
            answered=tuple(one for one in questions if one.answer is not None),
            still_open=tuple(one for one in questions if one.answer is None),
            nodes_seen_before=tuple(_seen_before(before, document, met, name)),
        ),
    )


def _met(old: doc.Cluster, document: doc.Document) -> Met:
    """By ids that only this cluster has; else by the nodes that both hold."""
    candidates = [new for new in document.clusters if _ids_agree([old], [new]) is not False]
    left = [(old.database, node) for node in originals(old)]
    best, nodes = None, dict[str, doc.Node]()
    for new in candidates:
        matches = who_is_who(left, [(new.database, node) for node in originals(new)])
        found = {node.name: matches[id(node)][1] for _, node in left if id(node) in matches}
        awaited = new.database == old.database and _ids_agree([old], [new])
        if len(found) > len(nodes) or (best is None and (found or awaited)):
            best, nodes = new, found
    return Met(old, best, nodes)


def related_clusters(before: doc.Document, document: doc.Document) -> bool | None:
    """They are of one cluster; None where nothing tells, as where one of them has no ids."""
    if not before.clusters or not document.clusters:
        return None
    return _ids_agree(before.clusters, document.clusters)


def _ids_agree(one: Iterable[doc.Cluster], other: Iterable[doc.Cluster]) -> bool | None:
    """IDs are random but the founder's, so that clusters that share one are the same."""
    left, right = ({found for cluster in side for found in ids_of(cluster)} for side in (one, other))
    return bool(left & right) if left and right else None


def _names(met: Iterable[Met]) -> dict[tuple[str | None, str], tuple[str, str]]:
    """(database, node) of the earlier report → the same of the new document."""
    return {
        (one.old.database, name): (one.new.database, node.name)
        for one in met
        if one.new is not None
        for name, node in one.nodes.items()
    }


def _questions(before: doc.Document, document: doc.Document, met: Iterable[Met]) -> Iterator[Question]:
    if not before.clusters:
        yield from _nothing(before, document)
    for one in met:
        yield from _of_absent(before, one)
        yield from _of_grades(one)
        yield from _of_undecided(before, document, one)
    yield from _of_refused(before, document)


def _nothing(before: doc.Document, document: doc.Document) -> Iterator[Question]:
    """No state directory had arrived."""
    arrived = [node.name for cluster in document.clusters for node in cluster.nodes]
    answer = f"state directories of {listed(arrived)} arrived" if arrived else None
    open_question = Question(
        kind=QuestionKind.NOTHING, database=None, what="no state directory had arrived", answer=answer
    )
    yield from (replace(open_question, database=want.database, nodes=want.nodes) for want in before.collect)
    if not before.collect:
        yield open_question


def _of_absent(before: doc.Document, met: Met) -> Iterator[Question]:
    """Members that had sent nothing; of those that a report before it saw whole, nothing was open."""
    older = before.earlier.nodes_seen_before if before.earlier else ()
    whole = {one.id or one.address for one in older if one.evidence is doc.Evidence.FULL}
    for server in met.old.absent:
        if whole & {server.id, server.address}:
            continue
        address = server.address or f"the member with ID {server.id}"
        node = _of_server(server, met.new)
        yield Question(
            kind=QuestionKind.ABSENT,
            database=met.old.database,
            nodes=(address,),
            what=f"nothing of {address} had arrived",
            answer=f"it is {node.name}, which arrived ({node.evidence})" if node else None,
        )


def _of_server(server: doc.Server, cluster: doc.Cluster | None) -> doc.Node | None:
    nodes = originals(cluster) if cluster else []
    by_id = next((node for node in nodes if node.id is not None and node.id == server.id), None)
    return by_id or next((node for node in nodes if node.address is not None and node.address == server.address), None)


def _of_grades(met: Met) -> Iterator[Question]:
    for node in originals(met.old):
        if node.evidence is doc.Evidence.FULL:
            continue
        now = met.nodes.get(node.name)
        whole = now is not None and now.evidence is doc.Evidence.FULL
        yield Question(
            kind=QuestionKind.GRADE,
            database=met.old.database,
            nodes=(node.name,),
            what=f"of {node.name} not all had arrived ({node.evidence})",
            answer="its whole state arrived" if whole else None,
        )


def _of_undecided(before: doc.Document, document: doc.Document, met: Met) -> Iterator[Question]:
    """Nodes of which it could not be told what a start comes to, or how far they go."""
    then = states_of(before, met.old.database)
    held_back = met.old.recovery.undecided if met.old.recovery else ()
    for node in originals(met.old):
        known = then.get(node.name)
        if (known is None or known.state is not State.UNKNOWN) and node.name not in held_back:
            continue
        why = f": {known.why}" if known is not None and known.state is State.UNKNOWN else ""
        yield Question(
            kind=QuestionKind.UNDECIDED,
            database=met.old.database,
            nodes=(node.name,),
            what=f"{node.name} could not be judged{why}",
            answer=_decided(document, met, node),
        )


def _decided(document: doc.Document, met: Met, node: doc.Node) -> str | None:
    now = met.nodes.get(node.name)
    if met.new is None or now is None or (met.new.recovery and now.name in met.new.recovery.undecided):
        return None
    state = states_of(document, met.new.database).get(now.name)
    return state.why if state is not None and state.state is not State.UNKNOWN else None


def _of_refused(before: doc.Document, document: doc.Document) -> Iterator[Question]:
    read = {file.path for file in document.files if file.sha256 is not None and not file.cut}
    for gap in before.missing:
        if gap.kind is doc.GapKind.REFUSED:
            yield Question(
                kind=QuestionKind.REFUSED,
                database=gap.database,
                what=f"{gap.subject} had not been read: {gap.detail}",
                answer="it was read" if gap.subject in read else None,
            )


def _seen_before(before: doc.Document, document: doc.Document, met: Iterable[Met], report: str) -> Iterator[NodeBefore]:
    """Nodes of that report, and of those that it had been given, of which the new upload holds nothing."""
    for one in met:
        then = states_of(before, one.old.database)
        yield from (
            _node_before(one.old, node, then.get(node.name), report)
            for node in originals(one.old)
            if node.name not in one.nodes
        )
    here = {node.id or node.address for cluster in document.clusters for node in cluster.nodes}
    for older in before.earlier.nodes_seen_before if before.earlier else ():
        if (older.id or older.address) not in here:
            yield older


def _node_before(cluster: doc.Cluster, node: doc.Node, state: doc.CaseNode | None, report: str) -> NodeBefore:
    log = node.log
    end = f", its log ended at entry {log.last_index}" if log else ""
    told = f": {state.why}" if state else ""
    return NodeBefore(
        database=cluster.database,
        name=node.name,
        id=node.id,
        address=node.address,
        evidence=node.evidence,
        last_term=log.last_term if log else None,
        last_index=log.last_index if log else None,
        state=state.state if state else None,
        report=report,
        words=f"{node.name} is known from {report} only{end}{told}",
    )
