"""The few things that may be raised: bad usage, refused input. Damage in evidence is a value: see evidence.py."""

from __future__ import annotations


class ForensicsError(Exception):
    """Base of all errors that a caller is expected to show to the user."""


class UsageError(ForensicsError):
    """The request makes no sense (exit code 2)."""


class InputError(ForensicsError):
    """An input cannot be read, or is refused, as a whole (exit code 3).

    Args:
        path: the input as the user named it.
        why: one sentence.
    """

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
