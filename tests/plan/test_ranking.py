"""Directories on which the obvious choice is wrong: what is chosen, and what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forensics.election.states import cluster_states
from forensics.facts.cluster.cluster import Cluster
from forensics.plan.checks import CheckKind, MissingLogs, Reach, State
from forensics.plan.expected_start import ExpectedStart, expected_starts
from forensics.plan.plan import Plan, plan
from forensics.plan.ranking import ObstacleKind
from forensics.plan.start import StartAdvice
from tests.made_clusters import (
    CHANGE,
    COMMAND,
    ONE,
    THREE,
    TWO,
    VOTERS,
    Entry,
    base,
    clusters_of,
    command,
    configuration,
    directory,
    history,
)
from tests.made_plans import checks_of

Files = dict[str, bytes]


def planned(files: Files) -> tuple[Cluster, Plan]:
    """The only cluster, and its plan by what each node's start would keep."""
    (cluster,) = clusters_of(files)
    made = plan(cluster, expected_starts(cluster))
    assert made is not None
    return cluster, made


def ranks(made: Plan) -> list[tuple[int, str]]:
    """(rank, node)."""
    return [(candidate.rank, candidate.node) for candidate in made.ranking]


def three(*logs: list[Entry], terms: tuple[int, int, int] = (2, 2, 2)) -> Files:
    """n1 to n3 with these logs."""
    files: Files = {}
    for name, who, log, term in zip(("n1", "n2", "n3"), (ONE, TWO, THREE), logs, terms, strict=True):
        files |= directory(name, who, log, term)
    return files


def rows(*terms: int) -> list[Entry]:
    """A bootstrap of three voters (3 entries), and a command of each of these terms."""
    return history(*[(term, f"row {number} of {term}") for number, term in enumerate(terms)])


def test_term_before_index() -> None:
    """n1 has ten entries of term 1 more; n2 and n3 one of term 2."""
    _, made = planned(three(rows(*[1] * 20), rows(*[1] * 10, 2), rows(*[1] * 10, 2)))
    assert ranks(made) == [(1, "n2"), (1, "n3"), (2, "n1")]
    assert (made.documented_choice.nodes, made.documented_choice.trap) == (("n1",), True)


def test_a_forced_configuration_does_not_count_as_term_1() -> None:
    """n1 was given a configuration by hand behind entry 13 of term 2: entry 14 carries term 1.

    Source: docs/reference/raft.md#traces-of-a-recovery
    """
    log = rows(*[2] * 10)
    forced = [*log, (1, CHANGE, configuration(*VOTERS))]
    _, made = planned(three(forced, log, log))
    assert ranks(made) == [(1, "n1"), (2, "n2"), (2, "n3")]
    assert made.ends_forced


def test_equal_candidates_share_a_rank_and_the_first_by_name_is_chosen() -> None:
    """Three equal logs."""
    log = rows(1, 1)
    _, made = planned(three(log, log, log))
    assert (ranks(made), made.node) == ([(1, "n1"), (1, "n2"), (1, "n3")], "n1")


def test_the_best_log_does_not_start() -> None:
    """leader-ahead: n1 alone has entry 86; a stray segment keeps it from starting. What to move away is told."""
    stray = "0000000000099999-0000000000100001"
    _, made = planned(base("leader-ahead") | {f"n1/{stray}": bytes(16)})
    assert ranks(made) == [(1, "n2"), (1, "n3"), (2, "n1")]
    (further,) = checks_of(made, CheckKind.GOES_FURTHER)
    assert (further.state, further.nodes) == (State.STOP, ("n1",))
    assert isinstance(further.about, Reach)
    assert (further.about.than, further.about.index) == ("n2", 86)
    assert further.about.start.proposal is not None
    assert further.about.start.proposal.files == (stray,)
    assert [member.role.value for member in made.members] == ["voter"] * 3  # n1's machine lives: it gets the copy
    assert made.never_start == ()


def test_the_only_log_does_not_start() -> None:
    """Nothing can be recovered as it is; the plan says what would help, and every tool loads the directory first."""
    _, made = planned(base("leader-ahead", ["n1"]) | {"n1/0000000000099999-0000000000100001": bytes(16)})
    assert made.ranking[0].obstacle is not None
    assert made.ranking[0].obstacle.kind is ObstacleKind.DOES_NOT_START
    (loading,) = checks_of(made, CheckKind.LOADING_FAILS)
    assert loading.state is State.STOP
    assert isinstance(loading.about, ExpectedStart)
    assert made.situation.proposal is not None
    assert made.situation.proposal is loading.about.proposal
    assert made.situation.proposal.files == ("0000000000099999-0000000000100001",)
    assert not made.steps[2].commands  # to move the file away; where to, the operator decides


def test_the_best_log_loses_its_tail_at_start() -> None:
    """leader-ahead: the last byte of entry 86 is flipped: n1's start drops it, so that all three are equal."""
    files = base("leader-ahead")
    name = max(path for path in files if path.startswith("n1/open-") and any(files[path][:64]))
    data = bytearray(files[name])
    end = max(position for position, byte in enumerate(data) if byte)
    data[end] ^= 0xFF
    cluster, made = planned(files | {name: bytes(data)})
    assert ranks(made) == [(1, "n1"), (1, "n2"), (1, "n3")]
    assert made.ranking[0].last_index == 85
    assert cluster_states(cluster).leaders(["n1", "n2", "n3"]) == ("n1", "n2", "n3")


def test_a_snapshot_ahead_of_the_log() -> None:
    """lagging: n1 without its segments still has all up to its snapshot, which n3 with a whole log has not."""
    files = base("lagging", ["n1", "n3"])
    bare = {path: data for path, data in files.items() if not path.startswith(("n1/0", "n1/open"))}
    cluster, made = planned(bare)
    newest = cluster.node("n1").newest_snapshot
    assert newest is not None
    assert (made.node, made.ranking[0].last_index) == ("n1", newest.name.index)


def test_a_stand_by_with_the_whole_log() -> None:
    """roles: the stand-bys have what the voters have; the spare has no log and is no candidate."""
    _, made = planned(base("roles", ["n4", "n7"]))
    assert ranks(made) == [(1, "n4")]
    assert [(member.node, member.role.value) for member in made.members if member.node] == [
        ("n4", "voter"),
        ("n7", "spare"),
    ]


def test_a_removed_node_is_never_chosen() -> None:
    """removed-node: n3 alone beside n1; its directory is named among those that must not be started."""
    _, made = planned(base("removed-node", ["n1", "n3"]))
    assert ranks(made) == [(1, "n1"), (2, "n3")]
    assert made.ranking[1].obstacle is not None
    assert made.ranking[1].obstacle.kind is ObstacleKind.NOT_A_MEMBER
    assert made.never_start[0] == "n3"
    assert any("Never start n3" in step.title for step in made.steps)


def test_a_sole_voter() -> None:
    """One node: start it; nothing to copy, nobody to leave behind."""
    log: list[Entry] = [(1, CHANGE, configuration((*ONE, 1))), (1, COMMAND, command("row"))]
    _, made = planned(directory("n1", ONE, log, 1))
    assert (made.start.advice, made.node, made.never_start) == (StartAdvice.SAFE, "n1", ())
    assert not any("put the recovered state" in step.title for step in made.steps)


def test_a_copy_that_went_on_by_itself() -> None:
    """A sole voter's directory, cloned, and both started: other entries of one term. What the clone has is told."""
    start: list[Entry] = [(1, CHANGE, configuration((*ONE, 1)))]
    log = [*start, *((1, COMMAND, command(f"row {number}")) for number in range(20))]
    clone = [*log[:15], *((1, COMMAND, command(f"other {number}")) for number in range(5))]
    _, made = planned(directory("n1", ONE, log, 1) | directory("clone", ONE, clone, 1))
    assert made.node == "n1"
    assert [(loss.of, loss.first, loss.last) for loss in made.own_loss] == [("clone", 16, 20)]
    assert made.never_start == ("clone",)
    assert [(check.state, check.index) for check in checks_of(made, CheckKind.DISPUTED_ENTRY)] == [(State.STOP, 16)]
    assert not checks_of(made, CheckKind.ONE_HISTORY)
    assert made.start.advice is StartAdvice.NOBODY_ELECTABLE


@pytest.mark.parametrize(
    ("nodes", "behind"),
    [
        (["n1", "n2", "n3"], None),  # three of five voters are at hand
        (["n1", "n4"], 11),  # two of five
    ],
)
def test_what_missing_nodes_may_hold(nodes: list[str], behind: int | None) -> None:
    """two-voters-down: an entry is committed when three of the five have it."""
    _, made = planned(base("two-voters-down", nodes))
    (missing,) = checks_of(made, CheckKind.LOGS_MISSING)
    assert isinstance(missing.about, MissingLogs)
    assert missing.about.may_hold_committed is (behind is not None)
    assert behind in (None, missing.about.committed)


def test_two_histories_are_equals() -> None:
    """split-brain: both are members where they are; what each gives up is told, and starting is not advised."""
    _, made = planned(base("split-brain"))
    assert ranks(made) == [(1, "n1"), (1, "n2"), (2, "n3")]
    assert made.start.advice is StartAdvice.NOBODY_ELECTABLE
    assert [(loss.node, loss.of, loss.first, loss.last) for loss in made.own_loss] == [("n1", "n2", 86, 111)]
    assert any("n2-24" in key for loss in made.own_loss for key in loss.wrote.keys)


def listing(files: Files) -> str:
    """`ls -la` of each directory."""
    lines = []
    for node in sorted({path.partition("/")[0] for path in files}):
        lines.append(f"{node}:")
        lines.append("total 100")
        names = sorted(path.partition("/")[2] for path in files if path.startswith(f"{node}/"))
        lines += [f"-rw------- 1 root root {len(files[f'{node}/{name}'])} Nov 24 10:00 {name}" for name in names]
        lines.append("")
    return "\n".join(lines)


def test_a_listing_ranks_by_the_snapshots_term_at_least(capture_plan: Callable[[str], Plan]) -> None:
    """Of n1 only names are known: its log goes on behind a snapshot of term 2, so its last term is 2 at least."""
    snapshot = {f"snapshot-2-384-1000{end}": bytes(64) for end in ("", ".meta")}
    one = {f"n1/{name}": data for name, data in snapshot.items()} | {"n1/0000000000000321-0000000000000420": bytes(900)}
    other = {f"n2/{name}": data for name, data in snapshot.items()}
    made = capture_plan(listing(one | other))
    assert [candidate.node for candidate in made.ranking] == ["n1", "n2"]


def test_a_listing_does_not_decide_what_open_segments_hold(capture_plan: Callable[[str], Plan]) -> None:
    """restored-backup before the loss: n2 and n3 had 115 entries, by names n3's end at 65 and n2's nowhere."""
    made = capture_plan(listing(base("restored-backup", ["n1", "n2", "n3-before"])))
    assert {candidate.node for candidate in made.ranking} == {"n1", "n2", "n3-before"}
    assert set(made.undecided) == {"n1", "n2", "n3-before"}
    assert [check.state for check in checks_of(made, CheckKind.OPEN_SEGMENTS_UNREAD)] == [State.STOP]
    assert not any(loss.compared for loss in made.losses)


@pytest.fixture
def capture_plan(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Plan]:
    """The plan of a pasted listing."""
    from forensics import pipeline  # noqa: PLC0415 - only here

    def make(text: str) -> Plan:
        path = tmp_path_factory.mktemp("paste") / "ls.txt"
        path.write_text(text)
        with pipeline.ingest([str(path)]) as evidence:
            (cluster,) = pipeline.gather(evidence).clusters
            made = plan(cluster, expected_starts(cluster))
        assert made is not None
        return made

    return make
