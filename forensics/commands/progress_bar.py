"""A line of progress: what is done, how many bytes of the inputs were read, how fast, how long it will take."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from forensics.budget import Budget


class Bar(Progress):
    """A spinner with the time that passed; a bar with rate and time left while the inputs are being read."""

    def __init__(self) -> None:
        self._budget: Budget | None = None
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            refresh_per_second=4,
        )
        self._only = self.add_task("", total=None)

    def say(self, what: str) -> None:
        """What is being done now."""
        self._budget = None
        self.columns = self.columns[:3]
        self.reset(self._only, description=what, total=None)
        self.refresh()

    def watch(self, budget: Budget, total: int | None) -> None:
        """From now on, show what of the inputs was read."""
        self._budget = budget
        self.columns = (
            *self.columns[:3],
            BarColumn(20),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        self.update(self._only, total=total)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Asked for several times a second."""
        if self._budget is not None:
            self.update(self._only, completed=self._budget.read)
        yield from super().get_renderables()
