"""A cluster's recovery plan: whether one is needed, from which node, why, at what cost, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.facts.cluster import Cluster
from forensics.facts.node import Node
from forensics.parsers.roles import Role
from forensics.plan.checks import Check, checks
from forensics.plan.official import Loss, Official, loss, official
from forensics.plan.quorum import majority_at_hand, may_lead
from forensics.plan.ranking import Candidate, Outlook, rank, standing_words
from forensics.plan.steps import KEEPS_MEMBERS, Member, Situation, Step, cluster_yaml, steps


@dataclass(frozen=True, slots=True)
class Plan:
    """All that `plan` says of one cluster.

    Attributes:
        node: to recover from, if it must be: the first by name of the best.
        why: in words.
        ranking: all candidates, best first.
        may_lead: who could win an election if the members at hand were started and nothing forced.
        instead: what to do before anything is forced; empty where forcing is the only way.
        official: what the products' pages pick.
        losses: what each other choice loses, by rank.
        own_loss: what the choice itself gives up: entries of others that it does not have.
        checks: preconditions.
        members: the configuration to be forced.
        cluster_yaml: the same as a file.
        steps: the product's.
    """

    node: str
    why: str
    ranking: list[Candidate]
    may_lead: list[str]
    instead: str
    official: Official
    losses: list[Loss]
    own_loss: list[Loss]
    checks: list[Check]
    members: tuple[Member, ...]
    cluster_yaml: str
    steps: list[Step]


def plan(cluster: Cluster, outlooks: Mapping[str, Outlook] | None = None, *, deep: bool = False) -> Plan | None:
    """The plan; None where no directory has a log or a snapshot.

    Args:
        cluster: the facts.
        outlooks: what each node's start would come to, by node name, where it was forecast.
        deep: name what is lost also where databases are large.
    """
    outlooks = outlooks or {}
    ranking = rank(cluster, outlooks)
    if not ranking:
        return None
    chosen = ranking[0]
    best = cluster.node(chosen.node)
    others = [cluster.node(candidate.node) for candidate in ranking[1:] if candidate.rank > 1]
    members_here = [node for node in cluster.originals() if _is_member(cluster, node) and _would_start(node, outlooks)]
    leaders = may_lead(members_here)
    members = _members(cluster, best, outlooks)
    survivors = tuple(member.node for member in members if member.node and member.node != best.name)
    situation = Situation(best.name, best.state.path, (chosen.last_term, chosen.last_index), members, survivors)
    return Plan(
        node=best.name,
        why=_why(ranking, cluster),
        ranking=ranking,
        may_lead=leaders,
        instead=_instead(cluster, best, leaders),
        official=official(cluster, ranking),
        losses=[loss(cluster, node, best, deep=deep) for node in others],
        own_loss=[
            found
            for node in others
            if node.name not in cluster.contradicted()
            and (found := loss(cluster, best, node, deep=deep)).first is not None
        ],
        checks=checks(cluster, best, chosen, outlooks.get(best.name)),
        members=members,
        cluster_yaml=cluster_yaml(members),
        steps=steps(cluster.product.database, situation),
    )


def _would_start(node: Node, outlooks: Mapping[str, Outlook]) -> bool:
    outlook = outlooks.get(node.name)
    return outlook is None or outlook.starts


def _why(ranking: list[Candidate], cluster: Cluster) -> str:
    best = ranking[0]
    equals = [candidate.node for candidate in ranking if candidate.rank == 1]
    place = f"ends at {standing_words(best.last_term, best.last_index)}"
    if len(ranking) == 1:
        words = f"{best.node} is the only node with a log at hand; it {place}"
    elif len(equals) > 1:
        words = f"{', '.join(equals)} got equally far, to {standing_words(best.last_term, best.last_index)}; "
        words += f"{best.node} is the first by name"
    else:
        second = ranking[1]
        words = f"{best.node} {place}; the next, {second.node}, at "
        words += standing_words(second.last_term, second.last_index)
    if best.obstacle:
        words += f"; but {best.obstacle}"
    forced = {change.index for change in cluster.node(best.node).changes if change.term == 1}
    if best.last_index in forced and best.last_index != 1:
        words += "; its last entry is a forced configuration, which carries term 1 whatever the term is"
    return words


def _is_member(cluster: Cluster, node: Node) -> bool:
    """A member, and not one whose log contradicts what is committed."""
    known = node.id is None or cluster.configuration is None or cluster.server_of(node) is not None
    return known and node.name not in cluster.contradicted()


def _instead(cluster: Cluster, best: Node, leaders: list[str]) -> str:
    """What to do before anything is forced; or why starting is not safe."""
    here, voters, majority = majority_at_hand(cluster)
    contested = any(
        sum(cluster.is_committed(side, divergence.index) for side in divergence.sides) > 1
        for divergence in cluster.divergences
    )
    if not leaders or not majority or contested:
        return ""
    committed = cluster.commit.at_least if cluster.commit else 0
    unsafe = [name for name in leaders if cluster.agreed(best, cluster.node(name)) < committed]
    if unsafe:
        return (
            f"Do not just start the members: {', '.join(unsafe)} could win the election, and would drop committed "
            f"entries up to {committed} that {best.name} has."
        )
    outside = [node.name for node in cluster.originals() if not _is_member(cluster, node)]
    never = f" Never start {', '.join(outside)} as {'they are' if len(outside) > 1 else 'it is'}." if outside else ""
    return (
        f"{here} of {voters} voter{'s' * (voters != 1)} {'are' if here > 1 else 'is'} at hand; {', '.join(leaders)} "
        "may lead: if the machines can run, start the members and force nothing. The plan is for the case that they "
        f"cannot.{never}"
    )


def _members(cluster: Cluster, best: Node, outlooks: Mapping[str, Outlook]) -> tuple[Member, ...]:
    """Who is at hand keeps a role; who is not becomes a spare: the tools forbid to add or remove members.

    MicroK8s and go-dqlite's own tool want the lost ones left out; there the list has survivors only.
    """
    change = cluster.configuration
    if change is None:
        return ()
    names = {node.id: node.name for node in cluster.originals() if node.id is not None}
    members = []
    for server in change.configuration.servers:
        name = names.get(server.id)
        known = bool(names)  # LXD keeps no info.yaml: who is who cannot be told, and roles stay
        alive = not known or (name is not None and _would_start(cluster.node(name), outlooks))
        role = server.role or Role.SPARE
        if server.id == best.id:
            role = Role.VOTER
        elif not alive:
            if cluster.product.database not in KEEPS_MEMBERS:
                continue
            role = Role.SPARE
        members.append(Member(server.id, server.address, role, name if alive else None))
    return tuple(members)
