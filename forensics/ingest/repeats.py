"""State directories that arrived again: by a second copy of the upload, however it is packed and wherever it lies.

A directory on another host is none of these, though its content be the same: that is a fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from forensics.ingest.products import product_of
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile

Same = Callable[[StateFile, StateFile], bool]


def without_repeats(found: Sequence[StateDirectory], same: Same) -> list[StateDirectory]:
    """Each directory once: the first that was found knows the paths of the others.

    Args:
        found: all directories.
        same: whether two files of one name and size have one content.
    """
    kept: list[StateDirectory] = []
    numbers: dict[tuple[object, ...], list[int]] = defaultdict(list)  # of those kept, by what tells most apart
    for state in found:
        alike = numbers[_look(state)]
        number = next((at for at in alike if _is_repeat(kept[at], state, same)), None)
        if number is None:
            alike.append(len(kept))
            kept.append(state)
        else:
            kept[number] = replace(kept[number], repeats=(*kept[number].repeats, state.path))
    return kept


def _is_repeat(one: StateDirectory, other: StateDirectory, same: Same) -> bool:
    """Of two that look alike."""
    return all(_are_equal(mine, its, same) for mine, its in ((one.files, other.files), (one.around, other.around)))


def _look(state: StateDirectory) -> tuple[object, ...]:
    """Its place, and names and sizes of its files."""
    return (*_place(state), *(tuple(_shape(_held(files.values()))) for files in (state.files, state.around)))


def _place(state: StateDirectory) -> tuple[object, ...]:
    """Which directory of which host it is, as far as path and collector tell."""
    host = product_of(state.path)[1].rpartition("/")[2]
    return state.product, host, state.collection.host if state.collection else None


def _are_equal(one: Mapping[str, StateFile], other: Mapping[str, StateFile], same: Same) -> bool:
    """The same contents, of names and sizes that are the same. Of what has none nothing can be said."""
    return all(
        a.blob is not None and b.blob is not None and same(a, b)
        for a, b in zip(_held(one.values()), _held(other.values()), strict=True)
    )


def _held(files: Iterable[StateFile]) -> list[StateFile]:
    """Without folders, which some archives do not name."""
    return sorted((file for file in files if file.role is not FileRole.DIRECTORY), key=lambda file: file.name)


def _shape(files: Sequence[StateFile]) -> list[tuple[str, int, bool]]:
    return [(file.name, file.size_max, file.cut) for file in files]
