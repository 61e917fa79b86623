"""Why entries are committed, cannot be, or never were: the reasons behind the commit index, as data.

The rules of proof: docs/reference/raft.md#the-commit-index. Their words: facts/cluster/words.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.evidence import Span


class Ground(Enum):
    """What proves that entries are committed."""

    BOOTSTRAP = "bootstrap"  # entry 1 is committed by definition
    SNAPSHOT = "snapshot"  # a snapshot covers applied entries only
    LATER_CHANGE = "later-change"  # a leader proposes a change only once the one before is committed
    LATER_TRANSACTION = "later-transaction"  # a leader begins one only once the one before is committed
    SOLE_VOTER = "sole-voter"  # what the only voter stores is committed
    MAJORITY_NO_LATER_TERM_SEEN = "majority-no-later-term-seen"  # and none of these voters has seen a later term
    MAJORITY_NO_LATER_TERM_HELD = "majority-no-later-term-held"  # and no voter holds an entry of a later term


@dataclass(frozen=True, slots=True)
class Proof:
    """Entries up to `index` of one node's history are committed, and why.

    Attributes:
        entry: that the ground is about: the snapshot's index, the change that had to be committed, the entry that the
            majority holds; of SOLE_VOTER, from where on there is one voter.
        at: where it shows.
        nodes: who shows it: the node with the snapshot, the only voter, the voters that hold the entry.
        term: of that entry, of a majority's and of LATER_TRANSACTION; else None.
        voters: how many voters decide, of a majority's; else 0.
        later: of LATER_CHANGE and LATER_TRANSACTION, the entry of the one behind; else None.
        seen_on: whose history it was proved in, where it is carried over from an equal one; else None.
    """

    index: int
    ground: Ground
    entry: int
    at: tuple[Span, ...] = ()
    nodes: tuple[str, ...] = ()
    term: int | None = None
    voters: int = 0
    later: int | None = None
    seen_on: str | None = None


class LimitReason(Enum):
    """Why nothing behind an index can be committed, or why that cannot be told."""

    NO_CONFIGURATION = "no-configuration"  # nothing tells who the voters are
    NOTHING_BEYOND = "nothing-beyond"  # nothing at hand goes beyond what is proved
    MAY_GO_ON = "may-go-on"  # the voters that are not at hand whole are enough to go on after one more change
    MAJORITY_ABSENT = "majority-absent"  # a majority of the voters is not at hand whole, and may hold more
    NO_MAJORITY = "no-majority"  # even if the absent voters held more
    TOO_FEW_HOLD = "too-few-hold"
    REPLACED = "replaced"  # another node has another entry there, of a later term


@dataclass(frozen=True, slots=True)
class Limit:
    """The highest index that could be committed, and why no higher; `index` is None where there is no such bound.

    Attributes:
        absent: how many of the voters are not at hand whole.
        unsure: of these, who did arrive, by name: damaged, or not all of it is here.
        voters, needed: how many voters there are, and how many must hold an entry.
        reach: the last index that so many hold, or could hold; beyond `index` where other voters decide by then.
        node, term: of REPLACED, who has another entry right behind `index`, and of which term.
    """

    index: int | None
    reason: LimitReason
    absent: int = 0
    voters: int = 0
    needed: int = 0
    reach: int | None = None
    node: str | None = None
    term: int | None = None
    unsure: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many voters did not arrive at all."""
        return self.absent - len(self.unsure)


@dataclass(frozen=True, slots=True)
class Never:
    """Entries from `index` on of one node's history never were committed.

    `other` has another entry at that index, of a later term, whose leader had all that was committed.
    """

    index: int
    other: str
    term: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """Entries of which it is not known whether they are committed.

    Attributes:
        first, last: their indexes; `last` is None where nothing limits them.
        absent: addresses of the voters that would tell; empty where all are at hand, but the entries' term is not the
            newest seen.
    """

    first: int
    last: int | None
    absent: tuple[str, ...]
