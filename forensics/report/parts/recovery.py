"""The recovery plan in the document."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.plan.checks import Check
from forensics.plan.documented_choice import Loss
from forensics.plan.expected_start import expected_starts
from forensics.plan.plan import Plan, StartAdvice, plan
from forensics.plan.words import (
    check_words,
    loss_words,
    obstacle_words,
    reach_words,
    source_words,
    start_words,
    why_words,
)
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.encoding import id_text, iso_time, written


def build_recovery(context: Context, cluster: Cluster) -> Document | None:
    """Which node to recover from, why, and everything around it; None where no log is at hand."""
    return encode_plan(plan(cluster, expected_starts(cluster), context.case))


def plan_of(case: Case, cluster: Cluster) -> Document:
    """What `plan` prints of a cluster: as in the report, with what is lost named whatever it takes."""
    return {
        "database": cluster.product.database,
        "name": cluster.name,
        "product": cluster.product.title,
        "recovery": encode_plan(plan(cluster, expected_starts(cluster), case, deep=True)),
    }


def encode_plan(made: Plan | None) -> Document | None:
    """The plan as `plan --format json` and the report have it."""
    if made is None:
        return None
    return {
        "node": made.node,
        "why": why_words(made),
        "reach": reach_words(made),
        "ranking": [
            {
                "rank": candidate.rank,
                "node": candidate.node,
                "lastTerm": candidate.last_term,
                "lastIndex": candidate.last_index,
                "role": candidate.role,
                "obstacle": obstacle_words(candidate.obstacle) if candidate.obstacle else None,
                "obstacleKind": candidate.obstacle.kind if candidate.obstacle else None,
            }
            for candidate in made.ranking
        ],
        "mayLead": list(made.start.electable),
        "undecided": list(made.undecided),
        "startFirst": made.start.advice is StartAdvice.SAFE,
        "startAdvice": made.start.advice,
        "instead": start_words(made.start) or None,
        "official": {
            "highestClosedEnd": made.documented_choice.end,
            "nodes": list(made.documented_choice.nodes),
            "trap": made.documented_choice.trap,
            "source": source_words(made.documented_choice.source),
            "sourceKind": made.documented_choice.source,
        },
        "losses": [_loss(loss) for loss in made.losses],
        "ownLoss": [_loss(loss) for loss in made.own_loss],
        "checks": [_check(check) for check in made.checks],
        "members": [
            {"id": id_text(member.id), "address": member.address, "role": member.role.value, "node": member.node}
            for member in made.members
        ],
        "clusterYaml": made.cluster_yaml,
        "leftBehind": list(made.never_start),
        "steps": [
            {
                "title": step.title,
                "commands": list(step.commands),
                "expect": step.expect or None,
                "stop": step.stop or None,
            }
            for step in made.steps
        ],
    }


def _check(check: Check) -> Document:
    return {
        "state": check.state.value,
        "kind": check.kind,
        "nodes": list(check.nodes),
        "names": list(check.names),
        "index": check.index,
        "what": check_words(check),
    }


def _loss(loss: Loss) -> Document:
    words = loss_words(loss)
    return {
        "node": loss.node,
        "of": loss.of,
        "firstIndex": loss.first,
        "lastIndex": loss.last,
        "committedUpTo": loss.committed,
        "written": written(loss.wrote),
        "lastWrittenBy": iso_time(loss.by.time) if loss.by else None,
        "compared": loss.compared,
        "atMost": loss.at_most,
        "amount": words.amount,
        "wrote": words.wrote,
        "words": f"lacks {words.whole}",
    }
