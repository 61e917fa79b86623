"""Arguments and exit codes; the only module that prints or exits. What a command does lies in forensics/commands/."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from forensics import __version__
from forensics.commands import COMMANDS
from forensics.errors import InputError, UsageError

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_INCOMPLETE = 4
EXIT_INTERNAL = 5
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code (CONTRACT, "Exit codes")."""
    options = parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except UsageError as error:
        return _complain(str(error), EXIT_USAGE)
    except InputError as error:
        return _complain(str(error), EXIT_INPUT)
    except BrokenPipeError:
        _close_stdout()  # nothing more to say to a closed pipe
        return EXIT_OK
    except OSError as error:  # of writing an answer: where evidence cannot be read, that is an InputError or a refusal
        _close_stdout()
        return _complain(f"{error.filename or 'standard output'}: {error.strerror or error}", EXIT_USAGE)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return code


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="dqlite-forensics", description="Read copied dqlite state directories, offline.")
    top.add_argument("--version", action="version", version=f"dqlite-forensics {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return top


def entry() -> None:
    """For the console script and `python -m forensics`."""
    try:
        code = main()
        # The answer is out: an interrupt while Python ends changes nothing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(code)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback for the user, but a code of its own
        sys.exit(_complain(f"internal error: {type(error).__name__}: {error}", EXIT_INTERNAL))


def _close_stdout() -> None:
    """What is still waiting to be written must not be tried again when the interpreter ends."""
    with suppress(OSError):  # a standard output that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str, code: int) -> int:
    print(f"dqlite-forensics: {message}", file=sys.stderr)  # noqa: T201 - this module prints
    return code
