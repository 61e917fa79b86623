"""What takes long to make, made by a thread while its user is busy with what came before.

It pays where making lets go of the interpreter, as decompression does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

from forensics.limits import PIECES_AHEAD_MAX

T = TypeVar("T")


class _Maker(Thread, Generic[T]):
    """Makes the items. `made` has each, as the only one of a tuple; then what ended them: an error, or None."""

    def __init__(self, items: Iterable[T]) -> None:
        super().__init__(name="ahead", daemon=True)
        self.made: Queue[tuple[T] | Exception | None] = Queue(PIECES_AHEAD_MAX)
        self._items = items
        self._unwanted = Event()

    def run(self) -> None:
        """See Thread."""
        end: Exception | None = None
        try:
            for item in self._items:
                self.made.put((item,))
                if self._unwanted.is_set():
                    return
        except Exception as error:  # noqa: BLE001 - raised again where the item is asked for
            end = error
        self.made.put(end)

    def stop(self) -> None:
        """Nobody wants more. Behind this at most two things are put, and there is room for them."""
        self._unwanted.set()
        with suppress(Empty):
            while True:
                self.made.get_nowait()
        self.join()


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items in the same order, with what making one raises; at most PIECES_AHEAD_MAX wait.

    Closing the iterator ends the thread.
    """
    maker = _Maker(items)
    maker.start()
    try:
        while isinstance(made := maker.made.get(), tuple):
            yield made[0]
        if made is not None:
            raise made
    finally:
        maker.stop()
