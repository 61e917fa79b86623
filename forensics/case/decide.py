"""The whole case: every database decided, findings merged into faults, one order of steps for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from forensics.barrier import stage
from forensics.case.answer import Answers, Course, DatabaseAnswer, Need, Told, Wanted
from forensics.case.course import database_answer
from forensics.case.faults import faults_of
from forensics.case.order import first_steps
from forensics.election.state import NodeState, Reason, State
from forensics.election.states import cluster_states, unknown_states
from forensics.facts.cluster.build import settled
from forensics.facts.cluster.claimed import claimed
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.plan.expected_start import expected_starts
from forensics.plan.plan import plan

Rebuild = Callable[[Cluster, DatabaseAnswer], tuple[str, ...]]
"""For whom a directory can be put together that holds everything: forensics/repair/offer.py knows."""


def decide_databases(case: Case, rebuild: Rebuild, *, deep: bool = False) -> tuple[DatabaseAnswer, ...]:
    """Each database by itself, from facts alone; `deep` names what is lost also where databases are large."""
    return tuple(_apart(_database(case, cluster, rebuild, deep=deep), case, cluster) for cluster in case.clusters)


_STUCK = frozenset({Course.RECOVER, Course.DEAD_END, Course.CHOOSE})


def _apart(answer: DatabaseAnswer, case: Case, cluster: Cluster) -> DatabaseAnswer:
    """The answer with the nodes held back that would run in another cluster's place, however well they are."""
    others = {one.node.name: tuple(node.name for node in one.by.originals()) for one in claimed(case, cluster)}
    states = tuple(
        NodeState(one.database, one.node, State.SPLITS, Reason.OTHER_CLUSTER, others=others[one.node])
        if one.may_run and one.node in others
        else one
        for one in answer.states
    )
    safe, start, follow = (
        tuple(name for name in names if name not in others) for names in (answer.safe, answer.start, answer.follow)
    )
    return replace(answer, states=states, safe=safe, start=start, follow=follow)


def _unknown(_: Case, cluster: Cluster, _rebuild: Rebuild, *, deep: bool) -> DatabaseAnswer:  # noqa: ARG001 - as _database
    states = unknown_states(cluster).states
    return DatabaseAnswer(
        cluster.product.database, cluster.name, states, Course.ASK, None, Need.CANNOT_BE_TOLD, (), (), ()
    )


@stage("what a database needs", lambda _, cluster, *__, **___: cluster.name, _unknown)
def _database(case: Case, cluster: Cluster, rebuild: Rebuild, *, deep: bool) -> DatabaseAnswer:
    cluster = settled(cluster)
    states = cluster_states(cluster)
    recovery = plan(cluster, expected_starts(cluster), case, states, deep=deep)
    answer = database_answer(cluster, states, recovery)
    if answer.course not in _STUCK or (answer.alone and answer.lost):  # nobody else shows what a result would lack
        return answer
    names = rebuild(cluster, answer)
    return database_answer(cluster, states, recovery, names) if names else answer


def decide(
    databases: tuple[DatabaseAnswer, ...],
    findings: Sequence[Told],
    wanted: Sequence[Wanted],
    machines: Mapping[str, str],
) -> Answers:
    """The answers.

    Args:
        databases: what is decided of each.
        findings: those that count: what somebody accepted is left out.
        wanted: what did not arrive, and the commands that collect it.
        machines: see machine_databases.
    """
    faults = faults_of(findings, databases)
    told = {finding.key: finding for finding in findings if finding.key is not None}
    return Answers(databases, faults, first_steps(databases, faults, told, wanted, machines))
