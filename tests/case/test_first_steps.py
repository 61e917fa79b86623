"""What to do first: courses, nodes and steps, worked out by hand from what each fixture says was done to it."""

from __future__ import annotations

import shlex
import tarfile
from pathlib import Path

import pytest

from forensics.case.answer import Course
from forensics.case.cures import BY_KIND
from forensics.cli import main
from forensics.election.state import Reason, State
from forensics.fault_kind import FaultKind
from forensics.plan.steps import StepKind as Kind
from forensics.report.document import Case
from forensics.severity import Severity
from tests.fixtures import known, report
from tests.made_clusters import BASES
from tests.repair.test_repair import upload

SAVE, START, REJOIN, MEND, COLLECT = Kind.SAVE, Kind.START, Kind.REJOIN, Kind.MEND, Kind.COLLECT
RETURN = Kind.RETURN
FORCE, SPREAD = Kind.FORCE, Kind.SPREAD

EXPECTED: list[tuple[str, list[Course], list[str | None], list[Kind]]] = [
    # one of three nodes is damaged, the two others are whole: nothing is forced
    ("segment/flipped-bit-last", [Course.NOTHING], [None], [SAVE, START]),  # self-repair drops what n1 and n3 keep
    ("segment/flipped-bit-middle", [Course.REJOIN], [None], [SAVE, START, RETURN]),  # n2, once its bit is set back
    ("segment/open-shift-zeroed", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1 would renumber entries
    ("segment/first-missing", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    ("segment/founding-segment-gone", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1's would be renumbered
    ("segment/swapped-beside-whole", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1 does not start
    # without 464 to 909, n3 would start with these entries as 1187 to 1632, and in the leader's term keep them
    ("cluster/swapped-open-segment", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    ("cluster/exchanged-first-segments", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1 does not start
    ("cluster/exchanged-full-segments", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n1's are not the others'
    ("cluster/exchanged-with-the-first", [Course.REJOIN], [None], [SAVE, START, RETURN]),  # n1, without the two
    # n1 would keep entries under wrong indexes; n3 drops what n2 keeps, and votes for it
    ("cluster/indexes-of-ten-more", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    # n1 would go on alone with entry 1, so it never follows with its old directory; n2 gets what n3 has
    ("cluster/two-short-names", [Course.REPAIR], [None], [SAVE, Kind.REPAIR, START, REJOIN]),
    ("cluster/name-of-two-more", [Course.REJOIN], [None], [SAVE, START]),  # n2 has all; n1 votes for it, n3 follows
    ("snapshot/data-flipped", [Course.REJOIN], [None], [SAVE, START, RETURN]),
    ("metadata/lost-founder", [Course.NOTHING], [None], [SAVE, START]),  # recorded: the second start of n1 goes on
    ("metadata/lost-founder-needed", [Course.NOTHING], [None], [SAVE, START]),
    ("metadata/swapped", [Course.NOTHING], [None], [SAVE, START]),  # both files are whole, and n2 starts
    ("metadata/voter-without-log", [Course.NOTHING], [None], [SAVE, START]),  # n1 and n2 send it everything
    ("metadata/founder-without-log", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # with entry 1 it elects itself
    ("metadata/two-voters-without-log", [Course.RECOVER], ["n1"], [SAVE, FORCE, SPREAD, START]),  # neither votes
    ("metadata/voter-without-log-beside-a-laggard", [Course.REJOIN], [None], [SAVE, START]),  # n1 beside n2, n3 last
    ("metadata/two-lost", [Course.NOTHING], [None], [SAVE, START]),  # no majority without them
    ("metadata/longest-log-without", [Course.ASK], [None], [COLLECT, COLLECT]),  # n3 and n2 elect nobody
    ("cluster/altered-entry", [Course.REJOIN], [None], [SAVE, START, REJOIN]),
    # n2 and n3 would elect each other without 1473 to 2048; beside n1, n2 votes for n1 and gets them
    ("cluster/restored-backups", [Course.REJOIN], [None], [SAVE, START]),
    ("cluster/newer-term-forgotten", [Course.REJOIN], [None], [SAVE, START]),  # n3 has 86 to 106, and leads n2
    # n1 or n3 voted for n2 in term 2: beside n2, n3 votes for it and gets 66 to 115, and n1 follows
    ("cluster/forgotten-vote-without-metadata", [Course.REJOIN], [None], [SAVE, START]),
    ("cluster/forced-recovery", [Course.REJOIN], [None], [SAVE, START, REJOIN]),  # n2 and n3 have the old members
    (  # whether 88 to 117 of n1 or the end of n2 and n3 is committed, no file tells
        "cluster/hole-where-voters-changed",
        [Course.CHOOSE],
        [None],
        [SAVE, Kind.EXPORT, Kind.DECIDE, Kind.RESTORE, REJOIN],
    ),
    ("cluster/split-brain", [Course.CHOOSE], [None], [SAVE, Kind.EXPORT, Kind.DECIDE, REJOIN]),
    ("snapshot/newest-empty-everywhere", [Course.NOTHING], [None], [SAVE, MEND, START]),  # what they share comes first
    ("cluster/two-flipped-bits", [Course.REJOIN], [None], [SAVE, START]),  # n1 has all; n2 and n3 follow it
    ("cluster/zeros-beside-a-laggard", [Course.REJOIN], [None], [SAVE, START]),  # the same with n2
    # a majority does not start, or lost its end: what loses nothing comes before what is forced
    ("cluster/three-flipped-bits", [Course.REPAIR], [None], [SAVE, MEND, Kind.REPAIR, START]),
    ("cluster/two-snapshots-cut", [Course.REPAIR], [None], [SAVE, Kind.MOVE_AWAY, START, RETURN]),
    ("segment/single-flipped-bit", [Course.REPAIR], [None], [SAVE, Kind.REPAIR, START]),
    # n2 and n3 would begin with another entry than the founder's: n5 has what they lack
    ("cluster/first-segments-cut", [Course.REPAIR], [None], [SAVE, Kind.REPAIR, START]),
    # what is damaged on n2 and n3 lies intact on another node each time
    ("cluster/damaged-on-two-of-three", [Course.REPAIR], [None], [SAVE, Kind.REPAIR, START]),
    # each start ends at 65; n1 and n3 forgot that somebody led in term 2, n2 has 67 to 115 behind damage
    ("cluster/newest-term-behind-damage", [Course.RECOVER], ["n1"], [SAVE, Kind.EXPORT, FORCE, SPREAD, START]),
    ("cluster/recovered-node-cut", [Course.RECOVER], ["n1"], [SAVE, Kind.RESTORE, Kind.ACCEPT_LOSS]),  # n1 alone had it
    ("segment/single-zeros", [Course.RECOVER], ["n1"], [SAVE, Kind.RESTORE, Kind.ACCEPT_LOSS]),
    # the only segment of n2 and of n3 is gone: nothing of theirs can be started, so n1 is recovered from
    ("sosreport/one-database-down", [Course.RECOVER, Course.NOTHING], ["n1", None], [SAVE, FORCE, SPREAD, START]),
    ("sosreport/two-databases-down", [Course.RECOVER, Course.RECOVER], ["n1", "n1"], [SAVE, FORCE, SPREAD, START]),
    # no fault: nothing to do
    ("cluster/leader-ahead", [Course.NOTHING], [None], []),
    ("cluster/roles", [Course.NOTHING], [None], []),
    ("healthy/stopped-111", [Course.NOTHING], [None], []),
    # causes that are not raft's
    ("certificate/all-expired", [Course.NOTHING], [None], [MEND, MEND, START]),
    ("certificate/other-key", [Course.MEND], [None], [MEND, START]),
    # the truststores do not know these certificates either: one cause, and no list of members is wrong
    ("certificate/three-of-three-expired", [Course.NOTHING], [None], [MEND, START]),
    # the lists of members are compared on one that runs and has a leader: after the start
    ("certificate/expired-in-truststore", [Course.NOTHING], [None], [MEND, MEND, START, MEND]),
    ("microcluster/other-address", [Course.MEND], [None], [SAVE, MEND, START]),  # one address, in two places
    ("cluster/foreign-id", [Course.NOTHING], [None], [MEND, Kind.WATCH]),
    (
        "control/init-with-state",
        [Course.ASK],
        [None],
        [MEND, COLLECT, COLLECT],
    ),  # the file is moved, not deleted; whether the log can be started is not known
    ("cluster/moved-address", [Course.NOTHING], [None], [SAVE, MEND, START]),
    ("cluster/copied-directory", [Course.NOTHING], [None], [SAVE, Kind.DECIDE, REJOIN, Kind.WATCH]),
    ("cluster/removed-node", [Course.NOTHING], [None], [SAVE, Kind.LEAVE_BEHIND, Kind.WATCH]),
    ("kine/compacted-ahead", [Course.NOTHING], [None], [Kind.DECIDE, Kind.WATCH]),
    # logs of a machine alone
    ("journal/disk-full", [], [], [MEND, START]),
    ("journal/clock-skew", [], [], [COLLECT]),  # low, and no state directory arrived
    ("journal/crash", [], [], [SAVE, MEND, START]),
    # what arrived does not decide: the rest is collected
    ("host/disk-full", [Course.ASK], [None], [MEND, COLLECT, COLLECT]),
    ("control/pending-update", [Course.ASK], [None], [SAVE, Kind.DECIDE, COLLECT, COLLECT]),
    ("start/listing-gap", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("start/journal-agrees", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("sosreport/yaml-only", [Course.ASK], [None], [COLLECT, COLLECT]),
    ("shape/huge-snapshot", [Course.ASK], [None], [COLLECT, COLLECT, COLLECT, Kind.WATCH]),
    # the only voter: its second start goes on with all that it has
    ("start/founder-without-metadata", [Course.NOTHING], [None], [SAVE, START]),
    # two databases on the same machines
    ("sosreport/flipped-bit", [Course.REJOIN, Course.NOTHING], [None, None], [SAVE, START, RETURN]),
]


def case_of(name: str) -> Case:
    """Of a fixture."""
    return known(report(name).case)


@pytest.mark.parametrize(("name", "courses", "nodes", "kinds"), EXPECTED, ids=[name for name, *_ in EXPECTED])
def test_the_first_steps(name: str, courses: list[Course], nodes: list[str | None], kinds: list[Kind]) -> None:
    """As data: what each database needs, from which node, and which steps in which order."""
    case = case_of(name)
    assert [answer.course for answer in case.recover_from] == courses
    assert [answer.node for answer in case.recover_from] == nodes
    assert [step.kind for step in case.first] == kinds


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_two_to_five_steps_where_something_is_wrong(name: str) -> None:
    """And none that says nothing."""
    case = case_of(name)
    serious = [fault for fault in case.faults if fault.severity.rank <= Severity.MEDIUM.rank]
    assert not serious or 2 <= len(case.first) <= 5
    assert all(step.do for step in case.first)


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_a_copy_comes_before_anything_is_given_up(name: str) -> None:
    """Who joins again, accepts a loss or is recovered from has been copied."""
    kinds = [step.kind for step in case_of(name).first]
    for drops in (REJOIN, Kind.FORCE, Kind.SPREAD, Kind.ACCEPT_LOSS, Kind.MOVE_AWAY):
        assert drops not in kinds or SAVE in kinds[: kinds.index(drops)]


def test_the_damaged_node_is_started_last() -> None:
    """n2's start drops entries that n1 and n3 keep: these two elect a leader first."""
    save, start = case_of("segment/flipped-bit-last").first
    assert save.node == "n2"
    assert "n1 and n3" in start.do
    assert start.node is None


def test_who_lost_its_log_is_started_last() -> None:
    """n2 leads n1, that ends at 309 of term 1; n3, that had acknowledged 309 to 340 of term 2, could elect n1 later."""
    case = case_of("metadata/voter-without-log-beside-a-laggard")
    states = {one.node: (one.state, one.reason) for one in case.nodes}
    unsafe = (State.LOSES, Reason.FORGOT_LOG)
    assert states == {"n1": unsafe, "n2": (State.SAFE, Reason.WHOLE), "n3": unsafe}
    assert [(one.first_index, one.last_index, one.also_on) for one in case.lost] == [(309, 340, ("n2",))]
    assert case.first[-1].do.startswith("Start n1 and n2, wait until there is a leader")
    assert case.first[-1].do.endswith("Then start n3")


def test_a_majority_is_not_safe_where_the_voters_may_have_changed() -> None:
    """n1 was made the only voter with entry 87, wrote 88 to 117, and lost 87; n2 and n3 end at 86."""
    case = case_of("cluster/hole-where-voters-changed")
    states = {one.node: (one.state, one.reason) for one in case.nodes}
    unsafe = (State.LOSES, Reason.UNKNOWN_VOTERS)
    assert states == {"n1": (State.REFUSES, Reason.DQLITE_REFUSES), "n2": unsafe, "n3": unsafe}
    assert [(one.first_index, one.last_index) for one in case.lost] == [(87, 117)]
    assert Kind.START not in [step.kind for step in case.first[:2]]


def test_of_the_fewest_repairs_those_are_made_that_lose_least() -> None:
    """n1 and n3 lose nothing; n2 would lose 386 to 414, the whole of its last segment: it gets them from these two."""
    _, look, repair, start, back = case_of("cluster/repair-that-loses-least").first
    assert [step.kind for step in (look, repair, start, back)] == [MEND, Kind.REPAIR, START, RETURN]
    assert [run.nodes for run in repair.runs if run.nodes] == [("n1",), ("n3",)]
    assert start.do.partition(",")[0] == "Start n1 and n3"
    assert back.node == "n2"


def test_five_steps_and_the_last_one_is_not_cut() -> None:
    """All three nodes are damaged: what they share, two repairs, the start, and the third repair."""
    kinds = [step.kind for step in case_of("cluster/format-zeroed-everywhere").first]
    assert kinds == [SAVE, MEND, Kind.REPAIR, START, RETURN]


def test_nobody_waits_for_a_leader_that_cannot_be() -> None:
    """n2 and n3 have no metadata, and n1 alone is no majority of three: all are started at once."""
    case = case_of("metadata/two-lost")
    reasons = {one.node: one.reason for one in case.nodes}
    assert reasons["n2"] is reasons["n3"] is Reason.NO_METADATA_IN_MAJORITY
    assert case.first[-1].do == "Start n1, n2 and n3, and wait until there is a leader"


def test_every_kind_of_fault_has_a_cure() -> None:
    """No fault stands there without a first step."""
    assert BY_KIND.keys() == set(FaultKind)


@pytest.mark.parametrize("name", ["segment/gap", "casebook/dqlite-194"])
def test_no_command_of_a_product_that_was_not_recognised(name: str) -> None:
    """A directory of an unknown application; lines of an unknown service."""
    steps = case_of(name).first
    assert steps
    assert not [command for step in steps for command in step.commands if not command.startswith("dqlite-forensics ")]


def test_the_commands_of_the_product_that_a_log_is_of() -> None:
    """No directory arrived, but the lines are of the unit snap.k8s.k8s-dqlite."""
    steps = case_of("journal/crash").first
    assert steps[0].commands[0] == "sudo snap stop k8s"


def test_one_order_for_two_databases() -> None:
    """Stop once, copy both, one command without a flag that skips one, start once (restore-quorum.md)."""
    save, force, _, start = case_of("sosreport/two-databases-down").first
    assert [command.split()[1:3] for command in save.commands] == [["snap", "stop"], ["tar", "-czf"], ["tar", "-czf"]]
    assert len(set(save.commands)) == 3
    [command] = force.commands
    assert "cluster-recover" in command
    assert "--skip" not in command
    assert start.commands.count("sudo snap start k8s") == 1


def test_the_database_that_is_whole_is_skipped() -> None:
    """Only k8s-dqlite is recovered on these machines."""
    [command] = case_of("sosreport/one-database-down").first[1].commands
    assert command.count("--skip-k8sd ") == 1


def test_the_bit_that_is_set_back(tmp_path: Path) -> None:
    """Bit 3 of byte 20000 was flipped: what the step has typed writes the byte that stood there, and no other."""
    step = next(step for step in case_of("segment/single-flipped-bit").first if step.kind is Kind.REPAIR)
    program, *typed = shlex.split(step.commands[0])
    out = tmp_path / typed[-1]
    typed = [str(upload(tmp_path, "segment/single-flipped-bit")) if one == "UPLOAD" else one for one in typed[:-1]]
    assert (program, main([*typed, str(out)])) == ("dqlite-forensics", 0)
    with tarfile.open(BASES / "single.tar.xz") as archive:
        assert (out / "open-1").read_bytes() == known(archive.extractfile("single/n1/open-1")).read()
    assert [command.split()[1] for command in step.commands[1:]] == ["mv", "cp", "find", "chown", "chmod", "sh"]


def test_who_has_all_is_copied_too_where_the_others_lose_it() -> None:
    """n1 alone keeps 386 to 414 until the others have got them again."""
    save, start = case_of("cluster/two-flipped-bits").first
    assert "n1, n2 and n3" in save.do
    assert start.do.startswith("Start n1 and n")


def test_what_is_moved_away_loses_nothing() -> None:
    """n2's older snapshot is whole, and its log follows it: the newest pair can go."""
    step = next(step for step in case_of("cluster/two-snapshots-cut").first if step.kind is Kind.MOVE_AWAY)
    assert step.node == "n2"
    assert [command.rpartition("/k8s-dqlite/")[2] for command in step.commands] == [
        "snapshot-2-384-2031904 /root/",
        "snapshot-2-384-2031904.meta /root/",
    ]


@pytest.mark.parametrize(
    ("number", "follows", "refused"),
    [
        ("one", "n1 and n2 can go on", ["n3"]),
        ("two", "no leader can be elected", ["n1", "n3"]),  # n2 is one of three
        ("three", "no leader can be elected", ["n1", "n2", "n3"]),
    ],
)
def test_members_that_the_others_refuse_cost_the_majority(number: str, follows: str, refused: list[str]) -> None:
    """Their directories are well, but nobody goes on alone; and their own certificate is renewed, not the shared."""
    case = case_of(f"certificate/{number}-of-three-expired")
    assert case.headline.endswith(f"; {follows}")
    assert list(case.faults[0].nodes) == refused
    renews = [command for command in case.first[0].commands if "openssl" in command or " cp " in command]
    assert renews
    assert not [command for command in renews if "server.crt" not in command]


@pytest.mark.parametrize(
    ("name", "follows"),
    [
        ("certificate/expired", "nobody can connect to it"),  # the only voter elects itself
        ("certificate/expired-members-absent", "no leader can be elected"),  # one directory of three voters
    ],
)
def test_a_node_that_starts_is_not_said_not_to(name: str, follows: str) -> None:
    """Dqlite starts with an expired certificate: only connections fail."""
    assert case_of(name).headline.endswith(f"; {follows}")


def test_two_databases_get_a_certificate_each() -> None:
    """What is signed with one database's key goes into no other's directory, and is kept beside no other's."""
    sign, spread, _ = case_of("certificate/all-expired-two-databases").first
    lines = [words for step in (sign, spread) for command in step.commands if len(words := command.split()) > 2]
    made = {words[-1]: words[words.index("-in") + 1] for words in lines if "-out" in words}
    placed = {words[-2]: words[-1] for words in lines if words[1] == "cp" and "-a" not in words}
    kept = {words[-1]: words[-2] for words in lines if words[1:3] == ["cp", "-a"]}
    assert made == placed
    assert sorted(kept.values()) == sorted(made.values())
    assert len(made) == len(kept) == 2
    sent = [words[-2] for words in lines if words[1] == "scp"]
    order = [words[-1] if "-out" in words else words[-2] for words in lines if "-out" in words or words[1] == "scp"]
    assert order == [name for name in sent for _ in range(2)]  # each is made, then sent


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cluster/open-behind-damage", "; do not start it before step 2; n2 and n3 may run meanwhile"),
        ("cluster/two-flipped-bits", "; start none of them before step 2"),
        ("cluster/forced-recovery", "; do not start n1 before step 2; do not start n2 and n3 before step 3"),
        ("cluster/recovered-node-cut", "; do not start it before step 3"),  # n3 is no member: of no use meanwhile
    ],
)
def test_who_stays_stopped_and_until_when(name: str, told: str) -> None:
    assert case_of(name).first[0].do.endswith(told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cluster/forced-recovery", "if n2 and n3 are started as they are"),  # they have the old configuration
        ("cluster/two-flipped-bits", "if n2 and n3 are started in another order than that of the first steps"),
        ("cluster/three-flipped-bits", "if n1, n2 and n3 are started as they are"),  # none before the repair of n1
    ],
)
def test_at_risk_by_which_start(name: str, told: str) -> None:
    """Who comes back with its data comes in an order; who comes back without never starts with it."""
    [lost] = case_of(name).lost
    assert told in lost.what


def test_nobody_is_taken_out_who_is_not_gone() -> None:
    """Three members, and all of them arrived: the command that takes one out has its condition."""
    [look] = [step for step in case_of("cluster/foreign-id").first if step.kind is MEND]
    assert [run.place for run in look.runs for command in run.commands if "remove" in command] == ["for-gone"]


def test_one_fact_is_told_once() -> None:
    """n3's cluster.yaml differs by the one ID that was never a member."""
    assert [found.kind for found in report("cluster/foreign-id").findings] == ["CLU010.never-a-member"]
