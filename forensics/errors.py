"""The few errors that are raised. Damage in evidence is a value: see evidence.py."""

from __future__ import annotations

from typing import ClassVar

from forensics.exit_code import ExitCode


class ForensicsError(Exception):
    """Base of all errors whose text the user sees.

    Attributes:
        exit_code: what the command then ends with.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL


class UsageError(ForensicsError):
    """The request makes no sense."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE


class OutputError(ForensicsError):
    """The request made sense, but an output cannot be written: the disk is full, or may not be written to."""

    exit_code: ClassVar[ExitCode] = ExitCode.OUTPUT


class InputError(ForensicsError):
    """An input cannot be read, or is refused, as a whole.

    Args:
        path: the input as the user named it.
        why: one clause.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INPUT

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class SpaceError(InputError):
    """The private temporary space cannot be written or read: no room on its disk, or an error of it.

    Args:
        why: one clause; what the system says.
    """

    def __init__(self, why: str) -> None:
        super().__init__("private temporary space", why)


class UnreadableError(OSError):
    """Evidence that cannot be read any more: a bad disk, a file that vanished. Attributes: see OSError.

    A class of its own, because an answer that cannot be written is an OSError, too.
    """
