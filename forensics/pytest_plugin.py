"""A plugin for pytest: the state that a program under test leaves is judged when the test is over.

Found through the package's entry point; nothing heavy is loaded before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from forensics.api import Report


class StateDirectories:
    """What the fixture `dqlite_state` gives.

    Args:
        root: where new directories are made.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._judged: list[tuple[Path, Collection[str]]] = []

    def new(self, name: str = "n1", allow: Collection[str] = ()) -> Path:
        """An empty directory for a node to write to. It has to be sound when the test is over, but for `allow`."""
        path = self._root / name
        path.mkdir(parents=True)
        self._judged.append((path, allow))
        return path

    def assert_sound(self, *paths: Path | str, allow: Collection[str] = ()) -> Report:
        """Judge directories now: see forensics.assert_sound. Those given by `new` are the default."""
        __tracebackhide__ = True
        from forensics.api import assert_sound  # noqa: PLC0415 - only tests that ask pay for it

        return assert_sound(*(paths or [path for path, _ in self._judged]), allow=allow)

    def finish(self) -> None:
        """Judge each directory that `new` gave and that holds anything."""
        __tracebackhide__ = True
        for path, allow in self._judged:
            if any(path.iterdir()):
                self.assert_sound(path, allow=allow)


@pytest.fixture
def dqlite_state(tmp_path: Path) -> Iterator[StateDirectories]:
    """State directories that have to be sound when the test is over."""
    states = StateDirectories(tmp_path / "dqlite")
    yield states
    states.finish()
