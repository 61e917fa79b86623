"""The answers in words: the same ones in every output."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.case.answer import Consequence, Course, DatabaseAnswer, Fault, Lost
from forensics.election.state import NodeState, Reason, State
from forensics.fault_kind import FaultKind as Kind
from forensics.limits import HEADLINE_CHARS_MAX
from forensics.wording import count, entries, listed

_NOUNS = {
    Kind.LOG_DAMAGED: "the log of {nodes} is damaged",
    Kind.LOG_INCOMPLETE: "segments are missing on {nodes}",
    Kind.LOG_INCONSISTENT: "the log of {nodes} contradicts itself or the others",
    Kind.SNAPSHOT_DAMAGED: "a snapshot of {nodes} cannot be used",
    Kind.METADATA_DAMAGED: "the raft metadata of {nodes} is damaged",
    Kind.FILE_NAMES: "files of {nodes} have names that dqlite trips over",
    Kind.DATABASE_DAMAGED: "the database on {nodes} is damaged",
    Kind.DATA_DIFFERS: "{nodes} hold other data than the log leads to",
    Kind.KINE: "the Kubernetes table (kine) is not in order",
    Kind.TWO_HISTORIES: "there are two clusters, or two histories of one",
    Kind.COMMITTED_MISSING: "committed entries are missing on {nodes}",
    Kind.NODE_BEHIND: "{nodes} are behind",
    Kind.REPLACED_ENTRIES: "{nodes} hold entries that were never committed",
    Kind.FORCED_CONFIGURATION: "the membership was forced by hand",
    Kind.IDENTITY_FILES: "info.yaml or cluster.yaml of {nodes} cannot be used",
    Kind.IDENTITY: "{nodes} are not who the members think they are",
    Kind.ADDRESS: "the address of {nodes} does not fit",
    Kind.CERTIFICATE: "certificates of {nodes} stop the connections",
    Kind.MEMBER_RECORDS: "the lists of members disagree",
    Kind.ROLES: "the cluster has too few voters",
    Kind.CONTROL_FILES: "a control file changes the next start of {nodes}",
    Kind.LEFTOVER: "leftovers of an earlier run lie on {nodes}",
    Kind.NO_LEADER: "there is no leader",
    Kind.START_FAILED: "{nodes} failed to start",
    Kind.DISK_FULL: "the disk of {nodes} is full",
    Kind.DISK_ERRORS: "the disk of {nodes} reports errors",
    Kind.PERMISSION: "dqlite may not read or write its files on {nodes}",
    Kind.MEMORY: "{nodes} ran out of memory",
    Kind.LIMITS: "{nodes} reached a limit of the system",
    Kind.CRASH: "dqlite crashed on {nodes}",
    Kind.VERSION: "the versions do not fit together",
    Kind.CLOCK: "the clock of {nodes} is not right",
    Kind.SERVICE: "the service on {nodes} restarts or stalls",
    Kind.PERFORMANCE: "the database is large or slow",
    Kind.COPY: "the upload is not a clean copy of {nodes}",
}

_AFTER = {
    Consequence.COMMITTED_AT_RISK: "the next start can lose committed data",
    Consequence.DATA_LOST: "committed data is lost",
    Consequence.NO_MAJORITY: "no leader can be elected",
    Consequence.NODE_DOWN: "it does not run there",
    Consequence.REDUNDANCY: "it runs with less than it should",
    Consequence.HYGIENE: "it runs",
}


def headline(faults: Sequence[Fault], databases: Sequence[DatabaseAnswer], *, incomplete: bool) -> str:
    """What happened, in at most HEADLINE_CHARS_MAX characters: database, nodes and consequence."""
    if faults and faults[0].worst is not Consequence.HYGIENE:
        return _short(faults[0])
    if not databases:
        return _short(faults[0]) if faults else "No dqlite state was found in the input"
    names = listed(one.name for one in databases)
    if incomplete or any(one.course is Course.ASK for one in databases):
        return _clip(f"{names}: nothing wrong in what arrived, but that is not everything")
    if faults and faults[0].severity.rank < _INFO:
        return _clip(f"{names}: sound; worth a look: {_cause(faults[0], 1)}")
    return _clip(f"{names}: nothing wrong")


_INFO = 4


def _short(fault: Fault) -> str:
    """The longest of these that fits."""
    before = f"{fault.database}: " if fault.database else ""
    after = _AFTER[fault.worst]
    tries = [f"{before}{_cause(fault, shown)}; {after}" for shown in (3, 1, 0)]
    return next((text for text in tries if len(text) <= HEADLINE_CHARS_MAX), _clip(tries[-1]))


def cause_words(fault: Fault) -> str:
    """The cause in one clause."""
    shared = "; every node has it: look for what they have in common (one storage, a full disk, the copy)"
    return f"{_cause(fault, 3)}{shared if fault.everywhere else ''}"


def _cause(fault: Fault, shown: int) -> str:
    names = list(fault.nodes)
    nodes = listed(names, shown) if len(names) <= max(shown, 1) and shown else count(len(names), "node")
    return _agree(_NOUNS[fault.kind].format(nodes=nodes or "a node"), len(names))


def _agree(clause: str, nodes: int) -> str:
    """`n1 are behind` of one node."""
    return clause if nodes != 1 else clause.replace(" are behind", " is behind").replace(" hold ", " holds ")


def _clip(text: str) -> str:
    return text if len(text) <= HEADLINE_CHARS_MAX else f"{text[: HEADLINE_CHARS_MAX - 1]}…"


_STATES = {
    State.SAFE: "safe to start",
    State.REFUSES: "does not start",
    State.LOSES: "starts, and committed data is lost",
    State.SPLITS: "starts, and the cluster splits",
    State.UNKNOWN: "cannot be told",
}


def state_words(state: State) -> str:
    """The state, as a table has it."""
    return _STATES[state]


def why_words(one: NodeState) -> str:
    """Why a node has its state, in one clause."""
    span = entries(one.first_index, one.last_index)
    others = listed(one.others)
    return _WHY[one.reason].format(span=span, others=others, leader=one.leader, precondition=one.precondition)


_WHY = {
    Reason.WHOLE: "it keeps everything that it has",
    Reason.DROPS_HELD_ELSEWHERE: "it drops {span}, which {others} keep",
    Reason.DROPS_UNCOMMITTED: "it drops {span}, which cannot have been committed",
    Reason.BEHIND: "it lacks {span}, and gets them from the others before it can be elected leader",
    Reason.NO_LOG: "it has no log, and nothing to lose",
    Reason.DQLITE_REFUSES: "dqlite does not start on this directory",
    Reason.PRODUCT_REFUSES: "the product stops before dqlite starts: {precondition}",
    Reason.DROPS_COMMITTED: "it drops {span}, which are committed",
    Reason.ELECTED_WITHOUT: "with {others} it can elect {leader}, which lacks the committed {span}",
    Reason.RENUMBERS: "it gives entries other indexes than they had, and its data drifts away from the others",
    Reason.CONTRADICTS: "its log contradicts committed entries from {span}",
    Reason.SECOND_LEADER: "with {others} it can elect {leader}: a second leader, without the committed {span}",
    Reason.OTHER_HISTORY: "it and {others} hold different committed entries",
    Reason.BOOTSTRAPS: "it would found the cluster again",
    Reason.NOT_SIMULATED: "what arrived of it does not suffice",
    Reason.TORN_COPY: "it was copied while the node was writing: the copy is not one consistent state",
    Reason.MAY_HOLD_COMMITTED: "it drops {span}, and whether these are committed cannot be told from this upload",
    Reason.NO_CONFIGURATION: "nothing tells who the voters are",
    Reason.TOO_MANY_VOTERS: "there are too many voters to look at every election",
}


def lost_words(lost: Lost) -> str:
    """What is lost or at risk, in one clause."""
    span = entries(lost.first_index, lost.last_index)
    where = f"; {listed(lost.also_on)} still have them" if lost.also_on else "; no other node that arrived has them"
    return f"{span} of {lost.node} are {'lost' if lost.certain else 'at risk'}{where}"
