"""`python -m forensics`, and the console script."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody ignores it
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while modules are loaded: it ends, without a traceback


def main() -> None:
    """Run one command, and end."""
    from forensics.cli import entry  # noqa: PLC0415 - see above

    entry()


if __name__ == "__main__":
    main()
