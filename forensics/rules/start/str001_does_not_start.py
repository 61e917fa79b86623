"""STR001: the node does not start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.bootstrap import Bootstrap
from forensics.forecast.losses import Loss, Renumbered
from forensics.forecast.proposals import Proposal
from forensics.forecast.reasons import Accident, Assumption, Outcome, Stage, Undefined
from forensics.forecast.result import NodeForecast, NoForecast
from forensics.forecast.words import (
    STAGES,
    accident_words,
    assumption_words,
    bootstrap_words,
    clause,
    losses_words,
    no_forecast_words,
    renumbered_words,
    undefined_words,
)
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, entries, joined, listed, sentences

_ENDS = {
    Outcome.FAILS: "the node does not start: it fails",
    Outcome.CRASHES: "the node does not start: it crashes",
    Outcome.HANGS: "the node does not start: it hangs",
    Outcome.UNKNOWN: "whether the node starts depends on what lies in memory",
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """Files that would have to be moved away, and what that comes to.

    Attributes:
        files: names, sorted.
        lost: entries that are then no longer part of the log.
        first_index, last_index: entries that the node then starts with; None where the log is empty.
        snapshot_index: where the snapshot ends that it then loads; None where it loads none.
    """

    files: tuple[str, ...]
    lost: tuple[Loss, ...]
    first_index: int | None
    last_index: int | None
    snapshot_index: int | None

    def words(self) -> str:
        """Two sentences. Nothing of it is carried out."""
        lost = f" It then lacks {listed(entries(*ends) for ends in _ranges(self.lost))}." if self.lost else ""
        return (
            f"On a copy, {listed(self.files, limit=None)} can be moved away: the node then starts with "
            f"{self._log()}.{lost}"
        )

    def _log(self) -> str:
        if self.last_index is not None:
            return entries(self.first_index, self.last_index)
        return f"an empty log behind the snapshot at {self.snapshot_index}" if self.snapshot_index else "an empty log"


@dataclass(frozen=True, slots=True)
class DoesNotStart:
    """The end of a simulated start.

    Attributes:
        library: the version that it was simulated for.
        outcome, stage: how and where it ends.
        code, message: the library's own; None where it crashes or hangs.
        accident: of a crash or hang, what happens.
        lost, renumbered: what the start does to entries before it ends.
        bootstrap: what a founder without metadata does first.
        undefined: why the real outcome depends on what lies in memory.
        names_only: it follows from names and sizes alone.
        assumed: what was taken for granted.
        remedy: the smallest set of files to move away after which the node starts; None where none was found.
    """

    kind: ClassVar[str] = "does-not-start"
    library: str
    outcome: Outcome
    stage: Stage
    code: int | None
    message: str | None
    accident: Accident | None
    lost: tuple[Loss, ...]
    renumbered: tuple[Renumbered, ...]
    bootstrap: Bootstrap | None
    undefined: Undefined | None
    names_only: bool
    assumed: tuple[Assumption, ...]
    remedy: Remedy | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{_ENDS[self.outcome]} {STAGES[self.stage]}",
            sentences(
                self._why(),
                f"Until then it drops {losses_words(self.lost)}." if self.lost else "",
                *(f"{renumbered_words(one)}." for one in self.renumbered),
                bootstrap_words(self.bootstrap) if self.bootstrap else "",
                f"What really happens depends on what lies in memory: {undefined_words(self.undefined)}."
                if self.undefined
                else "",
                "This follows from names and sizes alone, whatever the files hold that are not at hand."
                if self.names_only
                else "",
                f"Assumed and not checked: {joined([assumption_words(one) for one in self.assumed])}."
                if self.assumed
                else "",
            ),
            self._steps(),
        )

    def _why(self) -> str:
        if self.accident is not None:
            return f"{self.library} ends like this: {accident_words(self.accident)}."
        if self.outcome is Outcome.UNKNOWN:
            return f"{self.library} may fail, crash, or come up with members that never were."
        if self.message:
            return f"{self.library} ends with this error: {self.message}."
        return f"{self.library} ends with code {self.code} and no text."

    def _steps(self) -> str | None:
        if self.remedy is None:
            return None
        return (
            "Keep the directory as it is. In a cluster with a majority, remove the node and let it join again: that "
            f"loses nothing. {self.remedy.words()}"
        )


@rule(
    "STR001",
    "node does not start",
    Severity.HIGH,
    fault=FaultKind.START_FAILED,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("segment/gap", "start/listing-gap"),
    silent_on=("healthy/stopped-111",),
)
def does_not_start(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The forecast: dqlite's own start procedure, simulated on this directory, for the version that the evidence points
    to. Where content is not at hand (a listing), it reports only what names and sizes rule out, whatever the files
    hold; and where nothing tells the version, only what no version can start.
    ## Why it matters
    The node stays down until someone acts. Its journal shows the same message, or will show it. A crash or an endless
    loop gives no message at all.
    ## False alarm if
    The copy was made while the node was writing, so that it is not one consistent state; or another version runs the
    node. `forecast --dqlite` tells for other versions.
    ## What to do
    Keep the directory as it is. In a cluster with a majority, remove the node and let it join again: that loses
    nothing. `forecast` proposes which files to move away, on a copy, and tells what that loses.
    ## References
    canonical/raft src/uv.c, src/start.c; docs/reference/start.md#order-of-events
    """
    made = node.forecast
    if isinstance(made, NoForecast):
        yield NotChecked(no_forecast_words(made), f"no-forecast-{made.missing}", (node.name,))
    elif made.said.outcome is Outcome.STARTS:
        return
    elif made.may_start is not None:
        yield NotChecked(
            f"nothing tells which version runs the node: with {made.said.library} it {clause(made.said)}; the names "
            f"alone do not keep {made.may_start} from starting it",
            "version-unknown",
            (node.name,),
        )
    else:
        yield Finding(_problem(made), _spans(node, made.said.culprits))


def _problem(made: NodeForecast) -> DoesNotStart:
    said = made.said
    return DoesNotStart(
        str(said.library),
        said.outcome,
        said.stage,
        None if said.code is None else int(said.code),
        said.shown,
        said.accident,
        said.lost,
        said.renumbered,
        said.bootstrap,
        said.undefined,
        bool(said.unseen),
        said.assumed,
        _remedy(made.proposals[0]) if made.proposals else None,
    )


def _remedy(proposal: Proposal) -> Remedy:
    loaded = proposal.after.loaded
    log = loaded.log if loaded and len(loaded.log) else None
    snapshot = loaded.snapshot.index if loaded and loaded.snapshot else None
    first, last = (log.start, log.last) if log else (None, None)
    return Remedy(proposal.files, proposal.lost, first, last, snapshot)


def _ranges(lost: tuple[Loss, ...]) -> list[tuple[int | None, int | None]]:
    """First and last index of what is lost, neighbours in one."""
    ranges: list[tuple[int | None, int | None]] = []
    for one in lost:
        before = ranges[-1][1] if ranges else None
        if before is not None and one.first == before + 1:
            ranges[-1] = (ranges[-1][0], one.last)
        else:
            ranges.append((one.first, one.last))
    return ranges


def _spans(node: Node, culprits: tuple[str, ...]) -> tuple[Span, ...]:
    """The files that the start ends at, else the directory's first file."""
    named = [file.at for name, file in sorted(node.state.files.items()) if name in culprits]
    return tuple(named or [next(iter(node.state.files.values())).at])
