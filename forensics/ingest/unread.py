"""Where inputs could not be read to the end: what is not among the files there may have been, and proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forensics.ingest.files import InputFile, Refusal

_WENT_ON = frozenset({"archive-damaged", "archive-unreadable"})  # files may be missing anywhere in the archive
_TWICE = "name-duplicate"  # such a file is there


def unread_places(files: Sequence[InputFile], refusals: Iterable[Refusal]) -> tuple[str, ...]:
    """Paths at or below which files may be missing; empty text for everywhere.

    An archive is read in order, and holds a directory's files in a row: where it ends too early, it is the directory
    of the last file that may lack others. Where reading went on behind damage, it is all of them.
    """
    return tuple(dict.fromkeys(place for refusal in refusals for place in _places(files, refusal)))


def _places(files: Sequence[InputFile], refusal: Refusal) -> Iterator[str]:
    if refusal.harmless or refusal.code == _TWICE:
        return
    inner = f"{refusal.path}!/"
    nested = any(file.path.startswith(inner) for file in files)
    if refusal.path.endswith("/") or nested:
        yield from _of_archive(files, refusal, inner if nested else refusal.path)
    elif "/" in refusal.path or any(f"{file.path}/".startswith(f"{refusal.path}/") for file in files):
        yield refusal.path
    else:
        yield from _of_archive(files, refusal, "")


def _of_archive(files: Sequence[InputFile], refusal: Refusal, prefix: str) -> Iterator[str]:
    inside = [file.path for file in files if file.path.startswith(prefix)]
    if refusal.code in _WENT_ON:
        yield prefix.rstrip("/")
    elif inside:
        yield inside[-1]


def may_lack_files(directory: str, places: Iterable[str]) -> bool:
    """Files of a state directory, or of the product's directory around it, may not have been read."""
    parent, _, name = directory.rpartition("/")
    home = parent if name in ("database", "global") and parent else directory
    return any(
        not place or directory == place or directory.startswith(f"{place}/") or place.startswith(f"{home}/")
        for place in places
    )
