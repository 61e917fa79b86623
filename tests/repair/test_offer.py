"""Beside a fault stands the command that writes a directory without it: it is typed here, and does so."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.fault_kind import FaultKind
from forensics.report.formats import FORMATS
from tests.fixtures import known, report
from tests.repair.test_repair import upload


@pytest.mark.parametrize("name", ["segment/single-flipped-bit", "cluster/three-flipped-bits", "segment/single-zeros"])
def test_the_command_beside_the_fault(name: str, tmp_path: Path) -> None:
    document = report(name)
    [fault] = [one for one in known(document.case).faults if one.kind is FaultKind.LOG_DAMAGED]
    assert fault.repair
    page = FORMATS["html"].render(document)
    for command in fault.repair:
        assert command in page
        program, *arguments = shlex.split(command)
        out = tmp_path / arguments[-1]
        typed = [str(upload(tmp_path, name)) if one == "UPLOAD" else one for one in arguments[:-1]]
        assert (program, main([*typed, str(out)]), out.exists()) == ("dqlite-forensics", 0, True)


@pytest.mark.parametrize("name", ["healthy/just-joined", "segment/flipped-bit-last", "cluster/split-brain"])
def test_none_where_others_go_on_or_it_would_be_a_guess(name: str) -> None:
    assert not [one for one in known(report(name).case).faults if one.repair]
