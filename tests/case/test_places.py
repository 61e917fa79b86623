"""Where each command of a first step is typed, and what stands for what in it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from forensics.case.moves import rejoin
from forensics.plan.steps import StepKind as Kind
from forensics.plan.steps.place import Place, on, running
from forensics.plan.steps.place import as_one as merged
from forensics.plan.steps.product_commands import commands_of
from forensics.report.document import Case, CaseStep
from tests.fixtures import known, names, report

_K8S = "/var/snap/k8s/common/var/lib"


def case_of(name: str) -> Case:
    """Of a fixture."""
    return known(report(name).case)


def step_of(name: str, kind: Kind) -> CaseStep:
    """The only one of its kind."""
    [step] = (step for step in case_of(name).first if step.kind is kind)
    return step


@pytest.mark.parametrize("name", names())
def test_every_command_has_its_place(name: str) -> None:
    """And every word in capitals is told: nothing is left to guess at night."""
    for step in case_of(name).first:
        placed = [command for run in step.runs for command in run.commands]
        assert set(placed) == set(step.commands)
        assert all(run.where for run in step.runs)
        assert all(run.nodes for run in step.runs if run.place is Place.NODES)
        told = {word for value in step.values for word in value.name.split("/")}
        assert {word for command in placed for word in re.findall(r"\b[A-Z]{4,}\b", command)} <= told


def test_out_on_one_that_runs_and_in_on_the_node_itself() -> None:
    """n2 contradicts the others in k8sd's log; they start before. Both databases know it: both states are moved."""
    asked, itself = step_of("sosreport/second-database-contradicts", Kind.REJOIN).runs
    assert (asked.place, asked.nodes) == (Place.RUNNING, ("n1", "n3"))
    assert [command.split()[2] for command in asked.commands] == ["kubectl", "remove-node", "get-join-token"]
    assert (itself.place, itself.nodes) == (Place.NODES, ("n2",))
    assert itself.commands[:2] == (
        f"sudo mv {_K8S}/k8s-dqlite {_K8S}/k8s-dqlite.before",
        f"sudo mv {_K8S}/k8sd/state {_K8S}/k8sd/state.before",
    )
    assert itself.commands[-1] == "sudo k8s join-cluster TOKEN"


def test_who_starts_last_starts_on_its_own_line() -> None:
    """n2's start comes after that of n1 and n3."""
    first, then = step_of("cluster/two-flipped-bits", Kind.START).runs
    assert (first.nodes, then.nodes) == (("n1", "n3"), ("n2",))
    assert first.commands == then.commands


def test_one_certificate_is_made_once() -> None:
    """A second one, made on another node, would not be the same."""
    made, put = (step for step in case_of("certificate/all-expired").first if step.kind is Kind.MEND)
    assert [run.nodes for run in made.runs] == [("n1",)]
    assert [run.place for run in put.runs] == [Place.EVERY_NODE]


def test_a_server_that_lxd_lost_by_force_is_not_simply_joined_again() -> None:
    """LXD's page on clusters: it has to be installed anew. So no command joins it."""
    step = rejoin(["n1"], commands_of("lxd"), ["n2", "n3"])
    assert step.runs == running("sudo lxc cluster list", "sudo lxc cluster remove --force NAME", nodes=["n2", "n3"])
    assert "installed anew" in step.title


def test_what_two_steps_do_alike_is_typed_once() -> None:
    """On the nodes of both; on every node, where one of them is for every node."""
    assert merged([*on(["n1"], "stop", "copy one"), *on(["n1", "n2"], "stop")]) == (
        *on(["n1", "n2"], "stop"),
        *on(["n1"], "copy one"),
    )
    assert merged([*on(["n1"], "stop"), *on((), "stop"), *running("list")]) == (*on((), "stop"), *running("list"))


def test_what_is_typed_in_one_place_stands_there_once() -> None:
    """k8sd's tarball and k8s-dqlite's archive are both copied from n1."""
    for name in ("sosreport/two-databases-down", "sosreport/one-database-down"):
        for step in case_of(name).first:
            places = [run.where for run in step.runs]
            assert all(one != other for one, other in pairwise(places)), (name, step.do, places)
