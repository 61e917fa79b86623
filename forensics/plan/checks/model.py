"""The nouns of the preconditions: what was found, as data. plan/words/checks.py has the sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade, Node
from forensics.plan.expected_start import ExpectedStart, ExpectedStarts
from forensics.plan.plan_context import PlanContext
from forensics.plan.ranking import Candidate, Obstacle


class State(Enum):
    """Values are the words of the plan."""

    OK = "ok"
    LOOK = "look"  # the evidence cannot tell, or tells of something to mind
    STOP = "stop"  # do not go on before this is settled


class CheckKind(StrEnum):
    """What was found. Values are those of the document; what `nodes`, `names` and `index` are is said beside each."""

    CONTRADICTS_COMMITTED = "contradicts-committed"  # a node, from `index` on
    SEVERAL_HISTORIES = "several-histories"  # `about`: the nodes of each side; from `index` on
    DISPUTED_ENTRY = "disputed-entry"  # entry `index` differs within one term
    VOTERS_UNKNOWN = "voters-unknown"  # of entries behind a hole in a log that goes furthest: a node's
    HISTORY_UNKNOWN = "history-unknown"  # no content of any log is at hand
    ONE_HISTORY = "one-history"
    LOGS_MISSING = "logs-missing"  # `about`: whose, and what they may hold
    MEMBERS_LOST = "members-lost"  # `about`: whose logs are taken for lost for good, and what they may have held
    ALL_LOGS = "all-logs"
    NO_CONFIGURATION = "no-configuration"  # and no cluster.yaml
    ONLY_CLUSTER_YAML = "only-cluster-yaml"  # of a node; `names`: addresses in it of which nothing is at hand
    RANK_IS_LOWER_BOUND = "rank-is-lower-bound"  # of nodes of which not all content arrived
    OPEN_SEGMENTS_UNREAD = "open-segments-unread"  # of nodes that may go further than any name tells
    GOES_FURTHER = "goes-further"  # a node that does not start, than the choice; `about`: how far, and what it needs
    WAS_RUNNING = "was-running"  # or was killed: nodes with open segments
    OTHER_DATABASE_ELSEWHERE = "other-database-elsewhere"  # `names`: the database; `nodes`: the best ones for it
    DAMAGED = "damaged"  # files (`names`) of a node
    WHOLE = "whole"  # segments and snapshots of a node
    NOT_WHOLE = "not-whole"  # `about`: the grade of a node's evidence
    OBSTACLE = "obstacle"  # `about`: why a node cannot be recovered from
    LOADING_FAILS = "loading-fails"  # `about`: a node's start, and what to move away first
    NEXT_START = "next-start"  # `about`: what a node's start comes to
    PRODUCT_STOPS = "product-stops"  # files (`names`) at which a node's product ends its start
    ID_UNKNOWN = "id-unknown"  # of a node, for want of a file (`names`)
    ADDRESS_DIFFERS = "address-differs"  # `names`: what the node says, and what the members say
    IDENTITY_FITS = "identity-fits"  # `names`: the node's ID and address
    SAME_ID = "same-id"  # two nodes; `about`: what kind of copy
    MACHINE_LACKS_ADDRESS = "machine-lacks-address"  # `names`: the IP address of a node
    CLUSTER_YAML_MISSING = "cluster-yaml-missing"  # of a node, whose tool reads it
    CLUSTER_YAML_LACKS = "cluster-yaml-lacks"  # addresses (`names`), on a node
    TRUSTSTORE_LACKS = "truststore-lacks"  # the same
    ACTED_ON = "acted-on"  # files (`names`) that a node's next start acts on
    PATCH_BLOCKS_EDIT = "patch-blocks-edit"  # LXD's patch.global.sql, on a node
    PACKED_FOR_ALL = "packed-for-all"  # control files (`names`) of a node that the tool would give to every node
    SOCKET_LEFT = "socket-left"  # microcluster's control.socket, on a node
    TOOL_NEEDS = "tool-needs"  # files (`names`) of a node that are not in the evidence
    TOOL_UNKNOWN_BEFORE = "tool-unknown-before"  # `about`: the snap's version
    NO_TOOL_ANY_MORE = "no-tool-any-more"  # the same
    TOOL_IS_THERE = "tool-is-there"  # the same
    TOO_LITTLE_SPACE = "too-little-space"  # `about`: on a node
    ENOUGH_SPACE = "enough-space"  # the same


@dataclass(frozen=True, slots=True)
class Histories:
    """The nodes of each committed history, by name."""

    sides: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MissingLogs:
    """Members that hold a log of which nothing is at hand; or that held one, and are taken for lost.

    Attributes:
        members: by address, or by name where a directory without a log is at hand.
        some: how many of `members` they are, where directories that do not tell whose they are may be among them; else
            None: all.
        committed: the last entry that provably is committed; None where nothing is proved.
        may_hold_committed: committed entries behind that may lie there and nowhere else.
    """

    members: tuple[str, ...]
    some: int | None
    committed: int | None
    may_hold_committed: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a node would go that does not start as it is.

    Attributes:
        than: the node that was chosen.
        index: the last entry that it would load.
        agreed: the last entry up to which both agree.
        start: its next start, and what to move away first.
    """

    than: str
    index: int
    agreed: int
    start: ExpectedStart


@dataclass(frozen=True, slots=True)
class Space:
    """On a node's machine, in bytes: free on the mount of its directory, and needed for backups and tarballs."""

    mount: str
    free: int
    needed: int


@dataclass(frozen=True, slots=True)
class Version:
    """Of a product, as its snap has it."""

    numbers: tuple[int, ...]


About = Histories | MissingLogs | Reach | Space | Version | Grade | Obstacle | ExpectedStart | CopyKind


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition.

    Attributes:
        state: whether it holds.
        kind: what was found, and what the other fields are.
        nodes: whom it is about.
        names: files, addresses or databases.
        index: of an entry.
        about: what else there is to know.
    """

    state: State
    kind: CheckKind
    nodes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    index: int | None = None
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the preconditions are checked for.

    Attributes:
        cluster: the facts.
        best: the node to recover from.
        ranking: all candidates; the first is `best`.
        starts: what each node's start comes to, where it was forecast.
        context: the machines and the product's other database.
    """

    cluster: Cluster
    best: Node
    ranking: list[Candidate]
    starts: ExpectedStarts
    context: PlanContext = field(default_factory=PlanContext)

    @property
    def database(self) -> str:
        """The product's word."""
        return self.cluster.product.database

    @property
    def start(self) -> ExpectedStart | None:
        """That of `best`."""
        return self.starts.get(self.best.name)
