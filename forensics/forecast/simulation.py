"""One simulated start: what the steps share, and the ways in which it can end early."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from forensics.forecast.errmsg import ErrorMessage
from forensics.forecast.files import Directory
from forensics.forecast.losses import Losses
from forensics.forecast.reasons import Accident, AccidentKind, Assumption, Undefined
from forensics.forecast.restored_image import Image
from forensics.forecast.versions import Library


class Code(IntEnum):
    """raft's return codes that a start can end with (include/raft.h; stable since 0.9)."""

    NOMEM = 1
    DUPLICATEID = 3
    DUPLICATEADDRESS = 4
    BADROLE = 5
    MALFORMED = 6
    CORRUPT = 12
    IOERR = 18
    INVALID = 20
    ERROR = 24


class Ended(Exception):  # noqa: N818 - the end of a simulation, not an error of this program
    """The simulated process went no further. Caught in model.py, never seen outside this package."""


class Failed(Ended):
    """The library returned `code`; its text is in the run's message buffer."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Crashed(Ended):
    """The process died: a failed assertion, memory freed twice, or a read outside its memory."""

    def __init__(self, why: Accident) -> None:
        super().__init__(why)
        self.why = why


class Hung(Ended):
    """The process runs forever."""

    def __init__(self, why: Accident) -> None:
        super().__init__(why)
        self.why = why


class Undetermined(Ended):
    """What comes next depends on what happens to lie in memory: `Run.undefined` says why."""


def assertion_failed(expression: str) -> Crashed:
    """The end by an assertion that every build has on, or that this version is known to fail."""
    return Crashed(Accident(AccidentKind.ASSERTION, expression))


@dataclass(slots=True)
class Run:
    """The state of one simulated start."""

    library: Library
    directory: Directory
    message: ErrorMessage = field(default_factory=ErrorMessage)
    losses: Losses = field(default_factory=Losses)
    images: dict[bytes, Image] = field(default_factory=dict)  # databases as restored and applied, by name
    unopened: set[bytes] = field(default_factory=set)  # databases that could not be opened once
    unseen: list[str] = field(default_factory=list)  # files whose content was needed and is not at hand
    movable: set[str] = field(default_factory=set)  # segments that self-repair would move away, with all that follow
    assumed: list[Assumption] = field(default_factory=list)
    undefined: Undefined | None = None
    reading: tuple[str, ...] = ()  # files that the present step is about: where it ends here, they are why

    def takes_for_good(self, name: str) -> bool:
        """The content of this file is needed here and is not at hand: whatever it holds must do."""
        if not self.directory.is_unseen(name):
            return False
        if name not in self.unseen:
            self.unseen.append(name)
        return True

    def fail(self, code: int, text: str | None = None, shown: str | None = None) -> Failed:
        """The failure to raise; with no text, the buffer keeps what it has. For `shown` see ErrorMessage.set."""
        if text is not None:
            self.message.set(text, shown)
        return Failed(code)

    def must(self, holds: bool, what: str) -> None:
        """An assertion of the library: ends the process where the build has assertions on."""
        if not holds and self.library.asserts:
            raise assertion_failed(what)
