"""A cluster's recovery plan: whether one is needed, from which node, why, at what cost, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade, Node
from forensics.parsers.roles import Role
from forensics.plan.checks import Check, Choice, checks
from forensics.plan.documented_choice import DocumentedChoice, Loss, documented_choice, loss
from forensics.plan.quorum import majority_at_hand, may_lead
from forensics.plan.ranking import Candidate, Outlook, kept, rank, standing_words, undecided
from forensics.plan.steps import KEEPS_MEMBERS, Member, Situation, Step, members_text, steps
from forensics.plan.surroundings import Surroundings, surroundings_of


@dataclass(frozen=True, slots=True)
class Plan:
    """All that `plan` says of one cluster.

    Attributes:
        node: to recover from, if it must be: the first by name of the best.
        why: in words.
        ranking: all candidates, best first.
        may_lead: who could win an election if the members at hand were started and nothing forced.
        undecided: who may be ahead of the choice, in files whose content did not arrive.
        start_first: starting the members is enough, where the machines can run.
        instead: that, or why it is not safe, in words; empty where nobody could be elected.
        documented_choice: what the products' pages pick.
        losses: what each other choice loses, by rank.
        own_loss: what the choice itself gives up: entries of others that it does not have.
        checks: preconditions.
        members: the configuration to be forced.
        cluster_yaml: the same as the product's tool takes it; empty where it takes no list.
        left: who must not be started with the directory that it has.
        steps: the product's.
    """

    node: str
    why: str
    ranking: list[Candidate]
    may_lead: list[str]
    undecided: tuple[str, ...]
    start_first: bool
    instead: str
    documented_choice: DocumentedChoice
    losses: list[Loss]
    own_loss: list[Loss]
    checks: list[Check]
    members: tuple[Member, ...]
    cluster_yaml: str
    left: tuple[str, ...]
    steps: list[Step]


def plan(
    cluster: Cluster,
    outlooks: Mapping[str, Outlook] | None = None,
    case: Case | None = None,
    *,
    deep: bool = False,
) -> Plan | None:
    """The plan; None where no directory has a log or a snapshot.

    Args:
        cluster: the facts.
        outlooks: what each node's start would come to, by node name, where it was forecast.
        case: all of the evidence, for what machines tell.
        deep: name what is lost also where databases are large.
    """
    outlooks = outlooks or {}
    around = surroundings_of(case, cluster) if case else Surroundings()
    ranking = rank(cluster, outlooks)
    if not ranking:
        return None
    best = cluster.node(ranking[0].node)
    staying = [node for node in cluster.originals() if _is_member(cluster, node)]
    leaders = may_lead([node for node in staying if _would_start(node, outlooks)], outlooks)
    start_first, instead = _start(cluster, best, leaders, outlooks)
    members = _members(cluster, best)
    situation = Situation(
        best.name,
        best.state.path,
        kept(best, outlooks.get(best.name)),
        members,
        survivors=tuple(node.name for node in staying if node is not best),
        left=_left(cluster, best, staying),
        version=around.version(cluster.product.database, best.name),
        blocked=not _would_start(best, outlooks),
        mend=outlooks[best.name].mend if best.name in outlooks else "",
        goes_on=best.log.may_go_on,
    )
    return Plan(
        node=best.name,
        why=_why(ranking, cluster),
        ranking=ranking,
        may_lead=leaders,
        undecided=undecided(cluster, ranking),
        start_first=start_first,
        instead=instead,
        documented_choice=documented_choice(cluster, ranking),
        losses=_losses(cluster, best, ranking, deep=deep),
        own_loss=_own_losses(cluster, best, ranking, deep=deep),
        checks=checks(Choice(cluster, best, ranking, outlooks, around)),
        members=members,
        cluster_yaml=members_text(cluster.product.database, situation),
        left=situation.left,
        steps=steps(cluster.product.database, situation),
    )


def _losses(cluster: Cluster, best: Node, ranking: list[Candidate], *, deep: bool) -> list[Loss]:
    """Of every other choice; equal candidates are told of only where they hold something else (a fork)."""
    found = [(one.rank, loss(cluster, cluster.node(one.node), best, deep=deep)) for one in ranking[1:]]
    return [lost for rank, lost in found if rank > 1 or lost.first is not None]


def _own_losses(cluster: Cluster, best: Node, ranking: list[Candidate], *, deep: bool) -> list[Loss]:
    """What others hold and the choice does not: also a copy of a directory that went on by itself."""
    names = [one.node for one in ranking[1:] if one.node not in cluster.contradicted()]
    names += [copy.node for copy in cluster.copies if copy.kind is CopyKind.FORKED and copy.node != best.name]
    found = [loss(cluster, best, cluster.node(name), deep=deep) for name in names]
    return [lost for lost in found if lost.first is not None]


def _left(cluster: Cluster, best: Node, staying: list[Node]) -> tuple[str, ...]:
    """Directories of no member, copies, those that contradict the others, and members without a directory at hand."""
    here = {node.name for node in (best, *staying)}
    replaced = [node.name for node in cluster.nodes if node.name not in here]
    strangers = any(node.id is None for node in cluster.originals())  # then nobody knows whose directory is missing
    return (*replaced, *(server.address for server in cluster.absent() if not strangers))


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
    if cluster.node(best.node).grade is Grade.LISTING:
        words += "; told from the names of files alone"
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


def _start(cluster: Cluster, best: Node, leaders: list[str], outlooks: Mapping[str, Outlook]) -> tuple[bool, str]:
    """Whether starting the members is enough; and what to say of it, empty where they could not elect anybody."""
    here, voters, majority = majority_at_hand(cluster)
    if not leaders or not majority or any(cluster.histories()) or cluster.disputed():
        return False, ""
    committed = cluster.commit.at_least if cluster.commit else 0
    reach = {
        name: min(cluster.agreed(best, node), kept(node, outlooks.get(name))[1] or 0)
        for name in leaders
        for node in (cluster.node(name),)
    }
    unsafe = [name for name in leaders if reach[name] < committed]
    if unsafe:
        return False, (
            f"Do not just start the members: {', '.join(unsafe)} could win the election, and would drop committed "
            f"entries from {min(reach[name] for name in unsafe) + 1} to {committed}."
        )
    copies = {copy.node for copy in cluster.copies}
    outside = [node.name for node in cluster.nodes if node.name in copies or not _is_member(cluster, node)]
    never = f" Never start {', '.join(outside)} as {'they are' if len(outside) > 1 else 'it is'}." if outside else ""
    return True, (
        f"If the machines can run, start the members and force nothing: {here} of {voters} voter{'s' * (voters != 1)} "
        f"{'are' if here > 1 else 'is'} at hand, and {', '.join(leaders)} may lead.{never}"
    )


def _members(cluster: Cluster, best: Node) -> tuple[Member, ...]:
    """Who is at hand keeps a role, whatever its directory is worth: it gets that of the recovered node. Who is not
    becomes a spare, for the tools forbid to add or remove members.

    MicroK8s and go-dqlite's own tool want the lost ones left out; there the list has survivors only. Of a directory
    that does not say whose it is (LXD's without local.db) any member may be meant: then nobody is taken for lost.
    """
    names = {node.id: node.name for node in cluster.originals() if node.id is not None}
    strangers = any(node.id is None for node in cluster.originals())
    called = _called(best)
    members = []
    for server_id, address, role in _known(cluster, best):
        name = names.get(server_id)
        alive = strangers or name is not None
        if not alive and cluster.product.database not in KEEPS_MEMBERS:
            continue
        given = Role.VOTER if server_id == best.id else role if alive else Role.SPARE
        members.append(Member(server_id, address, given, name, called.get(address, "")))
    return tuple(members)


def _known(cluster: Cluster, best: Node) -> list[tuple[int, str, Role]]:
    """ID, address and role of all members: by the newest raft configuration; else by the node's cluster.yaml."""
    if cluster.configuration is not None:
        servers = cluster.configuration.configuration.servers
        return [(server.id, server.address, server.role or Role.SPARE) for server in servers]
    listed = best.cluster.value.members if best.cluster and best.cluster.value else ()
    return [(one.id, one.address, one.role or Role.SPARE) for one in listed if one.id and one.address]


def _called(node: Node) -> dict[str, str]:
    """The product's names of members, by address: of microcluster's truststore, or LXD's raft_nodes."""
    trusted = node.microcluster.entries() if node.microcluster else []
    names = {entry.address: entry.name for entry in trusted if entry.address and entry.name}
    return names | {row.address: row.name for row in (node.local.nodes if node.local else ()) if row.name}
