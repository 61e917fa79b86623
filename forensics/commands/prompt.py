"""`sql INPUT` without a query: a prompt that keeps the input and the index open. Its words are SQLite's shell's."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from typing import TYPE_CHECKING

from forensics.barrier import stage
from forensics.commands.dot import COLUMNS, answer
from forensics.commands.reading import reading, say, spending
from forensics.commands.rows import write_rows
from forensics.commands.time_machine import SECRETS, index, origin_words, warn_of_losses
from forensics.errors import ForensicsError, UsageError
from forensics.exit_code import ExitCode

if TYPE_CHECKING:
    from forensics.facts.cluster.cluster import Case
    from forensics.facts.database.choose import Choice
    from forensics.facts.database.open import Database
    from forensics.facts.intake import Evidence

_END = (".quit", ".exit")
_HELP = (
    (".at INDEX", "go to another raft index; without one, to the last"),
    (".databases", "the databases at this index"),
    (".use NAME", "query this one"),
    (".tables", "its tables"),
    (".schema [TABLE]", "how they were made"),
    (".cluster", "who was a member"),
    (".leader", "who led in which term"),
    (".quit", "leave; so does the end of the input"),
)


def converse(options: argparse.Namespace) -> int:
    """Answer line by line until the end of standard input. What is asked wrongly is told, and the prompt goes on.

    Where nobody types, a wrong question makes the exit code USAGE.
    """
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - gives input() editing and a history, where Python has it
    if "-" in options.inputs:
        raise UsageError("standard input cannot be the evidence and the questions: give a query, or a file")
    with (
        spending(options) as budget,
        reading(options.inputs, budget) as evidence,
        _Session(options, evidence) as session,
    ):
        say(f"warning: {SECRETS}")
        if session.interactive:
            say("SQL ends with a semicolon; .help tells the other words")
        answered = True
        while (question := _question(session)) not in _END:
            answered &= _answer(session, question) is not False  # None where it broke: that is told apart
    return ExitCode.OK if answered or session.interactive else ExitCode.USAGE


def _question(session: _Session) -> str:
    """One statement or dot command; `.quit` at the end. An interrupt drops what was begun."""
    begun = ""
    while not begun.startswith(".") and not sqlite3.complete_statement(begun):
        try:
            line = input("   ...> " if begun and session.interactive else session.prompt)
        except EOFError:
            return begun or ".quit"
        except KeyboardInterrupt as interrupt:
            if type(interrupt) is not KeyboardInterrupt or not session.interactive:  # SIGTERM ends every command
                raise
            sys.stdout.write("\n")
            begun = line = ""
        begun = f"{begun}\n{line}".strip()
    return begun


@stage("answering", lambda *_: "a question", lambda *_: None)
def _answer(session: _Session, question: str) -> bool:
    try:
        if question.startswith("."):
            session.dot(question.rstrip(";").split())
        elif question.strip(";"):
            session.ask(question)
    except ForensicsError as error:
        say(str(error))
        return False
    finally:
        sys.stdout.flush()
    return True


class _Session:
    """What is open: the evidence, the databases at one index, and the one that is queried."""

    def __init__(self, options: argparse.Namespace, evidence: Evidence) -> None:
        self.interactive = sys.stdin.isatty()
        self._options = options
        self._evidence = evidence
        self._open = ExitStack()
        self._choice: Choice
        self._name: str
        self._database: Database | None = None
        self._move(options.at)

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def prompt(self) -> str:
        """The database and its index; nothing where nobody types."""
        return f"{self._name}@{self._choice.rebuilt.index}> " if self.interactive else ""

    def ask(self, sql: str, values: tuple[str, ...] = ()) -> None:
        """One statement that only reads."""
        from forensics.facts.database.open import Database, QueryError  # noqa: PLC0415 - heavy imports only where used

        try:
            if self._database is None:
                self._database = self._open.enter_context(Database(self._choice.rebuilt.databases[self._name]))
            result = self._database.query(sql, values)
            self._write(result.columns, result)
        except QueryError as error:
            raise UsageError(f"{self._name}: {error}") from error

    def dot(self, words: Sequence[str]) -> None:
        """One of _HELP. Raises UsageError for others."""
        word, rest = words[0], words[1:]
        known: dict[str, Callable[[Sequence[str]], None]] = {
            ".at": lambda rest: self._move(_index(rest[0]) if rest else None),
            ".databases": lambda _: self._write(("database",), ((name,) for name in self._choice.rebuilt.databases)),
            ".use": self._use,
            ".tables": lambda _: self.ask(f"SELECT name {_MADE} AND type IN ('table', 'view') ORDER BY name"),
            ".schema": lambda rest: self.ask(f"SELECT sql {_MADE} AND ? IN ('', tbl_name)", ("".join(rest[:1]),)),
            ".cluster": lambda _: self._cluster(word),
            ".leader": lambda _: self._cluster(word),
            ".help": lambda _: self._write(("word", "what it does"), _HELP),
        }
        if word not in known:
            raise UsageError(f"{word} is not known here: .help tells what is")
        known[word](rest)

    def _move(self, at: int | None) -> None:
        from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used
        from forensics.facts.database.choose import choose  # noqa: PLC0415 - as above

        options = self._options
        directories = pipeline.directories(self._evidence)
        choice = choose(directories, options.node, options.database, at, ", ".join(options.inputs))
        self._open.close()
        self._open.enter_context(choice.rebuilt)
        self._choice, self._name, self._database = choice, choice.database(options.database), None
        if not options.quiet:
            say(origin_words(choice))
        warn_of_losses(choice, self._name)

    def _use(self, names: Sequence[str]) -> None:
        self._name = self._choice.database("".join(names[:1]))
        self._database = None
        warn_of_losses(self._choice, self._name)

    def _cluster(self, word: str) -> None:
        at = argparse.Namespace(**{**vars(self._options), "at": self._choice.rebuilt.index})
        self._write(COLUMNS[word], answer(word, self._case, at))

    @cached_property
    def _case(self) -> Case:
        from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used

        return pipeline.gather(self._evidence)

    def _write(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        write_rows(sys.stdout, columns, rows, self._options.format)


_MADE = "FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def _index(text: str) -> int:
    try:
        return index(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error)) from error
