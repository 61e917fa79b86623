"""What starting a node comes to, as data; the words are made in forensics/case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forensics.facts.node.precondition import Precondition


class State(StrEnum):
    """What starting a node as it lies comes to. Values are those of report.json."""

    SAFE = "safe"
    REFUSES = "refuses"  # fails, crashes or hangs; or the product stops before dqlite starts
    LOSES = "loses"  # committed entries are dropped, by this start or by an election that it makes possible
    SPLITS = "splits"  # a second leader of the same cluster can be elected
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a node has its state."""

    WHOLE = "whole"  # keeps all that it has
    DROPS_HELD_ELSEWHERE = "drops-held-elsewhere"  # drops committed entries that a safe majority keeps
    DROPS_UNCOMMITTED = "drops-uncommitted"
    BEHIND = "behind"  # lacks committed entries, and cannot be elected before it has them
    OUTSIDE = "outside"  # no member of the newest configuration: harmless, and nobody sends it entries
    REPLACED = "replaced"  # the same, and a member has its address: what is sent to that one reaches it
    FINDS_NOBODY = "finds-nobody"  # no address in its cluster.yaml: its data is safe, and it never is ready
    NO_ADDRESS = "no-address"  # of its own in info.yaml: the same
    OTHER_ADDRESS = "other-address"  # the members know it at another address than its own
    NO_LOG = "no-log"  # an empty directory, or a spare: nothing to lose
    DQLITE_REFUSES = "dqlite-refuses"
    PRODUCT_REFUSES = "product-refuses"
    PRODUCT_FORCES = "product-forces"  # its product makes it the only member before it starts it
    PRODUCT_REPLACES = "product-replaces"  # its product puts another database in its place before it starts it
    DROPS_COMMITTED = "drops-committed"  # the only node, or no other keeps them
    ELECTED_WITHOUT = "elected-without"  # it, or with its vote another, is elected without committed entries
    FORGOT_VOTE = "forgot-vote"  # it or another forgot a vote: what that leader wrote may be committed, and be lost so
    FORGOT_LOG = "forgot-log"  # a voter lost its log: what it acknowledged may be committed, and be lost so
    UNKNOWN_VOTERS = "unknown-voters"  # it, or with its vote another, is elected without entries behind a hole in a log
    RENUMBERS = "renumbers"  # entries get other indexes: silent drift
    CONTRADICTS = "contradicts"  # its entries contradict committed ones within a term
    SECOND_LEADER = "second-leader"
    OTHER_HISTORY = "other-history"  # two committed histories
    OTHER_CLUSTER = "other-cluster"  # of another cluster, at an address that this one has a member at
    BOOTSTRAPS = "bootstraps"  # it founds the cluster again
    NOT_SIMULATED = "not-simulated"  # the evidence does not suffice for a forecast
    LOST_METADATA = "lost-metadata"  # metadata1 and metadata2 are gone: it could vote twice in one term
    NO_METADATA_IN_MAJORITY = "no-metadata-in-majority"  # the same, and the others are no majority without it
    NO_IDENTITY = "no-identity"  # its info.yaml is there and cannot be used: whether it takes part is not known
    DEPENDS_ON_MEMORY = "depends-on-memory"  # the library reads memory behind a file's content: anything may come of it
    TORN_COPY = "torn-copy"  # copied while the node was writing
    MAY_HOLD_COMMITTED = "may-hold-committed"  # what it drops may be committed; the voters that could tell are absent
    NO_CONFIGURATION = "no-configuration"  # nothing tells who the voters are
    THREE_HISTORIES = "three-histories"  # the search over elections was not made: two leaders in turn could matter
    TOO_MANY_VOTERS = "too-many-voters"  # the search over elections was not made


UNSEARCHED = frozenset({Reason.TOO_MANY_VOTERS, Reason.THREE_HISTORIES})
"""The elections were not searched."""

NOT_AS_IT_IS = frozenset(
    {Reason.OUTSIDE, Reason.REPLACED, Reason.FINDS_NOBODY, Reason.NO_ADDRESS, Reason.OTHER_ADDRESS}
)
"""A start does the data no harm, and is of no use before something else is mended."""

OPEN = frozenset({Reason.UNKNOWN_VOTERS, Reason.THREE_HISTORIES})
"""No file tells which of several logs holds what is committed: who was there has to say."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """What starting one node comes to.

    Attributes:
        database, node: which.
        state, reason: the answer, and why.
        first_index, last_index: entries that the reason is about; None where there are none, or the end is not known.
        others: with whom a start loses or splits; or who keeps what it drops. By name.
        leader: who is elected in the run that loses or splits.
        before: who has to lead before that; empty where nobody has to.
        precondition: of PRODUCT_REFUSES, the first one that is not met.
        fails_once: its first start ends with an error, and the one after it goes on.
        twins: other directories with its raft ID: only one of them may ever run.
    """

    database: str
    node: str
    state: State
    reason: Reason
    first_index: int | None = None
    last_index: int | None = None
    others: tuple[str, ...] = ()
    leader: str = ""
    before: str = ""
    precondition: Precondition | None = None
    fails_once: bool = False
    twins: tuple[str, ...] = ()

    @property
    def may_run(self) -> bool:
        """It does no harm, and is of use."""
        return self.state is State.SAFE and self.reason not in NOT_AS_IT_IS
