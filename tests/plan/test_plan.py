"""The choice, held against what real clusters did when they were started again."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from forensics.election.states import cluster_states
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_times import latest_write_time
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.plan.checks import CheckKind, Histories, State
from forensics.plan.plan import Plan, plan
from forensics.plan.start import StartAdvice
from forensics.plan.steps import StepKind
from tests.fixtures import fixture, known, report
from tests.made_clusters import BASES, ONE, THREE, TWO, base, clusters_of, directory, gather, history, only_cluster


def recorded() -> list[tuple[str, dict[str, Any]]]:
    """Every restart of every recording."""
    found = []
    for path in sorted(BASES.glob("*.toml")):
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [(path.stem, restart) for restart in manifest.get("restart", [])]
    return found


RESTARTS = recorded()


def nodes_of(base: str) -> dict[str, Node]:
    """Nodes by their directory in the recording."""
    return {node.state.path.partition("/")[2]: node for node in gather(base).nodes()}


@pytest.mark.parametrize(
    ("base", "restart"), RESTARTS, ids=[f"{base}: {restart['title']}" for base, restart in RESTARTS]
)
def test_who_led_is_who_could_be_elected(base: str, restart: dict[str, Any]) -> None:
    """Whoever led was allowed to by the directories; and where nobody led, nobody was."""
    if restart.get("forced"):
        return  # the next test
    nodes = nodes_of(base)
    started = {name: nodes[name] for name in restart["started"]}
    clusters = build_clusters(started.values())
    allowed = {name for cluster in clusters for name in cluster_states(cluster).leaders(started_names(cluster))}
    led = {started[name].name for name in restart["leaders"]}
    assert led <= allowed
    assert bool(led) == bool(allowed)


def started_names(cluster: Cluster) -> list[str]:
    """Of all directories."""
    return [node.name for node in cluster.nodes]


def test_there_are_restarts_to_check() -> None:
    """The recordings are there, and cover those where nobody led."""
    assert len(RESTARTS) >= 45
    assert sum(not restart["leaders"] for _, restart in RESTARTS) >= 5


def the_plan(cluster: Cluster) -> Plan:
    """It exists."""
    made = plan(cluster)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("base", "nodes"),
    [
        ("s111", ["n2", "n3"]),  # term before index: n1 has the older term
        ("p111", ["n1", "n2"]),
        ("old-leader", ["n2", "n3"]),
        ("leader-ahead", ["n1"]),  # equal terms: the longer log
        ("forced-recovery", ["n1"]),
        ("removed-node", ["n1", "n2", "n4"]),
        ("two-voters-down", ["n1", "n2", "n3"]),
        ("roles", ["n1", "n2", "n3", "n4", "n5", "n6"]),  # a stand-by has the whole log
    ],
)
def test_candidates(base: str, nodes: list[str]) -> None:
    """Equal ones share rank 1; the first by name is chosen."""
    made = the_plan(only_cluster(base))
    assert [candidate.node for candidate in made.ranking if candidate.rank == 1] == nodes
    assert made.node == nodes[0]


@pytest.mark.parametrize(("base", "chosen", "other"), [("old-leader", "n2", "n1"), ("two-voters-down", "n1", "n5")])
def test_forced_alone_the_choice_kept_more(base: str, chosen: str, other: str) -> None:
    """The recordings forced both: the one that the plan chooses kept every row, the other did not."""
    manifest = tomllib.loads((BASES / f"{base}.toml").read_text(encoding="utf-8"))
    rows = {moment["moment"]: moment["rows"]["k8s.kine"] for moment in manifest["moment"]}
    by_node = {
        restart["forced"][0]: rows[restart["moment"]] for restart in manifest["restart"] if restart.get("forced")
    }
    assert the_plan(only_cluster(base)).node == chosen
    assert by_node[chosen] > by_node[other]


@pytest.mark.parametrize(
    "base",
    [
        "old-leader",
        "leader-ahead",
        "forced-recovery",
        "removed-node",
        "address-change",
        "replaced-node",
        "copied-directory",
        "two-voters-down",
        "roles",
        "misleading-segments",
        "restored-backup",
        "split-brain",
    ],
)
def test_no_real_restart_kept_more_than_that_of_the_choice(base: str) -> None:
    """Each recording started its directories in several ways: led by (or forced on) the choice, every row was there."""
    manifest = tomllib.loads((BASES / f"{base}.toml").read_text(encoding="utf-8"))
    rows = {moment["moment"]: moment["rows"].get("k8s.kine", 0) for moment in manifest["moment"]}
    made = the_plan(only_cluster(base))
    best = {candidate.node for candidate in made.ranking if candidate.rank == 1}
    kept = {"the choice": 0, "any": 0}
    for restart in manifest["restart"]:
        count = rows.get(restart["moment"], 0)
        kept["any"] = max(kept["any"], count)
        if best & set(restart["leaders"]):
            kept["the choice"] = max(kept["the choice"], count)
    assert kept["the choice"] == kept["any"] > 0


@pytest.mark.parametrize(("started", "rows"), [(["n1", "n2"], 78), (["n3"], 38)])
def test_two_bootstraps_are_planned_apart(started: list[str], rows: int) -> None:
    """Each cluster by itself: its own choice led when it was really started, with all of its own rows."""
    manifest = tomllib.loads((BASES / "two-bootstraps.toml").read_text(encoding="utf-8"))
    (restart,) = [restart for restart in manifest["restart"] if restart["started"] == started]
    (moment,) = [moment for moment in manifest["moment"] if moment["moment"] == restart["moment"]]
    clusters = [
        cluster for cluster in gather("two-bootstraps").clusters if set(started) <= {n.name for n in cluster.nodes}
    ]
    (cluster,) = clusters
    made = the_plan(cluster)
    assert made.node == started[0]
    assert set(restart["leaders"]) <= {candidate.node for candidate in made.ranking if candidate.rank == 1}
    assert moment["rows"]["k8s.kine"] == rows


def test_cost_in_entries_and_keys() -> None:
    """README of the data: what node 1 alone holds at 309 is an insert of /registry/uncommitted/1."""
    made = the_plan(only_cluster("s111"))
    (lost,) = [loss for loss in made.losses if loss.node == "n1"]
    assert (lost.first, lost.last, lost.committed) == (309, 340, 340)
    (given_up,) = made.own_loss
    assert (given_up.first, given_up.last, given_up.committed, given_up.wrote.keys) == (
        309,
        309,
        None,
        ("/registry/uncommitted/1",),
    )


def test_the_pages_pick_by_the_closed_segment() -> None:
    """ONE was stopped cleanly at 13 in term 1; TWO and THREE went on in term 2, in open segments."""
    old = history(*[(1, f"row {number}") for number in range(10)])
    new = [*old[:9], *history(*[(2, f"new {number}") for number in range(6)])[3:]]
    files = directory("n1", ONE, old, 1)
    for name, who in (("n2", TWO), ("n3", THREE)):
        closed = directory(name, who, new, 2)
        path = next(path for path in closed if "-" in path.rpartition("/")[2])
        closed[f"{name}/open-1"] = closed.pop(path) + bytes(4096)
        files |= closed
    (cluster,) = clusters_of(files)
    made = the_plan(cluster)
    assert (made.node, made.documented_choice.end, made.documented_choice.nodes, made.documented_choice.trap) == (
        "n2",
        13,
        ("n1",),
        True,
    )


def test_two_histories_stop_the_plan() -> None:
    """Whatever is chosen, the other side's committed writes are lost."""
    made = the_plan(only_cluster("split-brain"))
    first = made.checks[0]
    assert (first.state, first.kind) == (State.STOP, CheckKind.SEVERAL_HISTORIES)
    assert isinstance(first.about, Histories)
    assert {node for side in first.about.sides for node in side} == {"n1", "n2"}


@pytest.mark.parametrize(("base", "never"), [("healthy", ()), ("forced-recovery", ("n2", "n3"))])
def test_nothing_is_forced_where_a_start_will_do(base: str, never: tuple[str, ...]) -> None:
    """Those whom a recovery left behind are not to be started: together they elected n2 and dropped what n1 had."""
    made = the_plan(only_cluster(base))
    assert (made.start.advice, made.start.never) == (StartAdvice.SAFE, never)
    assert set(made.start.electable) <= {member.node for member in made.members}


def test_a_start_that_drops_committed_entries_is_not_advised() -> None:
    """n2 and n3 are at older states than the snapshot of n1 proves committed, and would elect n2 among themselves. With
    n3 away, n2 votes for n1, and nothing has to be forced.
    """
    [upload] = report("cluster/restored-backups").clusters
    recovery = known(upload.recovery)
    assert recovery.node == "n1"
    assert (recovery.start_advice, recovery.start_first, recovery.may_lead) == ("safe", True, ("n1",))
    assert "n3 once they have a leader" in known(recovery.instead)


def test_the_plan_has_the_order_of_the_first_steps() -> None:
    """All three are safe; the start of n1 drops 385 to 414, which n2 and n3 keep: they are first."""
    document = report("cluster/open-behind-damage")
    [cluster] = document.clusters
    [step] = [one for one in known(document.case).first if one.kind is StepKind.START]
    assert (step.nodes, step.then) == (("n2", "n3"), ("n1",))
    assert "Start n2 and n3 first, and n1 once they have a leader" in known(known(cluster.recovery).instead)


def test_the_plan_names_what_keeps_the_members_apart() -> None:
    """By their logs all three can be elected; with certificates that have expired nobody is."""
    document = report("certificate/three-of-three-expired")
    [cluster], [fault, *_] = document.clusters, known(document.case).faults
    assert fault.kind is FaultKind.CERTIFICATE
    assert fault.cause in known(known(cluster.recovery).instead)


def test_where_only_those_are_left_that_lack_it() -> None:
    """The same, and n1, whose snapshot is the proof, does not start: its metadata is of no known format."""
    deleted = {change.file for change in fixture("cluster/restored-backups").changes}
    files = {path: data for path, data in base("lagging").items() if path not in deleted}
    files |= {f"n1/metadata{number}": b"\x07" + bytes(31) for number in (1, 2)}
    (cluster,) = clusters_of(files)
    start = the_plan(cluster).start
    assert (start.advice, start.first, start.lost) == (StartAdvice.UNSAFE, (), (1473, 2048))
    assert start.unsafe == ("n2",)  # n3 ends before it


def test_lost_members_become_spares_for_canonical_kubernetes() -> None:
    """cluster-recover wants every member, the lost ones with role 2 (restore-quorum.md)."""
    base = gather("healthy").nodes()
    (cluster,) = build_clusters([node for node in base if node.name == "n1"])
    made = the_plan(cluster)
    assert [(member.node, member.role.value) for member in made.members] == [
        ("n1", "voter"),
        (None, "spare"),
        (None, "spare"),
    ]
    assert made.cluster_yaml.count("Role: 2") == 2
    assert "--skip-k8sd" in made.steps[2].commands[0]


def test_what_a_start_would_drop_does_not_count() -> None:
    """A flipped bit in n2's last segment: its start keeps 385 entries of 414, so n1 and n3 are ahead of it."""
    ranking = known(report("segment/flipped-bit-last").clusters[0].recovery).ranking
    assert [(row.rank, row.node) for row in ranking] == [(1, "n1"), (1, "n3"), (2, "n2")]


def test_a_node_that_would_renumber_entries_is_no_candidate() -> None:
    """An open segment is lost before another: n1's start gives what follows wrong indexes.

    Source: docs/reference/start.md#loading-segments
    """
    ranking = known(report("segment/open-shift-zeroed").clusters[0].recovery).ranking
    assert ranking[-1].node == "n1"
    assert ranking[-1].obstacle


def test_a_listing_gives_no_certainties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """start/listing-gap: a term, members and content that nobody has seen are not told as known, nor as well."""
    [change] = fixture("start/listing-gap").changes
    (tmp_path / "ls.txt").write_text(change.text)
    assert main(["plan", str(tmp_path / "ls.txt")]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "None" not in text
    assert "NO NODE CAN BE RECOVERED FROM AS IT IS; NEAREST: n1" in text
    assert "index 300 (its term is not known)" in text
    assert main(["plan", "--format", "json", str(tmp_path / "ls.txt")]) == 0
    [plan] = json.loads(capsys.readouterr().out)
    states = {check["kind"]: check["state"] for check in plan["recovery"]["checks"]}
    assert states["no-configuration"] == states["history-unknown"] == "look"
    assert not {"all-logs", "one-history"} & states.keys()


def test_what_open_segments_may_hold_is_not_called_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two listings, 414 and 384 by the names of closed segments: the open ones may hold what is behind."""
    row = "-rw------- 1 root root {} Nov 23 13:00 {}\n"
    names = {"n1": "0000000000000001-0000000000000384", "n2": "0000000000000001-0000000000000414"}
    text = "".join(
        f"root@{node}:/var/lib/lxd/database/global# ls -l\n"
        + row.format(1182464, name) + row.format(32, "metadata1") + row.format(8388608, "open-7")
        for node, name in names.items()
    )  # fmt: skip
    (tmp_path / "ls.txt").write_text(text)
    assert main(["plan", str(tmp_path / "ls.txt")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "n1 lacks at most 30 entries (385 to 414), fewer where files hold some whose content did not arrive" in told
    assert "0000000000000415" not in told
    main(["analyze", str(tmp_path / "ls.txt")])
    assert "not everything arrived" in " ".join(capsys.readouterr().out.split())


def test_by_when_the_lost_entries_were_written() -> None:
    """misleading-segments: what n2 lacks was written after n2's last write, and by the last write of who has it."""
    made = the_plan(only_cluster("misleading-segments"))
    nodes = nodes_of("misleading-segments")
    (lost,) = [loss for loss in made.losses if loss.node == "n2"]
    assert lost.by is not None
    assert lost.by.time >= max(part.file.mtime or 0.0 for part in nodes["n2"].log.closed)
    assert lost.by.time == max(part.file.mtime or 0.0 for part in nodes[made.node].log.open)


def test_file_times_of_a_copy_tell_nothing() -> None:
    """The same log, all of its files of one time."""
    node = nodes_of("misleading-segments")["n1"]
    assert latest_write_time(node, 1) is not None
    log = replace(
        node.log,
        closed=tuple(replace(part, file=replace(part.file, mtime=1.7e9)) for part in node.log.closed),
        open=tuple(replace(part, file=replace(part.file, mtime=1.7e9)) for part in node.log.open),
    )
    assert latest_write_time(replace(node, log=log), 1) is None
