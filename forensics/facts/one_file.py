"""One file's content and its parser, behind the barrier: what breaks there is told, and the file counts as not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from forensics.barrier import broken_so_far, stage
from forensics.evidence import Blob

T = TypeVar("T")

READING: Final = "reading the file"


@stage(READING, lambda _, blob: blob.path, lambda *_: None)
def parsed_file(parse: Callable[[Blob], T], blob: Blob) -> T | None:
    """What a parser gives of a file; None where it broke."""
    return parse(blob)


def unread_files() -> frozenset[str]:
    """The paths of all files whose reading broke so far."""
    return frozenset(broken.where for broken in broken_so_far() if broken.stage == READING)
