"""What a terminal, a spreadsheet or a copied file would obey stays text in every command's answer."""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from forensics.cli import main, parser
from forensics.commands import COMMANDS
from forensics.layouts.segment import FORMAT
from forensics.parsers.roles import Role
from forensics.plan.steps.members import cluster_yaml
from forensics.plan.steps.model import Member
from tests.raft_bytes import Made, batch

OBEYED = "\x1b[31mred\x1b]0;t\x07\x9b1m\u202egpj\u2066\x08\x7f\u200b"
ADDRESS = f"=cmd()|{OBEYED}:9000"
CHANGE = 3


def configuration(address: str) -> bytes:
    """One voter (canonical/dqlite src/raft/configuration.c: format, count, id, address, role), filled up to words."""
    made = b"\1" + (1).to_bytes(8, "little") + (1).to_bytes(8, "little") + address.encode() + b"\0" + b"\1"
    return made + bytes(-len(made) % 8)


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    """A node whose log, YAML and file names hold such characters."""
    node = tmp_path / "upload" / f"n1{OBEYED[:9]}" / "k8s-dqlite"
    node.mkdir(parents=True)
    content = bytes(FORMAT.build(1)) + batch([Made(1, CHANGE, configuration(ADDRESS))]) + batch([Made(), Made()])
    (node / "0000000000000001-0000000000000003").write_bytes(content)
    (node / "metadata1").write_bytes(
        bytes.fromhex("0100000000000000 0100000000000000 0100000000000000 0000000000000000")
    )
    quoted = yaml.safe_dump(ADDRESS).strip()
    (node / "info.yaml").write_text(f"Address: {quoted}\nID: 1\nRole: 0\n")
    (node / "cluster.yaml").write_text(f"- Address: {quoted}\n  ID: 1\n  Role: 0\n")
    (node / f"tmp-{OBEYED}").write_bytes(b"")
    return tmp_path / "upload"


def invocations(upload: str, out: Path) -> dict[str, list[list[str]]]:
    """How each command is run on it."""
    return {
        "analyze": [[upload], [upload, "-vv"], [upload, "--short"], [upload, "--format", "json"]],
        "forecast": [[upload], [upload, "--node", OBEYED]],
        "log": [[upload], [upload, "--node", OBEYED]],
        "sql": [[upload, f"select '{OBEYED}' as \"=a{OBEYED}\", '=1+1'"]],
        "extract": [[upload, "-o", str(out / "extracted")]],
        "history": [[upload, OBEYED]],
        "timeline": [[upload]],
        "collector": [[]],
        "completion": [["bash"], ["zsh"], ["fish"]],
        "plan": [[upload]],
        "repair": [[upload, "-o", str(out / "repaired")]],
        "export": [[upload, "-o", str(out / "exported")]],
        "diff": [[upload, upload]],
        "rules": [["list"], ["show", "SEG001"]],
        "convert": [[str(out / "report.json")]],
        "verify-plan": [[str(out / "report.json"), upload]],
        "check": [[str(out / OBEYED)]],
        "redact": [[upload, "-o", str(out / "redacted")]],
        "shrink": [[upload, "-o", str(out / "shrunk")]],
        "fleet": [["run", upload, "--store", str(out / "store")], ["status", "--store", str(out / "store")]],
    }


def names() -> list[str]:
    return [command.__name__.rpartition(".")[2].replace("_", "-") for command in COMMANDS]


@pytest.mark.parametrize("command", names())
def test_nothing_that_a_terminal_obeys(
    command: str, upload: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In every format that goes to standard output, and on standard error."""
    main(["analyze", str(upload), "-q", "--json", str(tmp_path / "report.json")])
    for arguments in invocations(str(upload), tmp_path)[command]:
        for more in formats(command, arguments):
            try:
                main([command, *arguments, *more])
            except SystemExit:  # usage
                continue
            said = "".join(capsys.readouterr())
            assert said
            assert [c for c in said if c in OBEYED and not c.isprintable()] == [], (command, arguments, more)


def formats(command: str, arguments: list[str]) -> list[list[str]]:
    """`--format` with each choice that it has for what goes to standard output."""
    if "--format" in arguments or command in ("export", "convert"):
        return [[]]
    table = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    found = [action.choices for action in table.choices[command]._actions if "--format" in action.option_strings]
    return [["--format", choice] for choice in found[0] or ()] if found else [[]]


def test_cells_that_a_spreadsheet_would_compute(upload: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", str(upload), "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 4
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1:9000",
        "[fd42::1]:9000",
        "n1:9000\n- ID: 2\n  Address: evil:1\n  Role: 0",
        "a: b",
        "x #y",
        "*a",
        "&a b",
        "!!python/object:os.system",
        "1:20",
        "true",
        "",
        "- a",
        ADDRESS,
    ],
)
def test_yaml_that_people_copy(address: str) -> None:
    """It says this address, and nothing else."""
    text = cluster_yaml([Member(1, address, Role.VOTER, None)])
    assert yaml.safe_load(text) == [{"ID": 1, "Address": address, "Role": 0}]
    assert ("'" in text or '"' in text) == (address != "10.0.0.1:9000")


@pytest.mark.parametrize("arguments", [["rules", "show", "SEG001"], ["rules", "list"], ["analyze", "-v"]])
def test_python_that_leaves_docstrings_out(arguments: list[str], upload: Path) -> None:
    arguments += [str(upload)] if arguments[0] == "analyze" else []
    made = [
        subprocess.run([sys.executable, *options, "-m", "forensics", *arguments], capture_output=True, check=False)
        for options in ([], ["-OO"])
    ]
    assert made[0].stdout
    assert (made[0].returncode, made[0].stdout) == (made[1].returncode, made[1].stdout)
