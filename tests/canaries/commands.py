"""Every command with every way to run it over the planted evidence, found from the command line's own parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from forensics.cli import parser
from forensics.fleet.tables import COLUMNS
from forensics.report.formats import WRITTEN

GIVES_DATA = {
    "sql": "rows are what it is asked for",
    "extract": "files are what it is asked for",
    "export": "objects are what it is asked for",
    "collector": "reads no evidence; what its script makes is held against canaries in tests/collector",
    "completion": "reads no evidence, but for the names of nodes",
    "shrink": "a small copy of the input is what it is asked for",
    "rules": "reads no evidence",
    "check": "reads fixtures, which hold no secrets",
}
"""Commands that are not held to this, and why."""

Run = tuple[str, ...]


def names() -> list[str]:
    """All commands that the command line knows."""
    choices = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)).choices
    return sorted(choices or ())


def runs(evidence: Path, scratch: Path) -> dict[str, list[Run]]:
    """The arguments of each command. `scratch/report.json` is a report that `analyze` wrote of the evidence."""
    sound = str(evidence.parent / "sound" / "n1")
    every, one, other = str(evidence), str(evidence / "n1"), str(evidence / "n2")
    report = str(scratch / "report.json")
    return {
        "analyze": [
            (every, "-vv", "--fail-on", "never"),
            (every, "--short", "--fail-on", "never"),
            *((every, f"--{form}", "-", "-q", "--fail-on", "never") for form in WRITTEN if form != "json"),
            *((str(path),) for path in sorted((evidence.parent / "alone").iterdir())),
        ],
        "convert": [(report,)],
        "diff": [(one, other), (one, other, "--format", "json")],
        "fleet": [
            ("run", str(evidence.parent), "--store", str(scratch / "store"), "--workers", "1", "--with-keys"),
            ("status", "--store", str(scratch / "store")),
            *(("sql", f"FROM {table}", "--store", str(scratch / "store"), "--format", "json") for table in COLUMNS),
            ("seen", report, "--store", str(scratch / "store")),
        ],
        "forecast": [(every, "-vv"), (every, "--format", "json")],
        "history": [
            *(
                (sound, "--database", "k8s", key)
                for key in ("/registry/secrets/default/fixture", "/registry/misc/fixture")
            ),
            (sound, "--database", "k8s", "--format", "json", "/registry/configmaps/default/fixture"),
            (sound, "--database", "none", "compact_rev_key"),
        ],
        "log": [(every,), (one, "--format", "json"), (one, "--format", "csv"), (every, "--node", "none")],
        "plan": [(every, "-vv"), (every, "--format", "json")],
        "redact": [(sound, "-o", str(scratch / "redacted")), (one, "-o", str(scratch / "copy"), "--format", "json")],
        "repair": [
            (sound, "-o", str(scratch / "repaired"), "--alone"),
            (every, "--node", "n1", "-o", str(scratch / "refused")),
        ],
        "timeline": [(every,), (every, "--format", "csv"), (every, "--format", "jsonl")],
        "verify-plan": [(report, every), (report, every, "--format", "json")],
    }


def left_behind(folder: Path) -> Iterator[str]:
    """What a command wrote for people to read, beside the state itself."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".md", ".txt", ".sh") and path.is_file():
            yield path.read_text(encoding="utf-8")
