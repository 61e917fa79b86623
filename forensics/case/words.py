"""The answers in words: the same ones in every output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.case.answer import Consequence, Course, DatabaseAnswer, Fault, Lost, answer_about
from forensics.election.state import NodeState, Reason, State
from forensics.facts.log.words import writes_words
from forensics.fault_kind import OF_FILES
from forensics.fault_kind import FaultKind as Kind
from forensics.limits import HEADLINE_CHARS_MAX
from forensics.severity import Severity
from forensics.wording import count, entries, listed, verb

_NOUNS = {
    Kind.LOG_DAMAGED: "the log of {nodes} is damaged",
    Kind.LOG_INCOMPLETE: "segments of the log are missing on {nodes}",
    Kind.LOG_INCONSISTENT: "the log of {nodes} contradicts itself or the others",
    Kind.SNAPSHOT_DAMAGED: "a snapshot of {nodes} cannot be used as it is",
    Kind.METADATA_DAMAGED: "the raft metadata of {nodes} is damaged or missing",
    Kind.TWO_HISTORIES: "{nodes} {hold} two histories of one cluster",
    Kind.COMMITTED_MISSING: "committed entries are missing on {nodes}",
    Kind.NODE_BEHIND: "the log of {nodes} is behind the others",
    Kind.FORCED_CONFIGURATION: "{nodes} still {have} the configuration from before a forced recovery",
}
"""Causes that are said of nodes as a whole, for what a finding says is detail. Others are said as findings say them."""

_WITHOUT_FINDING = {Kind.START_FAILED: "the files of {nodes} cannot be used as they are"}
"""Causes of which no finding speaks, or none any more: somebody accepted it."""

_IN_GENERAL = {
    Kind.LOG_DAMAGED: "the log is damaged",
    Kind.LOG_INCOMPLETE: "segments of the log are missing",
    Kind.LOG_INCONSISTENT: "the log contradicts itself or the others",
    Kind.SNAPSHOT_DAMAGED: "a snapshot cannot be used as it is",
    Kind.METADATA_DAMAGED: "the raft metadata is damaged or missing",
    Kind.FILE_NAMES: "raft does not write files of such names",
    Kind.DATABASE_DAMAGED: "the database is damaged",
    Kind.DATA_DIFFERS: "the data differs at one index",
    Kind.KINE: "the table kine is not as kine writes it",
    Kind.TWO_HISTORIES: "there are two histories of one cluster",
    Kind.COMMITTED_MISSING: "committed entries are missing",
    Kind.NODE_BEHIND: "the log is behind the others",
    Kind.REPLACED_ENTRIES: "another leader replaced entries",
    Kind.FORCED_CONFIGURATION: "a recovery was forced, or was not finished",
    Kind.IDENTITY_FILES: "the files that say who a member is are wrong",
    Kind.IDENTITY: "a node is not who the members think it is",
    Kind.ADDRESS: "addresses do not agree",
    Kind.CERTIFICATE: "certificates or keys are wrong",
    Kind.MEMBER_RECORDS: "the records of members do not agree",
    Kind.ROLES: "members do not have the roles that they should have",
    Kind.CONTROL_FILES: "a file tells the next start to do something else",
    Kind.LEFTOVER: "files of something unfinished are left",
    Kind.NO_LEADER: "there is no leader",
    Kind.START_FAILED: "a start failed",
    Kind.DISK_FULL: "a disk is full",
    Kind.DISK_ERRORS: "a disk has errors",
    Kind.PERMISSION: "files may not be opened",
    Kind.MEMORY: "the memory does not suffice",
    Kind.LIMITS: "a limit of the system is reached",
    Kind.CRASH: "dqlite has crashed",
    Kind.VERSION: "versions do not go together",
    Kind.CLOCK: "a clock is wrong",
    Kind.SERVICE: "the service does not run as it should",
    Kind.PERFORMANCE: "a size or a rate is unusual",
    Kind.COPY: "the copy is not what it should be",
}
"""Said where what a finding says is too long for a headline."""


def headline(
    faults: Sequence[Fault],
    databases: Sequence[DatabaseAnswer],
    problems: Mapping[str, str],
    *,
    incomplete: bool,
    accepted: int,
    files_only: bool = False,
) -> str:
    """What happened, in at most HEADLINE_CHARS_MAX characters: database, nodes and consequence.

    Args:
        faults: worst first.
        databases: what is decided of each.
        problems: by a finding's key, its problem in one clause.
        incomplete: something is missing for a whole answer.
        accepted: how many findings somebody has accepted: of these no fault is made.
        files_only: a log tells of something that may be of this database.
    """
    telling = [fault for fault in faults if fault.severity is not Severity.INFO]
    if telling:
        return _with_another(_of_fault(telling[0], databases, problems), telling, databases, problems)
    besides = f" besides {count(accepted, 'accepted finding')}" if accepted else ""
    if not databases:
        over = "; what the log tells of is over, harmless, or not known" if faults else ""
        over = f"; nothing was found in the log{besides}" if besides else over
        return f"No dqlite state directory is in the input{over}"
    if incomplete and not accepted and (few := _too_few(databases)):
        return few
    whole = not incomplete and all(one.course is not Course.ASK for one in databases)
    where = " in its files" if files_only else ""
    found = f"nothing wrong was found{where}{besides}{'' if whole else ', but not everything arrived'}"
    names = listed(one.name for one in databases)
    return _first_that_fits(f"{names}: {found}", f"{count(len(databases), 'database')}: {found}")


def _with_another(
    text: str, faults: Sequence[Fault], databases: Sequence[DatabaseAnswer], problems: Mapping[str, str]
) -> str:
    """The headline, and the next serious cause on other nodes, where there is room for it."""
    first = faults[0]
    apart = (one for one in faults[1:] if one.nodes and not {*one.nodes} <= {*first.nodes})
    other = next((one for one in apart if _is_serious(one)), None)
    if other is None:
        return text
    before = f"{other.database}: " if other.database not in (None, first.database) else ""
    cause = _cause(other, answer_about(other.database, other.nodes, databases), problems, 3)
    return _first_that_fits(f"{text}; {before}{cause}", text)


def _is_serious(fault: Fault) -> bool:
    return fault.severity.rank <= Severity.HIGH.rank and fault.worst is not Consequence.HYGIENE


def _too_few(databases: Sequence[DatabaseAnswer]) -> str:
    """Of the first database of which no majority of the voters arrived; empty where there is none."""
    few = next((one for one in databases if one.voters and len(one.votes) <= one.voters // 2), None)
    if few is None:
        return ""
    voters = f"{len(few.votes)} of {count(few.voters, 'voter')}"
    return f"{few.name}: {voters} arrived; whether a leader can be elected cannot be told"


def _of_fault(fault: Fault, databases: Sequence[DatabaseAnswer], problems: Mapping[str, str]) -> str:
    """The first of these that fits: with names, with the number of nodes, without what follows, in general words."""
    answer = answer_about(fault.database, fault.nodes, databases)
    before = f"{fault.database}: " if fault.database not in (None, "unknown") else ""
    after = _after(fault, answer)
    causes = [_cause(fault, answer, problems, shown) for shown in (3, 1, 0)]
    tries = [f"{before}{cause}{end}" for end in (after, "") for cause in causes]
    where = f"{count(len(fault.nodes), 'node')}: " if fault.nodes else ""
    return _first_that_fits(*tries, f"{before}{where}{_IN_GENERAL[fault.kind]}")


def _first_that_fits(*tries: str) -> str:
    """The last one where none does: nothing is cut."""
    return next((text for text in tries if len(text) <= HEADLINE_CHARS_MAX), tries[-1])


def cause_words(fault: Fault, answer: DatabaseAnswer | None, problems: Mapping[str, str]) -> str:
    """The cause in one clause, and what to suspect where every node has it."""
    shared = "; every node has it, so look for what they share (one storage, a full disk, one copy)"
    serious = fault.everywhere and fault.severity.rank <= Severity.MEDIUM.rank and fault.kind in OF_FILES
    disk = verb(len(fault.nodes), "its disk may have been full", "their disks may have been full")
    after = shared if serious else f"; {disk}" if Kind.DISK_FULL in fault.suspects else ""
    return f"{_cause(fault, answer, problems, 3)}{after}"


def _cause(fault: Fault, answer: DatabaseAnswer | None, problems: Mapping[str, str], shown: int) -> str:
    names = _in_trouble(fault, answer)
    noun = _NOUNS.get(fault.kind)
    said = problems.get(fault.findings[0]) if fault.findings else None
    if said is not None and (noun is None or not names or not _is_split(fault, answer)):
        return f"{listed(names)}: {said}" if fault.names_no_node and 0 < len(names) <= shown else said
    nodes = listed(names, shown) if shown and len(names) <= shown + 1 else count(len(names), "node")
    hold, have = verb(len(names), "holds", "hold"), verb(len(names), "has", "have")
    return (noun or _WITHOUT_FINDING[fault.kind]).format(nodes=nodes, hold=hold, have=have)


def _is_split(fault: Fault, answer: DatabaseAnswer | None) -> bool:
    """Two histories and a forced configuration are only said of nodes that they divide: else the finding tells more."""
    if fault.kind not in (Kind.FORCED_CONFIGURATION, Kind.TWO_HISTORIES):
        return True
    split = [one for one in answer.states if one.state is State.SPLITS] if answer else []
    told = (Reason.PRODUCT_FORCES, Reason.OTHER_CLUSTER)
    return any(one.reason not in told and one.node in fault.nodes for one in split)


def _in_trouble(fault: Fault, answer: DatabaseAnswer | None) -> list[str]:
    """The fault's nodes; only those that are not safe to start, where some are not."""
    unsafe = {one.node for one in answer.states if one.state is not State.SAFE} if answer else set()
    return [name for name in fault.nodes if name in unsafe] or list(fault.nodes)


def _after(fault: Fault, answer: DatabaseAnswer | None) -> str:
    """What follows from it, with its semicolon; nothing where the cause says enough."""
    if answer is None:
        return "; dqlite does not run there" if fault.worst is Consequence.NODE_DOWN else ""
    mine = [one for one in answer.states if one.node in fault.nodes]
    if fault.worst is Consequence.COMMITTED_AT_RISK:
        return _risk(mine)
    if fault.worst is Consequence.DATA_LOST:
        return "; committed data is lost"
    if fault.worst is Consequence.NO_MAJORITY:
        return _without_leader(fault, mine, answer)
    return _down(mine, answer) if fault.worst is Consequence.NODE_DOWN else _dropped(mine)


def _without_leader(fault: Fault, mine: Sequence[NodeState], answer: DatabaseAnswer) -> str:
    """A lone voter elects itself: it does not start, or nobody reaches it."""
    if answer.voters > 1 or len(answer.states) > 1:
        return "; no leader can be elected"
    if any(one.state is State.REFUSES for one in mine):
        return "; it does not start"
    return "; nobody can connect to it" if fault.kind is Kind.CERTIFICATE else ""


def _down(mine: Sequence[NodeState], answer: DatabaseAnswer) -> str:
    """Who does not start, where that is so, and who can go on."""
    names = {one.node for one in mine}
    others = [name for name in answer.safe if name not in names]
    enough = len(answer.votes & {*others}) > answer.voters // 2 and not answer.needs(names)
    going = f"; {listed(others)} can go on" if others and enough else ""
    if not mine or any(one.state is not State.REFUSES for one in mine):
        return going
    return f"; {verb(len(mine), 'it does', 'they do')} not start{going}"


def _dropped(mine: Sequence[NodeState]) -> str:
    dropped = next((one for one in mine if one.reason is Reason.DROPS_HELD_ELSEWHERE), None)
    if dropped is None:
        return ""
    return f"; its next start drops what {listed(dropped.others)} {verb(len(dropped.others), 'keeps', 'keep')}"


def _risk(mine: Sequence[NodeState]) -> str:
    """Which start is the dangerous one; none of this cluster, where the fault reaches into another one."""
    bad = [one for one in mine if one.state in (State.LOSES, State.SPLITS)]
    if not bad:
        return ""
    together = listed(sorted({bad[0].node, *bad[0].others}) if bad[0].leader else [bad[0].node])
    if bad[0].reason is Reason.OTHER_HISTORY:
        return "; start neither"
    what = "makes a second leader" if bad[0].state is State.SPLITS else "can lose committed entries"
    return f"; starting {together} {what}"


def recovery_words(answer: DatabaseAnswer) -> str:
    """Which node to recover from, or why there is none to name."""
    unknown = answer.named(State.UNKNOWN)
    if answer.course is Course.NOTHING and unknown and answer.start and answer.needs({*answer.start}):
        return f"none is needed: {listed(answer.start)} can elect a leader without {listed(unknown)}"
    elect = f"{listed(answer.start)} can {verb(len(answer.start), 'be elected', 'elect a leader')}"
    if answer.course is Course.REJOIN and {*answer.start} & {*answer.mendable}:
        return f"none is needed: {elect} once files of the product are mended, as the first steps say"
    if answer.course is Course.REJOIN and {*answer.start, *answer.follow} >= {one.node for one in answer.states}:
        return "none is needed: all nodes can be started, in the order of the first steps"
    if answer.course is Course.REJOIN and answer.start:
        return f"none is needed: {elect}; the first steps say how the others come back"
    return answer.recover_from or _RECOVERIES[answer.course]


_RECOVERIES = {
    Course.NOTHING: "none is needed",
    Course.REJOIN: "none is needed: the first steps say who is started, and how the others come back",
    Course.REPAIR: "none is needed once the files of a node are repaired, as the first steps say",
    Course.MEND: "none is needed: the data is well, and only files of the product have to be mended",
    Course.RECOVER: "cannot be told from this upload",
    Course.CHOOSE: "none yet: somebody has to decide which history goes on",
    Course.ASK: "cannot be told from this upload",
    Course.DEAD_END: "none: no directory that arrived can be used",
}


_WRITES_SHOWN = 3  # keys, or things of another product


def lost_words(lost: Lost, answer: DatabaseAnswer) -> str:
    """What is lost or at risk, in one clause: entries, what they wrote, and where they still are.

    Args:
        lost: which entries, and by whose start.
        answer: of its database: whether the first steps start these nodes with what they hold.
    """
    one = lost.first_index is not None and lost.first_index == lost.last_index
    them, are = ("it", "is") if one else ("them", "are")
    wrote = f" ({writes_words(lost.wrote, _WRITES_SHOWN)})" if lost.wrote else ""
    span = f"{entries(lost.first_index, lost.last_index)}{f' of {listed(lost.nodes)}' if lost.rival else ''}{wrote}"
    where = f"no other copy of {them} arrived"
    if lost.also_on and set(lost.also_on) <= set(lost.nodes):
        where = f"the damaged files of {listed(lost.also_on)} still hold {them}"
    elif lost.also_on:
        where = f"{listed(lost.also_on)} still {verb(len(lost.also_on), 'has', 'have')} {them}"
    if lost.certain:
        return f"{span} {are} lost; {where}"
    if lost.rival:
        return f"{span} {are} given up if the other history goes on; {where}"
    several = len(lost.nodes) > 1
    changed = {*answer.rebuilt, *(repair.node for repair in answer.repairs)}
    ordered = answer.course is not Course.ASK and {*lost.nodes} <= {*answer.start, *answer.follow} - changed
    how = "in another order than that of the first steps" if ordered else f"as {'they are' if several else 'it is'}"
    return f"{span} {are} at risk if {listed(lost.nodes)} {'are' if several else 'is'} started {how}; {where}"
