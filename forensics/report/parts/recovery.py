"""The recovery plan in the document."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.log.entry_times import LatestWriteTime
from forensics.facts.log.words import writes_words
from forensics.plan.documented_choice import Loss
from forensics.plan.outlook import outlooks_of
from forensics.plan.plan import Plan, plan
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.encoding import id_text, iso_time, written


def build_recovery(context: Context, cluster: Cluster) -> Document | None:
    """Which node to recover from, why, and everything around it; None where no log is at hand."""
    return encode_plan(plan(cluster, outlooks_of(cluster), context.case))


def plan_of(case: Case, cluster: Cluster) -> Document:
    """What `plan` prints of a cluster: as in the report, with what is lost named whatever it takes."""
    return {
        "database": cluster.product.database,
        "name": cluster.name,
        "product": cluster.product.title,
        "recovery": encode_plan(plan(cluster, outlooks_of(cluster), case, deep=True)),
    }


def encode_plan(made: Plan | None) -> Document | None:
    """The plan as `plan --format json` and the report have it."""
    if made is None:
        return None
    return {
        "node": made.node,
        "why": made.why,
        "ranking": [
            {
                "rank": candidate.rank,
                "node": candidate.node,
                "lastTerm": candidate.last_term,
                "lastIndex": candidate.last_index,
                "role": candidate.role,
                "obstacle": candidate.obstacle or None,
            }
            for candidate in made.ranking
        ],
        "mayLead": made.may_lead,
        "undecided": list(made.undecided),
        "startFirst": made.start_first,
        "instead": made.instead or None,
        "official": {
            "highestClosedEnd": made.documented_choice.end,
            "nodes": list(made.documented_choice.nodes),
            "trap": made.documented_choice.trap,
            "source": made.documented_choice.source,
        },
        "losses": [_loss(loss) for loss in made.losses],
        "ownLoss": [_loss(loss) for loss in made.own_loss],
        "checks": [{"state": check.state.value, "what": check.what} for check in made.checks],
        "members": [
            {"id": id_text(member.id), "address": member.address, "role": member.role.value, "node": member.node}
            for member in made.members
        ],
        "clusterYaml": made.cluster_yaml,
        "leftBehind": list(made.left),
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


def _loss(loss: Loss) -> Document:
    return {
        "node": loss.node,
        "of": loss.of,
        "firstIndex": loss.first,
        "lastIndex": loss.last,
        "committedUpTo": loss.committed,
        "written": written(loss.wrote),
        "lastWrittenBy": iso_time(loss.by.time) if loss.by else None,
        "words": loss_words(loss),
    }


def loss_words(loss: Loss) -> str:
    """One sentence."""
    if loss.first is None or loss.last is None:
        return "lacks nothing" if loss.compared else "lacks nothing, by the names of files: not compared by content"
    count = loss.last - loss.first + 1
    entries = f"1 entry ({loss.first})" if count == 1 else f"{count} entries ({loss.first} to {loss.last})"
    if loss.committed is None:
        state = "not proved committed" if count == 1 else "none of them proved committed"
    else:
        state = "committed" if loss.committed == loss.last else f"committed up to {loss.committed}"
    if loss.at_most:
        entries = f"at most {entries}, fewer where its open segments hold some,"
    if not loss.compared:
        return f"lacks {entries} by the names of files; not compared by content"
    return f"lacks {entries}, {state}{_when(loss.by)}: {writes_words(loss.wrote, 5)}"


def _when(by: LatestWriteTime | None) -> str:
    time = iso_time(by.time) if by else None
    return f", last written by {time} (file time)" if time else ""
