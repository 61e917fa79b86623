"""Which steps of a report took effect, as far as a later upload shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forensics.election.state import State
from forensics.ingest.roles import FileRole
from forensics.plan.steps import StepKind
from forensics.plan.steps.place import Place
from forensics.report import document as doc
from forensics.report.document.taken import NodeSince, PlanTaken, StepTrace, Trace
from forensics.report.parts.difference.who_is_who import who_is_who
from forensics.report.parts.earlier import related_clusters
from forensics.report.parts.seen_before import originals
from forensics.report.stored import StoredReport
from forensics.severity import Severity
from forensics.wording import listed

NO_TRACE = "an upload does not show it"
_FILES = frozenset({StepKind.REPAIR, StepKind.MOVE_AWAY, StepKind.MEND, StepKind.RESTORE})
_OPEN = frozenset({FileRole.OPEN_SEGMENT.value})
_CLOSED = frozenset({FileRole.CLOSED_SEGMENT.value, FileRole.SNAPSHOT.value})
_DQLITE = _OPEN | _CLOSED | {FileRole.METADATA.value, FileRole.SNAPSHOT_META.value}


@dataclass(frozen=True, slots=True)
class Pair:
    """A node of the report, and the same machine in the later upload, where it is there.

    Attributes:
        anew: a step of the report puts a directory in its place that was written elsewhere.
    """

    database: str
    before: doc.Node
    anew: bool
    cluster: doc.Cluster | None = None
    now: doc.Node | None = None

    @property
    def name(self) -> str:
        """As the report calls it."""
        return self.before.name


def plan_taken(stored: StoredReport, document: doc.Document) -> PlanTaken:
    """Hold the steps of an earlier report against the document of a later upload."""
    before = stored.document
    related = related_clusters(before, document)
    pairs = [] if related is False else _pairs(before, document)
    case = before.case
    steps = case.first if case is not None and related is not False else ()
    return PlanTaken(
        report=stored.name,
        sha256=stored.sha256,
        inputs=document.inputs,
        related=related,
        steps=tuple(_traced(step, pairs, before, document) for step in steps),
        between=tuple(_since(pairs, document)),
        whole=is_whole(document),
        headline=document.case.headline if document.case else "",
    )


def _pairs(before: doc.Document, document: doc.Document) -> list[Pair]:
    left = [(cluster.database, node) for cluster in before.clusters for node in originals(cluster)]
    homes = {id(node): cluster for cluster in document.clusters for node in originals(cluster)}
    right = [(cluster.database, node) for cluster in document.clusters for node in originals(cluster)]
    matches = who_is_who(left, right)
    anew = _placed_names(before)

    def pair(database: str, node: doc.Node, match: doc.Node | None) -> Pair:
        return Pair(database, node, node.name in anew, homes[id(match)] if match else None, match)

    return [pair(database, node, matches.get(id(node), (None, None))[1]) for database, node in left]


def _placed_names(before: doc.Document) -> frozenset[str]:
    """Who gets a directory that was written elsewhere."""
    steps = before.case.first if before.case is not None else ()
    return frozenset(name for step in steps if _is_placed(step) for name in _names_of(step))


def _is_placed(step: doc.CaseStep) -> bool:
    by_command = step.kind in (StepKind.REPAIR, StepKind.RETURN) and any(run.place is Place.UPLOAD for run in step.runs)
    return by_command or step.kind is StepKind.RESTORE


def _names_of(step: doc.CaseStep) -> tuple[str, ...]:
    return (*step.nodes, *step.then) or ((step.node,) if step.node else ())


def _traced(step: doc.CaseStep, pairs: Sequence[Pair], before: doc.Document, document: doc.Document) -> StepTrace:
    names = _names_of(step)
    about = [pair for pair in pairs if not names or pair.name in names]
    trace, why = _trace(step, about, before, document)
    return StepTrace(kind=step.kind, do=step.do, nodes=names, trace=trace, why=why)


def _trace(
    step: doc.CaseStep, about: Sequence[Pair], before: doc.Document, document: doc.Document
) -> tuple[Trace, str]:
    if step.kind in _FILES:
        return _summed({pair.name: _mended(pair, before, document) for pair in about}, "mended", "not mended")
    if step.kind is StepKind.RETURN:
        told = {pair.name: _both(_mended(pair, before, document), _came_back(pair)) for pair in about}
        return _summed(told, "mended, and started since", "not mended, or not started")
    if step.kind not in _SIGNS:
        return Trace.CANNOT_TELL, NO_TRACE
    sign, done, not_done = _SIGNS[step.kind]
    if step.kind is StepKind.START:
        about = [pair for pair in about if pair.now is None or _has_raft_files(pair)]
    return _summed({pair.name: sign(pair) for pair in about}, done, not_done)


def _summed(told: Mapping[str, bool | None], done: str, not_done: str) -> tuple[Trace, str]:
    """One answer from those of the nodes: None where a node does not tell."""
    if not told:
        return Trace.CANNOT_TELL, "no node that it is about is in the upload"
    yes, no, silent = ([name for name, one in told.items() if one is wanted] for wanted in (True, False, None))
    words = [
        f"{listed(names)}: {what}" for names, what in ((yes, done), (no, not_done), (silent, "cannot be told")) if names
    ]
    if not no:
        return (Trace.CANNOT_TELL if silent else Trace.TAKEN), "; ".join(words)
    return (Trace.IN_PART if yes else Trace.NOT_TAKEN), "; ".join(words)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if False in (one, other):
        return False
    return None if None in (one, other) else True


def _ran(pair: Pair) -> bool | None:
    """What runs writes a later term, opens segments, and closes those that its start finds open.

    A directory that `repair` put together has new closed segments, too, but opens none before it runs. Where the log
    ends is no sign, and no open segment that has the name of an old one: raft counts them from 1 whenever it starts.
    """
    before, now = pair.before, pair.now
    if now is None:
        return None
    closed, opened = (_of(now, roles) - _of(before, roles) for roles in (_CLOSED, _OPEN))
    if _has_voted(pair, now) or opened or (closed and (not pair.anew or _of(now, _OPEN))):
        return True
    same = _of(before, _OPEN) & _of(now, _OPEN) or _of(before, _DQLITE) == _of(now, _DQLITE)
    return False if same and _term(before) == _term(now) else None


def _came_back(pair: Pair) -> bool | None:
    """It ran beside the others. Where nothing shows that, and it ends before them, it did not: what it lacks is sent
    to it at once, into open segments.
    """
    ran, now = _ran(pair), pair.now
    if ran is not None or now is None or pair.cluster is None or not pair.anew:
        return ran
    is_as_written = not _of(now, _OPEN) and now.metadata is not None and now.metadata.version == 1
    return False if is_as_written and _end(now) < max(map(_end, originals(pair.cluster))) else None


def _end(node: doc.Node) -> int:
    return (node.log and node.log.last_index) or 0


def _has_voted(pair: Pair, now: doc.Node) -> bool:
    """Raft wrote a later term; `repair` may have done so, too, but into a first version of the file."""
    known = pair.before.metadata is not None or pair.anew
    return known and _term(now) > _term(pair.before) and now.metadata is not None and now.metadata.version > 1


def _has_raft_files(pair: Pair) -> bool:
    """A spare that never got any has nothing that a start would change."""
    nodes = (pair.before, pair.now)
    return any(_of(node, _DQLITE) for node in nodes if node is not None)


def _term(node: doc.Node) -> int:
    return node.metadata.term if node.metadata else 0


def _of(node: doc.Node, roles: frozenset[str]) -> frozenset[str]:
    """Names of the node's files of these roles."""
    return frozenset(file.name for file in node.files if file.role in roles)


def _names(node: doc.Node) -> frozenset[str]:
    return frozenset(file.name for file in node.files)


def _mended(pair: Pair, before: doc.Document, document: doc.Document) -> bool | None:
    """No fault of its files that the report had is there any more, and it can be started."""
    if pair.now is None:
        return None
    then = {fault.kind for fault in _faults(before, pair.database, pair.name)}
    still = {fault.kind for fault in _faults(document, pair.database, pair.now.name)}
    states = document.case.nodes if document.case else ()
    safe = any(
        one.node == pair.now.name and one.database == pair.database and one.state is State.SAFE for one in states
    )
    return safe or not then & still


def _faults(document: doc.Document, database: str, node: str) -> list[doc.CaseFault]:
    faults = document.case.faults if document.case else ()
    return [fault for fault in faults if node in fault.nodes and fault.database in (None, database)]


def _joined(pair: Pair) -> bool | None:
    """With another ID, as the product gives to whoever joins."""
    if pair.now is None or pair.now.id is None or pair.before.id is None:
        return None
    return pair.now.id != pair.before.id


def _left(pair: Pair) -> bool | None:
    """With another ID the old state is gone; with the old one it must not have run."""
    return True if _joined(pair) else (False if _ran(pair) else None)


def _forced(pair: Pair) -> bool | None:
    """A configuration that raft cannot have written lies on it, behind all that it had."""
    if pair.now is None or pair.cluster is None:
        return None
    last = (pair.before.log and pair.before.log.last_index) or 0
    changes = pair.cluster.membership
    return any(change.forced and change.index > last and pair.now.name in change.nodes for change in changes)


def _arrived(pair: Pair) -> bool | None:
    return pair.now is not None and pair.now.evidence is doc.Evidence.FULL


_SIGNS: Mapping[StepKind, tuple[Callable[[Pair], bool | None], str, str]] = {
    StepKind.START: (_ran, "started since", "not started"),
    StepKind.REJOIN: (_joined, "joined anew", "not joined anew"),
    StepKind.LEAVE_BEHIND: (_left, "without the old state", "started with the old state"),
    StepKind.FORCE: (_forced, "forced since", "not forced"),
    StepKind.SPREAD: (_forced, "forced since", "not forced"),
    StepKind.COLLECT: (_arrived, "arrived whole", "did not arrive whole"),
}
"""What a step leaves on each node, and how that is said."""


def _since(pairs: Iterable[Pair], document: doc.Document) -> Iterator[NodeSince]:
    known: set[int] = set()
    for pair in pairs:
        if pair.now is None:
            yield NodeSince(database=pair.database, node=pair.name, now=None, words=("it is not in this upload",))
            continue
        known.add(id(pair.now))
        words = tuple(_different(pair.before, pair.now, pair.cluster))
        yield NodeSince(database=pair.database, node=pair.name, now=pair.now.name, words=words)
    for cluster in document.clusters:
        for node in originals(cluster):
            if id(node) not in known:
                words = ("the report did not know it",)
                yield NodeSince(database=cluster.database, node=None, now=node.name, words=words)


def _different(before: doc.Node, now: doc.Node, cluster: doc.Cluster | None) -> Iterator[str]:
    if before.id != now.id and before.id and now.id:
        yield f"its ID was {before.id} and is {now.id}"
    if before.metadata and now.metadata and before.metadata.term != now.metadata.term:
        yield f"its term was {before.metadata.term} and is {now.metadata.term}"
    yield from _of_log(before, now, cluster)
    gone, come = (sorted(_names(one) - _names(other)) for one, other in ((before, now), (now, before)))
    if gone:
        yield f"no longer there: {listed(gone)}"
    if come:
        yield f"new: {listed(come)}"


def _of_log(before: doc.Node, now: doc.Node, cluster: doc.Cluster | None) -> Iterator[str]:
    then, after = before.log, now.log
    if then is None or after is None:
        return
    if then.last_index != after.last_index:
        yield f"its log ended at entry {then.last_index} and ends at {after.last_index}"
    terms = cluster.timeline.terms if cluster is not None and cluster.timeline else ()
    there = next((one for one in terms if one.first_index <= then.last_index <= one.last_index), None)
    if there is not None and then.last_term is not None and there.term != then.last_term:
        yield f"entry {then.last_index} was of term {then.last_term}, and is another one of term {there.term} now"


def is_whole(document: doc.Document) -> bool | None:
    """Nothing is damaged, and each node can be started; None where not all arrived."""
    case = document.case
    if case is None or document.incomplete or not case.nodes:
        return None
    bad = [fault for fault in case.faults if fault.severity.rank <= Severity.MEDIUM.rank]
    return not bad and all(node.state is State.SAFE for node in case.nodes)
