"""Which node and which database a query uses when the user does not say.

The node with the newest last entry (term before index) among those that reach the index; whole before damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forensics.barrier import stage
from forensics.errors import InputError, UsageError
from forensics.facts.cluster.selection import select
from forensics.facts.database.rebuild import Rebuilt, reach, rebuild
from forensics.facts.database.timeline import Timeline, timeline_of
from forensics.ingest.products import DATABASE_NAMES
from forensics.ingest.state_directory import StateDirectory

_USUAL = "db.bin"  # where the product is not known
_KNOWN = frozenset(DATABASE_NAMES.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """The evidence that was chosen.

    Attributes:
        timeline: of the node.
        rebuilt: its databases at the index; the caller closes it.
        candidates: how many nodes there were to choose from.
    """

    timeline: Timeline
    rebuilt: Rebuilt
    candidates: int

    @property
    def state(self) -> StateDirectory:
        """The state directory."""
        return self.timeline.state

    def database(self, wanted: str | None) -> str:
        """The name of the database that is meant. Raises UsageError where that is open, or it is not there."""
        there = list(self.rebuilt.databases)
        if wanted is not None and wanted != self.state.product.database:
            return _existing(wanted, there, self)
        usual = DATABASE_NAMES.get(self.state.product.database, _USUAL)
        known = [name for name in there if name in _KNOWN]
        for only in ([name for name in there if name == usual], known, there):
            if len(only) == 1:
                return only[0]
        raise UsageError(f"which database? --database takes one of: {', '.join(there) or 'none is there'}")


def choose(
    directories: Sequence[StateDirectory], node: str | None, database: str | None, at: int | None, source: str
) -> Choice:
    """The best evidence, rebuilt at the index.

    Args:
        directories: all of the input.
        node: as the user names it.
        database: dqlite's name of the database, or a product's word (`k8sd`).
        at: the index; None for the last.
        source: the input, for messages.

    Raises:
        UsageError: no such node, more than one cluster, or the index is not reached (the text says what is).
        InputError: there is no database at all.
    """
    if not directories:
        raise InputError(source, "no dqlite state directory in it")
    found = select(directories, node)
    if not found:
        names = ", ".join(sorted({state.node for state in directories}))
        raise UsageError(f"no node {node}; there are {names}")
    candidates = _of_one_cluster(found, database)
    only = None if database in {state.product.database for state in candidates} else database
    timelines = _best_first(list(filter(None, map(_told, candidates))))
    choice = _first_whole(timelines, at, only)
    if choice is None:
        raise _not_reached(timelines, at, source)
    return choice


def _first_whole(timelines: list[Timeline], at: int | None, only: str | None) -> Choice | None:
    """The first node that gives everything asked for without a loss, else the first that gives anything."""
    kept: Choice | None = None
    for timeline in timelines:
        rebuilt = _rebuilt(timeline, at, only)
        if rebuilt is None:
            continue
        whole = not rebuilt.replay.losses and (only is None or only in rebuilt.databases)
        if kept is not None and not whole:
            rebuilt.replay.close()
            continue
        if kept is not None:
            kept.rebuilt.replay.close()
        kept = Choice(timeline, rebuilt, len(timelines))
        if whole:
            break
    return kept


@stage("rebuilding the databases", lambda timeline, *_: timeline.state.node, lambda *_: None)
def _rebuilt(timeline: Timeline, at: int | None, only: str | None) -> Rebuilt | None:
    return rebuild(timeline, at, only)


@stage("reading the log", lambda state: state.node, lambda _: None)
def _told(state: StateDirectory) -> tuple[Timeline, tuple[int, int]] | None:
    """A node's timeline, and its last entry."""
    timeline = timeline_of(state)
    return timeline, timeline.tip()


def _best_first(told: list[tuple[Timeline, tuple[int, int]]]) -> list[Timeline]:
    ordered = sorted(told, key=lambda pair: pair[1], reverse=True)  # stable: equals stay by name
    return [timeline for timeline, _ in ordered]


def _of_one_cluster(found: list[StateDirectory], database: str | None) -> list[StateDirectory]:
    """The directories of the cluster that is meant, where the input holds several databases' clusters."""
    named = [state for state in found if state.product.database == database]
    usual = [state for state in found if DATABASE_NAMES.get(state.product.database, _USUAL) == database]
    found = named or usual or found
    clusters = sorted({state.product.database for state in found})
    if len(clusters) > 1:
        raise UsageError(f"the input holds {', '.join(clusters)}: --database takes one of these names too")
    return found


def _existing(wanted: str, there: list[str], choice: Choice) -> str:
    if wanted in there:
        return wanted
    replay = choice.rebuilt.replay
    names = ", ".join(replay.names) or "none"
    gone = "holds nothing" if wanted in replay.names else "is not there"
    raise UsageError(f"database {wanted} {gone} at index {choice.rebuilt.index}; the names are: {names}")


def _not_reached(timelines: Iterable[Timeline], at: int | None, source: str) -> UsageError | InputError:
    parts = []
    for timeline in timelines:
        ranges = ", ".join(
            str(run.first) if run.first == run.last else f"{run.first}-{run.last}" for run in reach(timeline)
        )
        parts.append(f"{timeline.state.node}: {ranges or 'none'}")
    told = "; ".join(parts)
    if at is None:
        return InputError(
            source, f"no database can be rebuilt: there is no usable snapshot and no log from index 1 ({told})"
        )
    return UsageError(f"index {at} cannot be rebuilt; the evidence reaches {told}")
