"""The whole case: every database decided, findings merged into faults, one order of steps for all."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.case.answer import Answers, DatabaseAnswer, Told
from forensics.case.course import database_answer
from forensics.case.faults import faults_of
from forensics.election.states import cluster_states
from forensics.facts.cluster.cluster import Case
from forensics.plan.expected_start import expected_starts
from forensics.plan.plan import plan


def decide_databases(case: Case) -> tuple[DatabaseAnswer, ...]:
    """Each database by itself, from facts alone."""
    return tuple(
        database_answer(cluster, cluster_states(cluster), plan(cluster, expected_starts(cluster), case))
        for cluster in case.clusters
    )


def decide(databases: tuple[DatabaseAnswer, ...], findings: Sequence[Told]) -> Answers:
    """With the findings that count: those that somebody accepted are left out."""
    return Answers(databases, faults_of(findings, databases))
