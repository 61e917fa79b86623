"""Two states of one node, or two nodes: what differs, and whether it is better, worse, or only later."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.log_matching import agreement, first_difference
from forensics.facts.cluster.member_changes import members_change
from forensics.facts.cluster.state_change import (
    Aspect,
    Change,
    EntryNumber,
    LogSpan,
    Member,
    Members,
    State,
    Subject,
    Trend,
    Value,
    Vote,
)
from forensics.facts.log.entry_arrays import configuration_digest, entry_arrays_of
from forensics.facts.log.entry_range import entry_range, held
from forensics.facts.node.node import Grade, Node
from forensics.ingest.raft_names import parse_closed
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile

GRADES = (Grade.CLEANED, Grade.YAML, Grade.LISTING, Grade.PARTIAL, Grade.FULL)
"""From what tells least."""
_MENDED = (FileRole.TEMPORARY, FileRole.PROBE, FileRole.RECOVERY, FileRole.PATCH, FileRole.JOIN)


def compare_states(before: Node, after: Node) -> list[Change]:
    """What became of one node between two uploads. What merely did not arrive in one of them is no change."""
    found = [
        *_metadata(before, after),
        *_log(before, after),
        *_configuration(before, after),
        *_snapshots(before, after),
        *_identity(before, after),
        *_files(before, after),
    ]
    return [
        *_grade(before, after),
        *(change for change in found if told_by_both(change.before, change.after, before, after)),
    ]


def told_by_both(was: object, now: object, before: Node, after: Node) -> bool:
    """A difference of two values, and not one of how much arrived: of the lesser side, nothing is not a value."""
    one, other = GRADES.index(before.grade), GRADES.index(after.grade)
    return not ((now is None and other < one) or (was is None and one < other))


def compare_nodes(one: Node, other: Node) -> list[Change]:
    """Two nodes side by side; neither is the later one."""
    rows: list[tuple[Aspect, Value | None, Value | None]] = [
        (Aspect.EVIDENCE, one.grade, other.grade),
        (Aspect.ID, one.id, other.id),
        (Aspect.ADDRESS, one.address, other.address),
        (Aspect.VOTE, _vote(one), _vote(other)),
        (Aspect.LOG, _span(one), _span(other)),
        (Aspect.SNAPSHOTS, _titles(one), _titles(other)),
        (Aspect.CONFIGURATION, _members(one), _members(other)),
    ]
    changes = [Change(Subject(what), a, b, Trend.CHANGED) for what, a, b in rows if a != b]
    return changes + list(_matching(one, other))


def _matching(one: Node, other: Node) -> Iterator[Change]:
    """How far their logs are one history, and what each holds beyond."""
    a, b = entry_arrays_of(one), entry_arrays_of(other)
    difference = first_difference(a, b)
    equal = agreement(a, b)
    if difference is not None:
        at = difference.first
        subject = Subject(Aspect.ENTRIES_DIFFER, at, equal)
        yield Change(subject, held(one, at, deep=True), held(other, at, deep=True), Trend.CHANGED)
    elif a.last is not None and b.last is not None and a.last != b.last:
        longer, at = (one, b.last + 1) if a.last > b.last else (other, a.last + 1)
        more = held(longer, at, deep=True)
        beyond = (more, None) if longer is one else (None, more)
        yield Change(Subject(Aspect.ONE_HISTORY, equal=equal), beyond[0], beyond[1], Trend.CHANGED)
    elif equal:
        yield Change(Subject(Aspect.SAME_LOG, equal=equal), None, None, Trend.CHANGED)


def _grade(before: Node, after: Node) -> Iterator[Change]:
    if before.grade is not after.grade:
        yield Change(Subject(Aspect.EVIDENCE), before.grade, after.grade, Trend.CHANGED)


def _metadata(before: Node, after: Node) -> Iterator[Change]:
    if _vote(before) == _vote(after):
        return
    a, b = before.metadata, after.metadata
    back = a is not None and (b is None or b.term < a.term or b.version < a.version)
    yield Change(Subject(Aspect.VOTE), _vote(before), _vote(after), Trend.WORSE if back else Trend.LATER)


def _log(before: Node, after: Node) -> Iterator[Change]:
    """Progress, a tail that was dropped or replaced, or entries that are gone."""
    difference = first_difference(entry_arrays_of(before), entry_arrays_of(after))
    old, new = before.last_index, after.last_index
    if difference is not None:
        yield _replaced(before, after, difference.first)
    elif old is None or new is None:
        if old != new:
            trend = Trend.WORSE if new is None else Trend.LATER
            yield Change(Subject(Aspect.LOG), _span(before), _span(after), trend)
    elif new > old and (_end_known(before) or not _end_known(after)):
        yield Change(Subject(Aspect.LOG), _span(before), _span(after, old + 1), Trend.LATER)
    elif new < old and (_end_known(after) or not _end_known(before)):
        yield Change(Subject(Aspect.LOG_SHORTER), _span(before, new + 1), _span(after), Trend.WORSE)


def _replaced(before: Node, after: Node, at: int) -> Change:
    """Entries from an index on: by others of another term, as raft does, or in one term, as it never does."""
    was, now = (entry_arrays_of(node).key(at) for node in (before, after))
    raft = was is not None and now is not None and was[0] != now[0]
    lost, instead = held(before, at, deep=True), entry_range(after, at)
    return Change(Subject(Aspect.ENTRIES_REPLACED, at), lost, instead, Trend.LATER if raft else Trend.WORSE)


def _end_known(node: Node) -> bool:
    """What open segments hold is known: without their content a log may go further than it seems."""
    return all(part.segment is not None for part in node.log.open)


def _configuration(before: Node, after: Node) -> Iterator[Change]:
    a, b = before.configuration, after.configuration
    if a is None or b is None:
        if a is not b:
            trend = Trend.WORSE if b is None else Trend.CHANGED
            yield Change(Subject(Aspect.CONFIGURATION), _members(before), _members(after), trend)
        return
    if configuration_digest(a.configuration) != configuration_digest(b.configuration):
        subject = Subject(Aspect.MEMBERS, members=members_change(a.configuration, b.configuration))
        trend = Trend.WORSE if b.index < a.index else Trend.LATER
        yield Change(subject, EntryNumber(a.index), EntryNumber(b.index), trend)


def _snapshots(before: Node, after: Node) -> Iterator[Change]:
    a, b = _titles(before), _titles(after)
    if a != b:
        known = {snapshot.title for snapshot in before.snapshots}
        bad = any(snapshot.sound is False and snapshot.title not in known for snapshot in after.snapshots)
        lost = bool(before.snapshots) and not after.snapshots
        yield Change(Subject(Aspect.SNAPSHOTS), a, b, Trend.WORSE if bad or lost else Trend.LATER)


def _identity(before: Node, after: Node) -> Iterator[Change]:
    for what, a, b in ((Aspect.ID, before.id, after.id), (Aspect.ADDRESS, before.address, after.address)):
        if a != b:
            yield Change(Subject(what), a, b, Trend.CHANGED)
    old, new = _listed(before), _listed(after)
    if old != new:
        yield Change(Subject(Aspect.ADDRESS_BOOK), old, new, Trend.WORSE if new is None else Trend.LATER)


def _listed(node: Node) -> Members | None:
    if node.cluster is None or node.cluster.value is None:
        return None
    members = [Member(member.address, member.role) for member in node.cluster.value.members]
    members.sort(key=lambda member: (member.address or "?", member.role.value if member.role else "?"))
    return Members(None, tuple(members))


def _files(before: Node, after: Node) -> Iterator[Change]:
    """Files that tell of trouble, or of its end; segments come and go with the log."""
    old, new = before.state.files, after.state.files
    for name in sorted(old.keys() - new.keys()):
        if old[name].role in (*_MENDED, FileRole.CORRUPT):
            yield Change(Subject(Aspect.FILE, file=name, role=old[name].role), State.THERE, None, Trend.REPAIRED)
        elif _lost_segment(old[name], after):
            yield Change(Subject(Aspect.FILE, file=name, role=old[name].role), State.THERE, None, Trend.WORSE)
    for name in sorted(new.keys() - old.keys()):
        if new[name].role in (*_MENDED, FileRole.CORRUPT):
            yield Change(Subject(Aspect.FILE, file=name, role=new[name].role), None, State.THERE, Trend.WORSE)
    yield from _damage(before, after)


def _lost_segment(file: StateFile, after: Node) -> bool:
    """A closed segment that is gone, and whose entries the log lacks where it should reach."""
    name = parse_closed(file.name)
    chain = after.log.chain()
    if file.role is not FileRole.CLOSED_SEGMENT or name is None or chain is None or name.last < chain.first:
        return False
    return not any(run.first <= max(name.first, chain.first) and name.last <= run.last for run in after.log.runs())


def _damage(before: Node, after: Node) -> Iterator[Change]:
    was, now = _damaged(before), _damaged(after)
    for name in sorted(was - now):
        whole = State.WHOLE if name in after.state.files else None
        yield Change(Subject(Aspect.SOUNDNESS, file=name), State.DAMAGED, whole, Trend.REPAIRED)
    for name in sorted(now - was):
        whole = State.WHOLE if name in before.state.files else None
        yield Change(Subject(Aspect.SOUNDNESS, file=name), whole, State.DAMAGED, Trend.WORSE)


def _damaged(node: Node) -> set[str]:
    return set(node.log.damaged()) | {snapshot.title for snapshot in node.snapshots if snapshot.sound is False}


def _vote(node: Node) -> Vote | None:
    return Vote(node.metadata.term, node.metadata.voted_for or None) if node.metadata else None


def _span(node: Node, more_from: int | None = None) -> LogSpan | None:
    """What the log holds; with what it holds from an index on, if one is given."""
    chain = node.log.chain()
    more = None if more_from is None else held(node, more_from, deep=True)
    if chain is None:
        return None if node.last_index is None else LogSpan(None, node.last_index, more=more)
    return LogSpan(chain.first, chain.last, node.log.last_term, more)


def _titles(node: Node) -> tuple[str, ...] | None:
    return tuple(snapshot.title for snapshot in node.snapshots) or None


def _members(node: Node) -> Members | None:
    change = node.configuration
    if change is None:
        return None
    return Members(change.index, tuple(Member(s.address, s.role) for s in change.configuration.servers))
