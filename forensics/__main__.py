"""`python -m forensics`, and the console script."""

from __future__ import annotations

import gc
import signal
from typing import Final

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody ignores it
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while modules are loaded: it ends, without a traceback

_LOADED: Final = 200_000  # objects: more than what a command loads makes
_USUAL: Final = gc.get_threshold()


def main() -> None:
    """Run one command, and end. What it loads is no garbage: looking for some there would take a tenth of the start."""
    gc.set_threshold(_LOADED, *_USUAL[1:])
    gc.callbacks.append(_loaded)
    from forensics.cli import entry  # noqa: PLC0415 - see above

    entry()


def _loaded(phase: str, _: object) -> None:
    """Behind the first collection, garbage is looked for as usual, but not among what was there before."""
    if phase == "stop":
        gc.callbacks.remove(_loaded)
        gc.freeze()
        gc.set_threshold(*_USUAL)


if __name__ == "__main__":
    main()
