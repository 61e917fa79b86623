"""The coordinator: sends cases to workers, and writes what comes back into the tables."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from forensics.errors import UsageError
from forensics.fleet.engine import completed, engine
from forensics.fleet.key import variant
from forensics.fleet.model import AGAIN, Failure, FleetCase, Outcome, Settings, State
from forensics.fleet.parquet import column_rows, commit, compact, rows_by_table
from forensics.fleet.store import Store
from forensics.fleet.task import VersionsError, finish
from forensics.fleet.warm import POOL

_COMMIT_CASES: Final = 500
_COMMIT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do.

    Attributes:
        store: where to.
        settings: how cases are judged.
        workers: so many children at once, on this machine.
        scheduler: address of a Dask scheduler whose workers judge instead.
        retry: also what was set aside earlier.
    """

    store: Store
    settings: Settings
    workers: int = 1
    scheduler: str | None = None
    retry: bool = False


@dataclass(slots=True)
class Tally:
    """How far a run is.

    Attributes:
        total: cases to judge. known: cases that were finished already.
        states: finished ones of this run, by state. reused: of these, reports that were there already.
    """

    total: int
    known: int
    begun: float = field(default_factory=time.monotonic)
    states: Counter[State] = field(default_factory=Counter)
    reused: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Of two runs, one after the other."""
        total, known = self.total + other.total, self.known + other.known
        return Tally(total, known, self.begun, self.states + other.states, self.reused + other.reused)

    @property
    def finished(self) -> int:
        """Cases of this run."""
        return self.states.total()

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.finished / max(time.monotonic() - self.begun, 0.001)

    @property
    def seconds_left(self) -> float:
        """At this rate; 0 where there is none yet."""
        return (self.total - self.finished) / self.rate if self.finished else 0.0


def run(plan: Plan, cases: Sequence[FleetCase], say: Callable[[Tally], None]) -> Tally:
    """Judge all cases that the store does not know. `say` hears of each that is finished.

    What is finished is in the store also where this is interrupted. Raises UsageError where the store cannot be
    written, no scheduler is at the address, or a worker has another version.
    """
    variant_ = variant(plan.settings)
    known, keys = _finished(plan, variant_)
    waiting = [case for case in cases if (case.name, case.stamp) not in known]
    tally = Tally(len(waiting), len(cases) - len(waiting))
    writer = _Writer(plan.store, variant_, keys)
    try:
        with writer, closing(_outcomes(plan, waiting, variant_)) as outcomes:
            for outcome in outcomes:
                writer.add(outcome)
                tally.states[outcome.state] += 1
                tally.reused += outcome.reused
                say(tally)
        compact(plan.store)
    except OSError as error:
        raise UsageError(f"{plan.store.url}: {error.strerror or error}") from error
    return tally


def _outcomes(plan: Plan, cases: Sequence[FleetCase], variant_: str) -> Generator[Outcome, None, None]:
    if not cases:
        return
    with engine(plan.workers, plan.scheduler) as client:
        work = (plan.settings, plan.store.url, variant_, plan.retry)
        POOL.open()
        try:
            for case, got in completed(client, finish, cases, *work):
                yield got if isinstance(got, Outcome) else _lost(case, got)
        finally:
            POOL.close()


def _lost(case: FleetCase, error: Any) -> Outcome:
    """A case whose worker died each time that it was tried, as the scheduler tells it."""
    if isinstance(error, VersionsError):
        raise UsageError(str(error))
    if isinstance(error, OSError):
        raise error
    failure = Failure(State.CRASHED, f"its worker died or failed ({type(error).__name__})")
    return Outcome(case, "", State.CRASHED, (failure,), finished=time.time())


def _finished(plan: Plan, variant_: str) -> tuple[set[tuple[str, str]], set[str]]:
    """(name, stamp) of cases that need not be looked at; keys whose rows are in the tables."""
    known, keys = set(), set()
    for name, stamp, variant_then, state, key in column_rows(
        plan.store, "cases", ("name", "stamp", "variant", "state", "key")
    ):
        if state == State.OK:
            keys.add(key)
        if variant_then == variant_ and not (plan.retry and state in AGAIN):
            known.add((name, stamp))
    return known, keys


class _Writer:
    """Finished cases, until there are enough to make a part of."""

    def __init__(self, store: Store, variant_: str, keys: set[str]) -> None:
        self._store, self._variant, self._keys = store, variant_, keys
        self._held: list[Outcome] = []
        self._last = time.monotonic()

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def add(self, outcome: Outcome) -> None:
        """One more. Raises OSError where the store cannot be written."""
        self._held.append(outcome)
        if len(self._held) >= _COMMIT_CASES or time.monotonic() - self._last > _COMMIT_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write them. Raises OSError."""
        if self._held:
            commit(self._store, rows_by_table(self._held, self._variant, self._keys))
        self._held.clear()
        self._last = time.monotonic()
