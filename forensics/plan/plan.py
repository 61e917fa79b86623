"""A cluster's recovery plan as data: whether one is needed, from which node, at what cost, and how."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.barrier import stage
from forensics.election.states import cluster_states
from forensics.election.together import ClusterStates
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade, Node
from forensics.parsers.roles import Role
from forensics.plan.checks import Check, Choice, checks
from forensics.plan.documented_choice import DocumentedChoice, documented_choice
from forensics.plan.expected_start import ExpectedStarts
from forensics.plan.loss import Loss, Losses
from forensics.plan.plan_context import PlanContext, context_of
from forensics.plan.ranking import Candidate, kept, rank, undecided
from forensics.plan.start import Start, is_member, start_of
from forensics.plan.steps import KEEPS_MEMBERS, Member, Situation, Step, members_text, steps


@dataclass(frozen=True, slots=True)
class Plan:
    """All that `plan` says of one cluster, as data; plan/words has the sentences.

    Attributes:
        database: the product's word.
        ranking: all candidates, best first; the first is the one to recover from, if that must be.
        names_only: of that one only names of files are known.
        ends_forced: its last entry is a forced configuration, which carries term 1 whatever the term is.
        undecided: who may be ahead of the choice, in files whose content did not arrive.
        start: what comes of starting the members, where the machines can run.
        documented_choice: what the products' pages pick.
        losses: what each other choice loses, by rank.
        own_loss: what the choice itself gives up: entries of others that it does not have.
        checks: preconditions.
        situation: what the steps depend on.
    """

    database: str
    ranking: list[Candidate]
    names_only: bool
    ends_forced: bool
    undecided: tuple[str, ...]
    start: Start
    documented_choice: DocumentedChoice
    losses: list[Loss]
    own_loss: list[Loss]
    checks: list[Check]
    situation: Situation

    @property
    def node(self) -> str:
        """To recover from, if it must be: the first by name of the best."""
        return self.ranking[0].node

    @property
    def members(self) -> tuple[Member, ...]:
        """The configuration to be forced."""
        return self.situation.members

    @property
    def never_start(self) -> tuple[str, ...]:
        """Who must not be started with the directory that it has."""
        return self.situation.never_start

    @property
    def cluster_yaml(self) -> str:
        """The members as the product's tool takes them; empty where it takes no list."""
        return members_text(self.database, self.situation)

    @property
    def steps(self) -> list[Step]:
        """The product's; what is given up is written out before."""
        return steps(self.database, self.situation, tuple(dict.fromkeys(loss.of for loss in self.own_loss)))


@stage("the plan", lambda cluster, *_, **__: cluster.name, lambda *_, **__: None)
def plan(
    cluster: Cluster,
    starts: ExpectedStarts | None = None,
    case: Case | None = None,
    states: ClusterStates | None = None,
    *,
    deep: bool = False,
) -> Plan | None:
    """The plan; None where no directory has a log or a snapshot.

    Args:
        cluster: the facts.
        starts: what each node's start comes to, where it was forecast.
        case: all of the evidence, for what machines tell.
        states: what starting each node comes to; None: it is decided here.
        deep: name what is lost also where databases are large.
    """
    starts = starts or {}
    context = context_of(case, cluster) if case else PlanContext()
    ranking = _also_for(context.sibling, rank(cluster, starts))
    if not ranking:
        return None
    best = cluster.node(ranking[0].node)
    welcome = {one.node for one in states.states if one.may_run} if states else set()
    staying = [node for node in cluster.originals() if is_member(cluster, node) or node.name in welcome]
    forced = {change.index for change in best.changes if change.term == 1}
    losses = Losses(cluster, starts, deep=deep)
    others = _losses(cluster, best, ranking, losses)
    return Plan(
        database=cluster.product.database,
        ranking=ranking,
        names_only=best.grade is Grade.LISTING,
        ends_forced=ranking[0].last_index in forced and ranking[0].last_index != 1,
        undecided=undecided(cluster, ranking),
        start=start_of(cluster, states or cluster_states(cluster)),
        documented_choice=documented_choice(cluster, ranking, others),
        losses=others,
        own_loss=_own_losses(cluster, best, ranking, losses),
        checks=checks(Choice(cluster, best, ranking, starts, context)),
        situation=_situation(cluster, best, staying, starts, context),
    )


def _also_for(sibling: tuple[str, tuple[str, ...]] | None, ranking: list[Candidate]) -> list[Candidate]:
    """Of equal candidates first whoever also is a best one for the product's other database: one command does both."""
    wanted = sibling[1] if sibling else ()
    return sorted(ranking, key=lambda one: (one.rank, one.rank == 1 and one.node not in wanted))


def _situation(
    cluster: Cluster, best: Node, staying: list[Node], starts: ExpectedStarts, context: PlanContext
) -> Situation:
    start = starts.get(best.name)
    return Situation(
        best.name,
        best.state.path,
        kept(best, start),
        _members(cluster, best),
        survivors=tuple(node.name for node in staying if node is not best),
        never_start=_never_start(cluster, best, staying),
        version=context.version(cluster.product.database, best.name),
        loads=start is None or start.starts,
        proposal=start.proposal if start else None,
        goes_on=best.log.may_go_on,
    )


def _losses(cluster: Cluster, best: Node, ranking: list[Candidate], losses: Losses) -> list[Loss]:
    """Of every other choice; of equal candidates only where they hold something else (a fork)."""
    found = [(one.rank, losses.of(cluster.node(one.node), best)) for one in ranking[1:]]
    return [loss for rank, loss in found if rank > 1 or loss.given_up]


def _own_losses(cluster: Cluster, best: Node, ranking: list[Candidate], losses: Losses) -> list[Loss]:
    """What others hold and the choice does not: also a copy of a directory that went on by itself."""
    names = [one.node for one in ranking[1:] if one.node not in cluster.contradicted()]
    names += [copy.node for copy in cluster.copies if copy.kind is CopyKind.FORKED and copy.node != best.name]
    return [loss for name in names if (loss := losses.of(best, cluster.node(name))).given_up]


def _never_start(cluster: Cluster, best: Node, staying: list[Node]) -> tuple[str, ...]:
    """Directories of no member, copies, those that contradict the others, and members without a directory at hand."""
    here = {node.name for node in (best, *staying)}
    replaced = [node.name for node in cluster.nodes if node.name not in here]
    strangers = any(node.id is None for node in cluster.originals())  # then it is not known whose directory is missing
    return (*replaced, *(server.address for server in cluster.absent() if not strangers))


def _members(cluster: Cluster, best: Node) -> tuple[Member, ...]:
    """A member whose directory is at hand keeps its role, whatever that directory holds, for it gets the recovered one.
    A member without becomes a spare, because most tools cannot add or remove members.

    MicroK8s and go-dqlite's own tool want lost members left out: there the list has the others only. A directory that
    does not say whose it is (LXD's without local.db) may be any member's: then no member is taken for lost.
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
