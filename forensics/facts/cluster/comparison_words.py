"""What differs between two states of a node, or between two nodes, in words: made at the very end."""

from __future__ import annotations

from forensics.facts.cluster.state_change import Aspect, EntryNumber, LogSpan, Members, State, Subject, Value, Vote
from forensics.facts.cluster.words import members_change_words
from forensics.facts.log.entry_range import EntryRange, Held
from forensics.facts.log.words import held_words, range_words
from forensics.facts.node.node import Grade
from forensics.wording import count


def subject_words(subject: Subject) -> str:
    """What differs."""
    members = members_change_words(subject.members) if subject.members else "the members"
    equal = count(subject.equal, "entry")
    return {
        Aspect.EVIDENCE: "evidence",
        Aspect.ID: "ID",
        Aspect.ADDRESS: "address",
        Aspect.VOTE: "term, vote",
        Aspect.LOG: "log",
        Aspect.LOG_SHORTER: "the log is shorter",
        Aspect.ENTRIES_REPLACED: f"entries from {subject.index} on were replaced",
        Aspect.ENTRIES_DIFFER: f"different entries from index {subject.index} on, after {equal} that are equal",
        Aspect.ONE_HISTORY: f"one history with {equal} in common; after that",
        Aspect.SAME_LOG: f"one history: the {equal} that both hold are equal",
        Aspect.SNAPSHOTS: "snapshots",
        Aspect.CONFIGURATION: "configuration",
        Aspect.MEMBERS: f"members: {members}",
        Aspect.ADDRESS_BOOK: "cluster.yaml",
        Aspect.FILE: f"{subject.file} ({subject.role.value})" if subject.role else subject.file,
        Aspect.SOUNDNESS: subject.file,
    }[subject.aspect]


def value_words(value: Value) -> str:
    """What there was, or is."""
    match value:
        case Grade() | State():
            return str(value.value)
        case Vote():
            return f"term {value.term}, {f'vote for {value.voted_for}' if value.voted_for else 'no vote'}"
        case LogSpan():
            return _span(value)
        case Members():
            return _members(value)
        case EntryNumber():
            return f"entry {value.index}"
        case Held():
            return held_words(value)
        case EntryRange():
            return range_words(value)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _span(span: LogSpan) -> str:
    words = f"up to {span.last} by its snapshot" if span.first is None else f"{span.first} to {span.last}"
    term = "" if span.term is None else f", last term {span.term}"
    return f"{words}{term}{f'; {held_words(span.more)}' if span.more else ''}"


def _members(found: Members) -> str:
    names = ", ".join(f"{one.address or '?'} {one.role.value if one.role else '?'}" for one in found.members)
    return names if found.entry is None else f"entry {found.entry}: {names}"
