"""Every name that the reference lists for a state directory has a role, and nothing has one by accident."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forensics.ingest.roles import FileRole, role_of

PAGE = Path(__file__).parents[2] / "docs/reference/files.md"
EXAMPLES = {"T-I-TS": "1-2-3", "<ns>": "1763812800000000000", "<name>": "open-1", "<digits>": "123", "<seconds>": "99"}
FOLDERS = {"database/", ".backup-99"}  # told by what is in them


def named() -> list[str]:
    """The names in the table's first column, with examples in place of what stands for something."""
    section = PAGE.read_text().partition("## Names in a state directory")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    names = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    for symbol, example in EXAMPLES.items():
        names = [name.replace(symbol, example) for name in names]
    return [name for name in names if name not in FOLDERS]


def test_the_table_is_read() -> None:
    assert {"metadata1", "snapshot-1-2-3.meta", ".cluster.yaml123", "kine.sock:12379"} <= set(named())


@pytest.mark.parametrize("name", named())
def test_a_name_of_the_reference_has_a_role(name: str) -> None:
    assert role_of(name) is not FileRole.UNKNOWN, f"{name}: docs/contributing/file-name.md"


@pytest.mark.parametrize(
    "name", ["notes.txt", "metadata3", "open-", "snapshot-1-2", "info.yaml.bak", "1-2.bak", "meta"]
)
def test_other_names_have_none(name: str) -> None:
    """As docs/reference/files.md says how raft parses names."""
    assert role_of(name) is FileRole.UNKNOWN
