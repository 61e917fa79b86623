"""Damage that nobody chose: the report names `repair`, real dqlite starts what that writes, and `verify-plan` says so.

Another damage for each state of the code; the chance is printed.
"""

from __future__ import annotations

import json
import random
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.make.client import DqliteError
from forensics.check.build import write
from forensics.check.tree import File, Tree
from forensics.cli import main
from tests.chance import chance
from tests.held.damage import Damaged, damaged, seeds
from tests.held.raw_log import Entry, read_log
from tests.held.recording import names, version_of, voters_at
from tests.held.starts.library import DEBIANS, Member, Nodes
from tests.repair.judge import Judged
from tests.tools import tool

_COMMAND = "dqlite-forensics repair "
_SECONDS = 60.0
_EACH = 3  # damages of each recording that are tried until a report names the command


def test_damage_that_nobody_chose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("dqlite-demo")
    made, report = next(_reported(tmp_path))
    commands = _commands(report)
    trees: dict[str, Tree] = dict(made.trees)
    ledgers = {}
    for command in commands:
        *typed, name = shlex.split(command)[1:]
        node, out = typed[typed.index("--node") + 1], tmp_path / name
        arguments = [str(tmp_path / "upload.tar") if one == "UPLOAD" else one for one in typed]
        assert main([*arguments, str(out)]) == 0, (made.title, command)
        ledgers[node] = out / "repair.json"
        trees[node] = {path.name: File(path.read_bytes()) for path in out.iterdir() if path.stem != "repair"}
    [start] = [step for step in report["case"]["first"] if step["kind"] == "start"]
    started = [name for name in (*start["nodes"], *start["then"]) if name in trees]
    known = voters_at(max(made.base.lines.values(), key=len))
    voters = [name for name in started if made.base.ids[name] in known]
    others = [
        name for name in started if name not in voters and "metadata1" in trees[name]
    ]  # not a spare without a log
    members = {name: Member(trees[name], made.base.ids[name], made.base.addresses[name]) for name in started}
    with Nodes(made.base.version, members, later=start["then"]) as nodes:
        assert not nodes.failures(), made.title
        assert nodes.wait_led([name for name in voters if name in start["nodes"]], _SECONDS), made.title
        nodes.start(name for name in start["then"] if name in trees)  # not before there is a leader
        assert not nodes.failures(), made.title
        assert nodes.wait_led(voters, _SECONDS), made.title
        _write(nodes)
        assert _caught_up(nodes, others, voters), made.title  # a stand-by that begins anew names no leader
        nodes.kill()
        trees |= nodes.trees()
    later = tmp_path / "later"
    for name, tree in trees.items():
        write(tree, later / name)
    for node, ledger in ledgers.items():
        capsys.readouterr()
        main(["verify-plan", str(ledger), str(later), "--format", "json"])
        answer = json.loads(capsys.readouterr().out)
        traces = {step["kind"]: step["trace"] for step in answer["steps"] if step["nodes"] == [node]}
        ran = node in started  # else it returns in a later step
        assert (traces["restore"], traces["start"] == "taken") == ("taken", ran), (made.title, node)
    capsys.readouterr()
    main(["verify-plan", str(tmp_path / "report" / "report.json"), str(later), "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    told = {step["kind"]: step["trace"] for step in answer["steps"]}
    expected = {"start": "taken", "repair": "taken", "return": "not-taken"}  # nobody started who returns
    kinds = {"start", *(step["kind"] for step in report["case"]["first"] if _typed(step))}
    assert {kind: told[kind] for kind in kinds} == {kind: expected[kind] for kind in kinds}, (
        made.title,
        answer["steps"],
    )


def _write(nodes: Nodes) -> None:
    """The leader writes a database of its own: again, where it just lost the leadership."""
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            [leader] = nodes.wait_leaders(_SECONDS)
            with nodes.client(leader) as client:
                client.open("later")
                client.execute("CREATE TABLE IF NOT EXISTS later (n)")
        except (DqliteError, OSError):
            if time.monotonic() > deadline:
                raise
        else:
            return


def _caught_up(nodes: Nodes, names: list[str], voters: list[str]) -> bool:
    """All that these nodes' leader wrote has reached them."""
    deadline = time.monotonic() + _SECONDS
    while names:
        ends = {name: max(_entries(tree), default=0) for name, tree in nodes.trees().items()}
        wanted = max(ends[name] for name in voters)
        if all(ends[name] >= wanted for name in names):
            break
        if time.monotonic() > deadline:
            return False
        time.sleep(1)
    return True


def _entries(tree: Tree) -> dict[int, Entry]:
    return read_log({name: file.content for name, file in tree.items()})


def _reported(where: Path) -> Iterator[tuple[Damaged, dict[str, Any]]]:
    """Damaged recordings whose report's first steps have the command."""
    chosen = [name for name in names() if version_of(name) == DEBIANS]
    random.Random(chance()).shuffle(chosen)  # noqa: S311 - reproducible on purpose
    for seed in (seed for name in chosen for seed in seeds(name, _EACH + 1, chance())[1:]):
        made = damaged(seed)
        judged = Judged(made)
        if not judged.line or judged.majority_is_sound or not judged.repairable:
            continue
        (where / "upload.tar").write_bytes(made.input())
        out = where / "report"
        main(["analyze", str(where / "upload.tar"), "--fail-on", "never", "-o", str(out), "--quiet"])
        report = json.loads((out / "report.json").read_text("utf-8"))
        if _commands(report):
            yield made, report


def _commands(report: dict[str, Any]) -> list[str]:
    return [command for step in report["case"]["first"] for command in _typed(step)]


def _typed(step: dict[str, Any]) -> list[str]:
    return [command for command in step["commands"] if command.startswith(_COMMAND)]
