"""Whether a repaired directory was put into its place and started, by a later upload: its files, by their digests, and
its last entry, which raft never changes once it goes on from there (docs/reference/raft.md#what-must-hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from forensics.election.state import State
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.ingest.state_directory import StateFile
from forensics.parsers.roles import Role
from forensics.plan.steps import StepKind
from forensics.repair.ledger import Ledger, LedgerFile, LedgerKept, LedgerLeftOut, LedgerStep, sha256_of
from forensics.repair.stored import StoredLedger
from forensics.report.document import Document
from forensics.report.document.taken import FileNow, FileSince, NodeSince, PlanTaken, StepTrace, Trace
from forensics.report.parts.taken import NO_TRACE, is_whole
from forensics.wording import listed

_ABSENT = "not in this upload"


@dataclass(frozen=True)
class Placed:
    """The repaired node in the later upload."""

    ledger: Ledger
    cluster: Cluster
    node: Node
    is_safe: bool

    @cached_property
    def files(self) -> tuple[FileSince, ...]:
        """What became of every file that was written."""
        here = self.node.state.files
        return tuple(FileSince(name=one.name, now=_now(one, here.get(one.name))) for one in self.ledger.files)

    @cached_property
    def keeps(self) -> bool | None:
        """The log goes on from the repaired one's last entry; None where it no longer shows."""
        return _keeps(self.node, self.ledger.kept)

    def put(self) -> Trace:
        """The directory is the one that was written, or went on from it.

        A start renames and closes files. So it counts as well that none of those lies there that were left out.
        """
        now = {one.name: one.now for one in self.files}
        told = [one.name for one in self.ledger.files if one.changes or one.made] or list(now)
        written = [name for name in told if now[name] is FileNow.AS_WRITTEN]
        is_mixed = any(one.name not in now and self._is_back(one) for one in self.ledger.left_out)
        if not is_mixed and (written == told or (self.keeps and self.is_safe)):
            return Trace.TAKEN
        if written:
            return Trace.IN_PART
        return Trace.CANNOT_TELL if self.keeps is None and self.is_safe else Trace.NOT_TAKEN

    def _is_back(self, left: LedgerLeftOut) -> bool:
        """A raft file that was left out lies there as it did. A name is no sign where there is a digest: raft counts
        open segments from 1 whenever it starts, and an unused one is like any other.
        """
        file = self.node.state.files.get(left.name)
        if file is None or file.role not in RAFT_ROLES:
            return False
        if left.sha256 is None or file.blob is None:
            return True
        unused = {part.file.name for part in self.node.log.open if not part.used}
        return left.name not in unused and sha256_of(file.blob) == left.sha256

    def started(self) -> Trace:
        """Something wrote to raft's files since."""
        put = self.put()
        if put is not Trace.TAKEN:
            return Trace.NOT_TAKEN if put is Trace.NOT_TAKEN else Trace.CANNOT_TELL
        written = {one.name for one in self.files}
        changed = {one.name for one in self.files if one.now is not FileNow.AS_WRITTEN}
        new = self._raft() - written
        if new or any(role_of(name) in RAFT_ROLES for name in changed):
            return Trace.TAKEN
        return Trace.CANNOT_TELL if self._starts_in_silence() else Trace.NOT_TAKEN

    def _starts_in_silence(self) -> bool:
        """An only voter leads in the term that it has, and changes a file only to close an open segment."""
        now = self.node.configuration
        only = now is not None and sum(one.role is Role.VOTER for one in now.configuration.servers) == 1
        return only and not any(role_of(one.name) is FileRole.OPEN_SEGMENT for one in self.files)

    def joined(self, names: Sequence[str]) -> tuple[Trace, str]:
        """These nodes hold the history that goes on from the repaired one."""
        here = {node.name: node for node in self.cluster.nodes}
        told = {name: _keeps(here[name], self.ledger.kept) if name in here else None for name in names}
        good, bad = ([name for name, keeps in told.items() if keeps is wanted] for wanted in (True, False))
        if bad:
            return Trace.IN_PART if good else Trace.NOT_TAKEN, f"{listed(bad)}: another history, or less of this one"
        if good and len(good) == len(told):
            return Trace.TAKEN, f"{listed(good)}: all that was repaired"
        return (
            Trace.CANNOT_TELL,
            f"{listed(name for name in told if name not in good)}: {_ABSENT}" if told else NO_TRACE,
        )

    def since(self) -> Iterator[str]:
        """In words: files that are new, and those that are not as they were written."""
        for now, what in ((FileNow.CHANGED, "changed since"), (FileNow.GONE, "no longer there")):
            names = [one.name for one in self.files if one.now is now]
            if names:
                yield f"{what}: {listed(names)}"
        come = sorted(self._raft() - {one.name for one in self.files})
        if come:
            yield f"new: {listed(come)}"

    def _raft(self) -> set[str]:
        return {name for name, file in self.node.state.files.items() if file.role in RAFT_ROLES}


def ledger_taken(stored: StoredLedger, clusters: Iterable[Cluster], document: Document) -> PlanTaken:
    """Hold a ledger against a later upload: its nodes, and the document of it."""
    placed = _placed(stored.ledger, clusters, document)
    steps = stored.ledger.steps if placed is not None else []
    return PlanTaken(
        report=stored.name,
        sha256=stored.sha256,
        inputs=document.inputs,
        related=placed is not None,
        steps=tuple(_traced(step, placed) for step in steps if placed),
        between=tuple(_since(placed)) if placed else (),
        whole=is_whole(document),
        headline=document.case.headline if document.case else "",
        files=placed.files if placed else (),
    )


def _placed(ledger: Ledger, clusters: Iterable[Cluster], document: Document) -> Placed | None:
    """The node of that ID and address, or with what was repaired; who founds a cluster has one ID in all of them
    (docs/reference/raft.md#bootstrap-and-ids). Of several the one that has most of the files.
    """
    safe = {one.node for one in document.case.nodes if one.state is State.SAFE} if document.case else set()
    every = (Placed(ledger, cluster, node, node.name in safe) for cluster in clusters for node in cluster.originals())
    return max(filter(_may_be, every), key=_as_written, default=None)


def _may_be(placed: Placed) -> bool:
    node, ledger = placed.node, placed.ledger
    if None not in (node.id, ledger.id) and str(node.id) != ledger.id:
        return False
    return bool(placed.keeps) or node.address in (None, ledger.address)


def _as_written(placed: Placed) -> int:
    return sum(file.now is FileNow.AS_WRITTEN for file in placed.files)


def _traced(step: LedgerStep, placed: Placed) -> StepTrace:
    trace, why = _trace(step, placed)
    return StepTrace(kind=step.kind, do=step.do, nodes=tuple(step.nodes), trace=trace, why=why)


def _trace(step: LedgerStep, placed: Placed) -> tuple[Trace, str]:
    own = step.nodes == [placed.ledger.node]
    if step.kind is StepKind.RESTORE and own:
        trace = placed.put()
        return trace, _PUT[trace]
    if step.kind is StepKind.START and own:
        trace = placed.started()
        return trace, _STARTED[trace]
    return placed.joined(step.nodes) if step.kind is StepKind.REJOIN else (Trace.CANNOT_TELL, NO_TRACE)


_PUT = {
    Trace.TAKEN: "its files are those that were written, or its log goes on from them",
    Trace.IN_PART: "some of its files are those that were written; others are not, or are old ones that were left out",
    Trace.NOT_TAKEN: "its files are not those that were written, and its log does not go on from them",
    Trace.CANNOT_TELL: "its log no longer shows the entry that the repaired one ended with",
}
_STARTED = {
    Trace.TAKEN: "it has written since",
    Trace.NOT_TAKEN: "its files are as they were written, or the old ones",
    Trace.CANNOT_TELL: "not without the directory in its place, or before an only voter has written",
}


def _since(placed: Placed) -> Iterator[NodeSince]:
    for node in placed.cluster.originals():
        is_own = node is placed.node
        yield NodeSince(
            database=placed.cluster.product.database,
            node=placed.ledger.node if is_own else None,
            now=node.name,
            words=tuple(placed.since()) if is_own else (_OTHERS[_keeps(node, placed.ledger.kept)],),
        )


_OTHERS = {
    True: "it holds all that was repaired",
    False: "it has another history, or less of this one",
    None: "its log does not show whether it holds all that was repaired",
}


def _now(written: LedgerFile, file: StateFile | None) -> FileNow:
    if file is None:
        return FileNow.GONE
    if file.blob is None or file.cut:
        return FileNow.UNKNOWN
    return FileNow.AS_WRITTEN if sha256_of(file.blob) == written.sha256_after else FileNow.CHANGED


def _keeps(node: Node, kept: LedgerKept) -> bool | None:
    """The entry is there, as far as loading reads: equal at one index and term is equal before it."""
    if kept.last_term is None:
        return None
    for first, segment, _ in node.log.parts():
        if first <= kept.last < first + len(segment):
            at = kept.last - first
            return (segment.terms[at], segment.digests[at]) == (kept.last_term, kept.last_checksum)
    covered = [one for one in node.snapshots if one.paired and one.name.index >= kept.last]
    return None if covered else False
