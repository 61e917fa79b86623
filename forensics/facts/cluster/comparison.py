"""Two states of one node, or two nodes: what differs, and whether it is better, worse, or only later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from forensics.facts.cluster.log_matching import agreement, first_difference
from forensics.facts.cluster.member_changes import members_change
from forensics.facts.cluster.words import members_change_words
from forensics.facts.log.entry_arrays import configuration_digest, entry_arrays_of
from forensics.facts.log.entry_range import entry_range, held
from forensics.facts.log.words import held_words, range_words
from forensics.facts.node.node import Grade, Node
from forensics.ingest.raft_names import parse_closed
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile

GRADES = (Grade.CLEANED, Grade.YAML, Grade.LISTING, Grade.PARTIAL, Grade.FULL)
"""From what tells least."""
_MENDED = (FileRole.TEMPORARY, FileRole.PROBE, FileRole.RECOVERY, FileRole.PATCH, FileRole.JOIN)


class Trend(Enum):
    """Values are the words of `diff`."""

    LATER = "later"  # what a running node does
    CHANGED = "changed"
    REPAIRED = "repaired"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; before and after in words, None where there was or is nothing."""

    what: str
    before: str | None
    after: str | None
    trend: Trend


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


def told_by_both(was: str | None, now: str | None, before: Node, after: Node) -> bool:
    """A difference of two values, and not one of how much arrived: of the lesser side, nothing is not a value."""
    one, other = GRADES.index(before.grade), GRADES.index(after.grade)
    return not ((now is None and other < one) or (was is None and one < other))


def compare_nodes(one: Node, other: Node) -> list[Change]:
    """Two nodes side by side; neither is the later one."""
    rows: list[tuple[str, str | None, str | None]] = [
        ("evidence", one.grade.value, other.grade.value),
        ("ID", _text(one.id), _text(other.id)),
        ("address", one.address, other.address),
        ("term, vote", _vote(one), _vote(other)),
        ("log", _span(one), _span(other)),
        ("snapshots", _titles(one), _titles(other)),
        ("configuration", _members(one), _members(other)),
    ]
    changes = [Change(what, a, b, Trend.CHANGED) for what, a, b in rows if a != b]
    return changes + list(_matching(one, other))


def _matching(one: Node, other: Node) -> Iterator[Change]:
    """How far their logs are one history, and what each holds beyond."""
    a, b = entry_arrays_of(one), entry_arrays_of(other)
    difference = first_difference(a, b)
    equal = agreement(a, b)
    if difference is not None:
        at = difference.first
        first, second = (held_words(held(node, at, deep=True)) for node in (one, other))
        yield Change(f"different entries from index {at} on ({equal} equal before)", first, second, Trend.CHANGED)
    elif a.last is not None and b.last is not None and a.last != b.last:
        longer, at = (one, b.last + 1) if a.last > b.last else (other, a.last + 1)
        more = held_words(held(longer, at, deep=True))
        beyond = (more, None) if longer is one else (None, more)
        yield Change(f"one history, {equal} entries equal; beyond it", beyond[0], beyond[1], Trend.CHANGED)
    elif equal:
        yield Change(f"one history, all {equal} common entries equal", None, None, Trend.CHANGED)


def _grade(before: Node, after: Node) -> Iterator[Change]:
    if before.grade is not after.grade:
        yield Change("evidence", before.grade.value, after.grade.value, Trend.CHANGED)


def _metadata(before: Node, after: Node) -> Iterator[Change]:
    if _vote(before) == _vote(after):
        return
    a, b = before.metadata, after.metadata
    back = a is not None and (b is None or b.term < a.term or b.version < a.version)
    yield Change("term, vote", _vote(before), _vote(after), Trend.WORSE if back else Trend.LATER)


def _log(before: Node, after: Node) -> Iterator[Change]:
    """Progress, a tail that was dropped or replaced, or entries that are gone."""
    a, b = entry_arrays_of(before), entry_arrays_of(after)
    difference = first_difference(a, b)
    if difference is not None:
        same_term = a.key(difference.first) is not None and b.key(difference.first) is not None
        raft = same_term and (a.key(difference.first) or (0,))[0] != (b.key(difference.first) or (0,))[0]
        lost = held_words(held(before, difference.first, deep=True))
        trend = Trend.LATER if raft else Trend.WORSE
        yield Change(
            f"entries from {difference.first} on were replaced",
            lost,
            range_words(entry_range(after, difference.first)),
            trend,
        )
        return
    old, new = before.last_index, after.last_index
    if old is None or new is None or old == new:
        if old != new:
            yield Change("log", _span(before), _span(after), Trend.WORSE if new is None else Trend.LATER)
        return
    shorter, longer = (after, before) if new < old else (before, after)
    if not _end_known(shorter) and _end_known(longer):
        return
    if new > old:
        gained = held_words(held(after, old + 1, deep=True))
        yield Change("log", _span(before), f"{_span(after)}; {gained}", Trend.LATER)
    else:
        gone = held_words(held(before, new + 1, deep=True))
        yield Change("the log is shorter", f"{_span(before)}; {gone}", _span(after), Trend.WORSE)


def _end_known(node: Node) -> bool:
    """What open segments hold is known: without their content a log may go further than it seems."""
    return all(part.segment is not None for part in node.log.open)


def _configuration(before: Node, after: Node) -> Iterator[Change]:
    a, b = before.configuration, after.configuration
    if a is None or b is None:
        if a is not b:
            yield Change(
                "configuration", _members(before), _members(after), Trend.WORSE if b is None else Trend.CHANGED
            )
        return
    if configuration_digest(a.configuration) != configuration_digest(b.configuration):
        what = f"members: {members_change_words(members_change(a.configuration, b.configuration))}"
        yield Change(what, f"entry {a.index}", f"entry {b.index}", Trend.WORSE if b.index < a.index else Trend.LATER)


def _snapshots(before: Node, after: Node) -> Iterator[Change]:
    a, b = _titles(before), _titles(after)
    if a != b:
        bad = [
            s.title for s in after.snapshots if s.sound is False and s.title not in {o.title for o in before.snapshots}
        ]
        lost = bool(before.snapshots) and not after.snapshots
        yield Change("snapshots", a, b, Trend.WORSE if bad or lost else Trend.LATER)


def _identity(before: Node, after: Node) -> Iterator[Change]:
    for what, a, b in (("ID", _text(before.id), _text(after.id)), ("address", before.address, after.address)):
        if a != b:
            yield Change(what, a, b, Trend.CHANGED)
    old, new = _listed(before), _listed(after)
    if old != new:
        yield Change("cluster.yaml", old, new, Trend.WORSE if new is None else Trend.LATER)


def _listed(node: Node) -> str | None:
    if node.cluster is None or node.cluster.value is None:
        return None
    members = sorted((m.address or "?", m.role.value if m.role else "?") for m in node.cluster.value.members)
    return ", ".join(" ".join(member) for member in members)


def _files(before: Node, after: Node) -> Iterator[Change]:
    """Files that tell of trouble, or of its end; segments come and go with the log."""
    old, new = before.state.files, after.state.files
    for name in sorted(old.keys() - new.keys()):
        if old[name].role in (*_MENDED, FileRole.CORRUPT):
            yield Change(f"{name} ({old[name].role.value})", "there", None, Trend.REPAIRED)
        elif _lost_segment(old[name], after):
            yield Change(f"{name} ({old[name].role.value})", "there", None, Trend.WORSE)
    for name in sorted(new.keys() - old.keys()):
        if new[name].role in (*_MENDED, FileRole.CORRUPT):
            yield Change(f"{name} ({new[name].role.value})", None, "there", Trend.WORSE)
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
        yield Change(name, "damaged", "whole" if name in after.state.files else None, Trend.REPAIRED)
    for name in sorted(now - was):
        yield Change(name, "whole" if name in before.state.files else None, "damaged", Trend.WORSE)


def _damaged(node: Node) -> set[str]:
    return set(node.log.damaged()) | {snapshot.title for snapshot in node.snapshots if snapshot.sound is False}


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _vote(node: Node) -> str | None:
    metadata = node.metadata
    if metadata is None:
        return None
    return f"term {metadata.term}, " + (f"vote for {metadata.voted_for}" if metadata.voted_for else "no vote")


def _span(node: Node) -> str | None:
    chain = node.log.chain()
    if chain is None:
        return None if node.last_index is None else f"up to {node.last_index} by its snapshot"
    term = node.log.last_term
    return f"{chain.first} to {chain.last}" + ("" if term is None else f", last term {term}")


def _titles(node: Node) -> str | None:
    return ", ".join(snapshot.title for snapshot in node.snapshots) or None


def _members(node: Node) -> str | None:
    change = node.configuration
    if change is None:
        return None
    servers = ", ".join(f"{s.address} {s.role.value if s.role else '?'}" for s in change.configuration.servers)
    return f"entry {change.index}: {servers}"
