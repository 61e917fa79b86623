"""Whatever breaks inside one file, node or rule is told, and the rest is reported: in every stage that there is."""

from __future__ import annotations

import errno
import importlib
import inspect
import io
import os
import pkgutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

import forensics
from forensics import barrier
from forensics.barrier import STAGES, Stage, stage, watching
from forensics.check.build import build, pack, write
from forensics.cli import main
from forensics.errors import UnreadableError
from forensics.exit_code import ExitCode
from forensics.report.formats import WRITTEN
from forensics.report.stored import read_report
from forensics.rules import engine
from tests.chance import chance
from tests.fixtures import fixture

ERRORS: tuple[Exception, ...] = (
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    OSError(errno.EIO, "Input/output error"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    OverflowError("int too big to convert"),
    sqlite3.OperationalError("Could not decode to UTF-8 column"),
    sqlite3.DatabaseError("database disk image is malformed"),
    KeyError("n1"),
    UnreadableError(errno.ENOENT, "No such file or directory", "n1/metadata1"),
)


def failing(error: Exception) -> Callable[..., Any]:
    def work(*_: object, **__: object) -> Any:
        raise error

    return work


def failing_rows(error: Exception) -> Callable[..., Iterator[Any]]:
    def work(*_: object, **__: object) -> Iterator[Any]:
        yield "first"
        raise error

    return work


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages of these tests are no stages of the program."""
    monkeypatch.setattr(barrier, "STAGES", [])


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_breaks_is_noted_and_replaced(error: Exception) -> None:
    broken = stage("reading", lambda path: path, lambda path: f"no {path}")(failing(error))
    rows = stage("reading rows", lambda path: path, lambda path: [f"no {path}"])(failing_rows(error))
    with watching() as found:
        assert broken("metadata1") == "no metadata1"
        assert list(rows("metadata2")) == ["first", "no metadata2"]
    assert [(one.stage, one.where) for one in found] == [("reading", "metadata1"), ("reading rows", "metadata2")]
    assert all(one.why.startswith(type(error).__name__) or one.unread for one in found)


@pytest.mark.usefixtures("made")
def test_where_it_was_is_asked_only_of_what_broke() -> None:
    """A snapshot's file that did not arrive is no file, and has no path."""
    sound = stage("reading", lambda file: str(file.path), lambda _: "nothing")(lambda file: file)
    with watching() as found:
        assert sound(None) is None
    assert not found


@pytest.mark.usefixtures("made")
def test_outside_of_a_run_nothing_is_held_back() -> None:
    with pytest.raises(MemoryError):
        stage("reading", str, str)(failing(MemoryError()))("x")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interrupt_passes(error: BaseException) -> None:
    with watching(), pytest.raises(type(error)):
        stage("reading", str, str)(failing(error))("x")  # type: ignore[arg-type] # what is no Exception


Command = tuple[str, ...]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[Command]:
    """Commands over nodes that come in every way: together they lead through every stage."""
    space = tmp_path_factory.mktemp("inputs")
    tree = build(fixture("healthy/k8sd"))
    for name, kind in (("n1", "tar.gz"), ("n2", "zip"), ("n2", "tar")):
        own = {path: file for path, file in tree.items() if path.startswith(f"{name}/")}
        (space / f"{name}.{kind}").write_bytes(pack(own, kind))
    write({path: file for path, file in tree.items() if path.startswith("n3/")}, space / "n3")
    (space / "listing.txt").write_text("root@n4:~# ls -l /var/snap/k8s/common/var/lib/k8s-dqlite\ntotal 0\n")
    for name in ("sosreport/flipped-bit", "snapshot/older-data"):
        (space / f"{name.rpartition('/')[2]}.tar").write_bytes(pack(build(fixture(name)), "tar"))
    inputs = [str(space / name) for name in ("n1.tar.gz", "n2.zip", "n3", "listing.txt")]
    earlier = str(space / "earlier.json")
    assert main(["analyze", inputs[0], "-q", "--json", earlier]) == 4
    out = str(space / "out")
    return [
        ("analyze", *inputs, earlier, "--baseline", earlier, "-q", *outputs(out)),
        ("analyze", str(space / "n2.tar"), "-q", *outputs(out)),
        ("log", *inputs, "--type", "change"),
        ("sql", *inputs, "select 1", "--database", "k8sd"),
        *(("analyze", str(space / f"{name}.tar"), "-q", *outputs(out)) for name in ("flipped-bit", "older-data")),
        ("convert", earlier),
        ("sql", inputs[0], "--database", "k8sd"),
    ]


class Questions(io.TextIOBase):
    """A standard input with one question, each time that it is read to its end."""

    def __init__(self) -> None:
        self._left: list[str] = []

    def readline(self, _: int | None = -1) -> str:  # type: ignore[override] # nobody asks for a size
        self._left = self._left or ["select 1;\n", ""]
        return self._left.pop(0)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `sql` is asked that has no query."""
    monkeypatch.setattr(sys, "stdin", Questions())


def outputs(folder: str) -> list[str]:
    """Every format that analyze writes."""
    return [part for name in WRITTEN for part in (f"--{name}", f"{folder}.{name}")]


@dataclass(frozen=True)
class Call:
    """The first call of a stage, and the command that came to it."""

    command: Command
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@pytest.fixture(scope="module")
def reached(commands: list[Command]) -> dict[str, Call]:
    """By stage: the first command that comes to it."""
    found: dict[str, Call] = {}
    with pytest.MonkeyPatch.context() as patch:
        for command in commands:
            for one in stages():
                patch.setattr(one, "work", _recorded(one, command, found))
            patch.setattr(sys, "stdin", Questions())
            main(command)
            patch.undo()
    return found


def _recorded(one: Stage, command: Command, found: dict[str, Call]) -> Callable[..., Any]:
    work, name = one.work, key(one)

    def recorded(*args: Any, **kwargs: Any) -> Any:
        found.setdefault(name, Call(command, args, kwargs))
        return work(*args, **kwargs)

    return recorded


def key(one: Stage) -> str:
    """A stage by its function: several have one name."""
    return f"{one.work.__module__}.{one.work.__qualname__}"


def stages() -> list[Stage]:
    """All that there are, once everything is loaded."""
    for module in pkgutil.walk_packages(forensics.__path__, "forensics."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return STAGES


@pytest.mark.parametrize("one", stages(), ids=key)
def test_every_stage(
    one: Stage, reached: dict[str, Call], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its first call breaks: that is told, never as healthy and never by an internal error, and the rest is there."""
    assert key(one) in reached, "no command of this test comes to it: add an input"
    command, fault = reached[key(one)].command, OSError(errno.EIO, "Input/output error")
    first, work = iter([True]), one.work

    def once(*args: Any, **kwargs: Any) -> Any:
        if next(first, False):
            raise fault
        return work(*args, **kwargs)

    monkeypatch.setattr(one, "work", once)
    code = main(command)
    said = capsys.readouterr().err
    assert f"{one.name} failed" in said
    assert code in (ExitCode.FINDINGS, ExitCode.INCOMPLETE)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("one", stages(), ids=key)
def test_every_stage_with_every_kind(
    one: Stage, error: Exception, reached: dict[str, Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a stage gives instead does not depend on what broke; test_every_stage leads it through the whole program."""
    call = reached[key(one)]
    rows = inspect.isgeneratorfunction(one.work)
    monkeypatch.setattr(one, "work", failing_rows(error) if rows else failing(error))
    with watching() as found:
        given = [*one.rows(*call.args, **call.kwargs)] if rows else one.call(*call.args, **call.kwargs)
    assert [noted.stage for noted in found] == [one.name]
    assert found[0].where
    assert found[0].unread is isinstance(error, UnreadableError)
    assert not rows or given[0] == "first"


def test_some_of_the_matrix(
    reached: dict[str, Call], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any stage with any kind of error through the whole program: others in every run."""
    pairs, random = list(product(stages(), ERRORS)), Random(chance())  # noqa: S311 - repeatable, not secret
    for one, error in random.sample(pairs, min(len(pairs), int(os.environ.get("DQLITE_FORENSICS_MATRIX", "3")))):
        name = key(one)
        with monkeypatch.context() as patch:
            patch.setattr(one, "work", failing(error))  # each call of it
            code = main(reached[name].command)
        said = capsys.readouterr().err
        assert code in (ExitCode.FINDINGS, ExitCode.USAGE, ExitCode.INPUT, ExitCode.INCOMPLETE), (name, error)
        assert f"{one.name} failed" in said or code == ExitCode.INPUT, (name, error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_rule_that_breaks(
    error: Exception, commands: list[Command], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is called broken, and what it would have found is missing."""
    own, *others = engine.catalogue()
    monkeypatch.setattr(engine, "catalogue", lambda: (replace(own, check=failing_rows(error), needs=()), *others))
    out = tmp_path / "report.json"
    assert main(["analyze", commands[1][1], "-q", "--json", str(out)]) in (ExitCode.FINDINGS, ExitCode.INCOMPLETE)
    document = read_report(str(out))
    assert {check.verdict for check in document.checks if check.rule == own.id} == {"broken"}
    assert own.id in {gap.subject for gap in document.missing}
