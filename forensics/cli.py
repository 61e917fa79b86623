"""Arguments and exit codes; the only module that prints or exits. What a command does lies in forensics/commands/."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from forensics import __version__
from forensics.barrier import Broken, watching
from forensics.commands import COMMANDS
from forensics.commands.completion import answer, asked
from forensics.commands.help import PROGRAM, Commands, HelpFormatter
from forensics.errors import ForensicsError, UnreadableError
from forensics.exit_code import ExitCode
from forensics.masking.text import shown_beside
from forensics.shown import plain
from forensics.streams import make_usable


class _Terminated(KeyboardInterrupt):
    """SIGTERM: whatever cleans up after an interrupt cleans up after this, too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and give its exit code."""
    options = _parsed(arguments)
    with watching() as broken:
        code = _run(options)
    return _told(broken, code)


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments. A command with `intermixed` also takes words behind options, which argparse leaves over."""
    whole = parser()
    options, rest = whole.parse_known_args(arguments)
    if rest and getattr(options, "intermixed", False) and not any(word.startswith("-") for word in rest):
        options.inputs += rest
    elif rest:
        whole.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _run(options: argparse.Namespace) -> int:
    """The command, and the exit code for whatever ends it."""
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except ForensicsError as error:
        return _complain(shown_beside(str(error), _given(options)), error.exit_code)
    except UnreadableError as error:  # where no stage holds it
        return _complain(f"{error.filename}: cannot be read: {error.strerror}", ExitCode.INPUT)
    except BrokenPipeError:
        _close_stdout()  # nothing more to say to a closed pipe
        return ExitCode.OK
    except OSError as error:  # of writing an answer
        _close_stdout()
        return _complain(f"{error.filename or 'standard output'}: {error.strerror or error}", ExitCode.OUTPUT)
    except _Terminated:
        return ExitCode.TERMINATED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code


def _given(options: argparse.Namespace) -> Iterator[str]:
    """What the user wrote on the command line."""
    for value in vars(options).values():
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


class _Parser(argparse.ArgumentParser):
    """A word that is none of the choices is answered with the one that it resembles. Commands get parsers like it."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError:
            near = get_close_matches(str(value), [str(choice) for choice in action.choices or ()], 1)
            if not near:
                raise
            raise argparse.ArgumentError(action, f"there is no {value!r}: did you mean {near[0]!r}?") from None


def parser() -> argparse.ArgumentParser:
    """The command line: all commands with their arguments."""
    top = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [-h] [--version] COMMAND ...",
        epilog="COMMAND --help tells more of each, with examples. The input is never written to.",
        formatter_class=HelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"dqlite-forensics {__version__}")
    commands = Commands(top.add_subparsers(prog=PROGRAM, required=True, metavar="COMMAND", help=argparse.SUPPRESS))
    for command in COMMANDS:
        command.add(commands)
    what = "Read copied dqlite state directories offline, and say what is wrong with them."
    top.description = f"{what}\n\n{commands.overview()}"
    return top


def entry() -> None:
    """Run as the console script, or as `python -m forensics`."""
    try:
        signal.signal(signal.SIGTERM, _terminate)
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:  # see __main__.py
            signal.signal(signal.SIGINT, signal.default_int_handler)
        make_usable()
        if asked():
            answer(parser())
        code = main()
        # The answer is out: a signal while Python ends changes nothing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        gc.freeze()  # nor is there any use in looking for garbage now: a fifth of the time that a pasted text takes
        sys.exit(code)
    except _Terminated:
        sys.exit(ExitCode.TERMINATED)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback for the user, but a code of its own
        sys.exit(_complain(f"internal error: {type(error).__name__}: {error}", ExitCode.INTERNAL))


def _terminate(*_: object) -> None:
    raise _Terminated


def _close_stdout() -> None:
    """What still waits to be written must not be tried again when Python ends."""
    with suppress(OSError):  # a standard output that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(broken: Sequence[Broken], code: int) -> int:
    """The exit code; standard error says what broke, whatever the command's own answer tells of it."""
    for one in dict.fromkeys(broken):
        _complain(f"{one.where}: {one.detail}; the rest is told", code)
    return ExitCode.INCOMPLETE if broken and code == ExitCode.OK else code


def _complain(message: str, code: int) -> int:
    print(f"dqlite-forensics: {plain(message)}", file=sys.stderr)  # noqa: T201 - this module prints
    return code
