"""The barrier around every stage: what breaks inside one file, node or rule is told, and the rest goes on.

`@stage` around a function makes it a stage. Whatever it raises is noted, with where that was, and its caller gets
what `instead` gives, as where a stage would begin when the run's time is over. Outside of `watching` nothing is held
back, so that a bug is loud in a test.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from forensics.budget import of_run
from forensics.errors import ForensicsError, UnreadableError

_TOP: Final = "the input"  # of what lies at its top, and has no name of its own

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Broken:
    """What broke.

    Attributes:
        stage: what was being done, as a noun.
        where: the file, node or rule.
        why: the kind of error, and the place in the code, or what the system says of a file that it cannot read; never
            the error's own text, which may quote the evidence.
        told: the answer tells of it by itself: a refusal, or a rule that is called broken.
        unread: the evidence could not be read; else the error is this program's.
        limited: the run may not take so much: `why` says which limit it is.
        memory: there was no memory left.
    """

    stage: str
    where: str
    why: str
    told: bool = False
    unread: bool = False
    limited: bool = False
    memory: bool = False

    @property
    def detail(self) -> str:
        """What happened, as a clause."""
        if self.limited:
            return f"{self.stage} is not complete: {self.why}"
        if self.unread:
            return f"{self.stage} failed: the evidence cannot be read ({self.why})"
        return f"{self.stage} failed by an error of this program ({self.why})"


@dataclass(slots=True)
class Stage:
    """One place with a barrier.

    Attributes:
        name: what it does, as a noun: "the forecast".
        work: the function; tests put one in its place that fails.
        where: the file, node or rule, from the function's own arguments.
        instead: what is given where it breaks, from the same; of a generator, what is given in addition.
        told: see Broken.
        needed: the answer cannot be given without it, so that it is done however late it is.
    """

    name: str
    work: Callable[..., Any]
    where: Callable[..., str]
    instead: Callable[..., Any]
    told: bool
    needed: bool

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        if not self.needed and is_late():
            leave_out(self.name, self.where(*args, **kwargs) or _TOP)
            return self.instead(*args, **kwargs)
        try:
            return self.work(*args, **kwargs)
        except ForensicsError:  # said to the user as it is
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is: this is the barrier
            return self._held(error, *args, **kwargs)

    def rows(self, *args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        """What the generator gives."""
        try:
            return (yield from self.work(*args, **kwargs))
        except ForensicsError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            return (yield from self._held(error, *args, **kwargs))

    def _held(self, error: Exception, *args: Any, **kwargs: Any) -> Any:
        if not _watched:
            raise error
        note(broken_by(error, self.name, self.where(*args, **kwargs) or _TOP, self.told))
        return self.instead(*args, **kwargs)


STAGES: Final[list[Stage]] = []
"""All stages, as far as their modules are loaded."""

_watched: list[list[Broken]] = []


@contextmanager
def watching() -> Iterator[list[Broken]]:
    """Hold back what breaks, and note it in the list that this gives; for all threads of the process."""
    found: list[Broken] = []
    _watched.append(found)
    try:
        yield found
    finally:
        _watched.pop()


def broken_so_far() -> tuple[Broken, ...]:
    """What broke in this run, each once, in an order that does not depend on threads."""
    return tuple(sorted(set(_watched[-1]), key=lambda one: (one.stage, one.where, one.why))) if _watched else ()


def note(broken: Broken) -> None:
    """Add what was held back elsewhere."""
    if _watched:
        _watched[-1].append(broken)


def left_out(stage: str, where: str, why: str) -> Broken:
    """What a limit of the run left out, or cut short."""
    return Broken(stage, where, why, limited=True)


def is_late() -> bool:
    """The run has taken too long: what begins now is left out."""
    return bool(_watched) and of_run().late


def leave_out(stage: str, where: str) -> None:
    """Note that it was left out, as it is too late for it."""
    note(left_out(stage, where, of_run().why("SECONDS_MAX")))


def broken_by(error: Exception, stage: str, where: str, told: bool = False) -> Broken:
    """What an error broke; for the others see Broken."""
    if isinstance(error, UnreadableError):
        return Broken(stage, where, error.strerror or type(error).__name__, told, unread=True)
    return Broken(stage, where, place_of(error), told, memory=isinstance(error, MemoryError))


def place_of(error: BaseException) -> str:
    """`MemoryError in read, line 12`: of the innermost frame."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {frames[-1].name}, line {frames[-1].lineno}" if frames else type(error).__name__


def stage(
    name: str,
    where: Callable[..., str],
    instead: Callable[..., Any],
    *,
    told: bool = False,
    needed: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a stage of a function, a method or a generator. For the arguments see Stage."""

    def around(work: Callable[P, R]) -> Callable[P, R]:
        made = Stage(name, work, where, instead, told, needed)
        STAGES.append(made)
        guarded = made.rows if inspect.isgeneratorfunction(work) else made.call

        @wraps(work)
        def behind(*args: P.args, **kwargs: P.kwargs) -> R:
            return cast(R, guarded(*args, **kwargs))

        return behind

    return around
