"""The recovery plan in the document."""

from __future__ import annotations

from msgspec.structs import replace

from forensics.case.answer import Consequence, DatabaseAnswer
from forensics.facts.cluster.cluster import Cluster
from forensics.plan.checks import Check
from forensics.plan.loss import Loss
from forensics.plan.ranking import Candidate
from forensics.plan.start import StartAdvice
from forensics.plan.steps import Step
from forensics.plan.words import (
    check_words,
    loss_words,
    obstacle_words,
    reach_words,
    source_words,
    start_words,
    why_words,
)
from forensics.report import document as doc
from forensics.report.parts.encoding import id_text, iso_time, written
from forensics.report.parts.runs import encode_runs, encode_values


def plan_of(cluster: Cluster, answer: DatabaseAnswer, case: doc.Case | None) -> doc.ClusterPlan:
    """What `plan` prints of a cluster.

    Args:
        cluster: the facts.
        answer: what was decided of it.
        case: what to do first, for all databases, and what else is wrong.
    """
    recovery = build_recovery(answer)
    return doc.ClusterPlan(
        database=cluster.product.database,
        name=cluster.name,
        product=cluster.product.title,
        recovery=with_causes(recovery, cluster.product.database, case) if recovery and case else recovery,
        assumed_lost=assumed_lost(cluster),
        first=case.first if case else (),
    )


def with_causes(recovery: doc.Recovery, database: str, case: doc.Case) -> doc.Recovery:
    """What keeps members that could elect a leader by their logs from reaching each other."""
    causes = [
        fault.cause
        for fault in case.faults
        if fault.database == database and Consequence.NO_MAJORITY in fault.consequences
    ]
    if not (recovery.start_first and causes):
        return recovery
    told = " ".join(f"Nobody is elected before this is mended: {cause}." for cause in causes)
    return replace(recovery, instead=f"{recovery.instead} {told}")


def assumed_lost(cluster: Cluster) -> tuple[doc.PlannedMember, ...]:
    """The members that the user takes for lost for good."""
    return tuple(
        doc.PlannedMember(
            id=id_text(one.server.id) if one.server else None,
            address=one.server.address if one.server else "",
            role=one.server.role or "" if one.server else "",
            node=one.name or None,
        )
        for one in cluster.lost
    )


def build_recovery(answer: DatabaseAnswer) -> doc.Recovery | None:
    """Which node to recover from, why, and everything around it; None where no log is at hand."""
    made = answer.plan
    if made is None:
        return None
    return doc.Recovery(
        node=made.node,
        why=why_words(made),
        reach=reach_words(made),
        ranking=tuple(_candidate(candidate) for candidate in made.ranking),
        may_lead=tuple(made.start.electable),
        undecided=tuple(made.undecided),
        start_first=made.start.advice is StartAdvice.SAFE,
        start_advice=made.start.advice,
        instead=start_words(made.start) or None,
        official=doc.DocumentedChoice(
            highest_closed_end=made.documented_choice.end,
            nodes=tuple(made.documented_choice.nodes),
            trap=made.documented_choice.trap,
            source=source_words(made.documented_choice.source),
            source_kind=made.documented_choice.source,
        ),
        losses=tuple(_loss(loss) for loss in made.losses),
        own_loss=tuple(_loss(loss) for loss in made.own_loss),
        checks=tuple(_check(check) for check in made.checks),
        members=tuple(
            doc.PlannedMember(id=id_text(member.id), address=member.address, role=member.role.value, node=member.node)
            for member in made.members
        ),
        cluster_yaml=made.cluster_yaml,
        left_behind=tuple(made.never_start),
        steps=tuple(_step(step) for step in made.steps),
        course=answer.course,
    )


def _candidate(candidate: Candidate) -> doc.Candidate:
    return doc.Candidate(
        rank=candidate.rank,
        node=candidate.node,
        last_term=candidate.last_term,
        last_index=candidate.last_index,
        role=candidate.role,
        obstacle=obstacle_words(candidate.obstacle) if candidate.obstacle else None,
        obstacle_kind=candidate.obstacle.kind if candidate.obstacle else None,
    )


def _step(step: Step) -> doc.Step:
    return doc.Step(
        kind=step.kind,
        title=step.title,
        commands=step.commands,
        runs=encode_runs(step),
        values=encode_values(step),
        expect=step.expect or None,
        stop=step.stop or None,
    )


def _check(check: Check) -> doc.Precondition:
    return doc.Precondition(
        state=doc.CheckState(check.state.value),
        kind=check.kind,
        nodes=tuple(check.nodes),
        names=tuple(check.names),
        index=check.index,
        what=check_words(check),
    )


def _loss(loss: Loss) -> doc.ChoiceLoss:
    words = loss_words(loss)
    return doc.ChoiceLoss(
        node=loss.node,
        of=loss.of,
        first_index=loss.first,
        last_index=loss.last,
        committed_up_to=loss.committed,
        written=written(loss.wrote),
        last_written_by=iso_time(loss.by.time) if loss.by else None,
        compared=loss.compared,
        at_most=loss.at_most,
        entries=loss.entries,
        intact_on=tuple(copy.node for copy in loss.intact_on),
        past_damage_on=tuple(copy.node for copy in loss.intact_on if copy.past_damage),
        nowhere=tuple(doc.IndexSpan(first_index=first, last_index=last) for first, last in loss.nowhere),
        amount=words.amount,
        wrote=words.wrote,
        where=words.where,
        words=f"lacks {words.whole}",
    )
