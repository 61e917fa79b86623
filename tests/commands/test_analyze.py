"""`analyze` and `convert` as a user runs them: exit codes, streams, outputs, refusals.

Sources: docs/reference/command-line.md#exit-codes, docs/reference/report.md#the-report-document.
"""

from __future__ import annotations

import hashlib
import json
import os
import pty
import select
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.cli import main
from forensics.report.document import AsOf
from forensics.report.formats import FORMATS, WRITTEN
from forensics.report.stored import read_report
from tests.fixtures import fixture

ROOT = Path(__file__).resolve().parents[2]
DAMAGED, HEALTHY = "segment/flipped-bit-last", "healthy/stopped-111"


@cache
def _packed(name: str) -> bytes:
    return pack(build(fixture(name)), "tar.gz")


@pytest.fixture
def damaged(tmp_path: Path) -> str:
    """A packed fixture with one finding at high or above."""
    path = tmp_path / "damaged.tar.gz"
    path.write_bytes(_packed(DAMAGED))
    return str(path)


@pytest.fixture
def healthy(tmp_path: Path) -> str:
    """A packed fixture with nothing wrong."""
    path = tmp_path / "healthy.tar.gz"
    path.write_bytes(_packed(HEALTHY))
    return str(path)


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "forensics", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=120,
    )


def test_0_nothing_found(healthy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", healthy]) == 0
    assert capsys.readouterr().out.startswith("HEALTHY")


def test_1_a_finding_at_or_above_the_gate(damaged: str) -> None:
    assert main(["analyze", damaged]) == 1
    assert main(["analyze", damaged, "--fail-on", "never"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["analyze"],
        ["analyze", "{damaged}", "--fail-on", "dire"],
        ["analyze", "{damaged}", "--as-of", "yesterday"],
        ["analyze", "{damaged}", "--ignore-file", "{damaged}.none"],
        ["analyze", "{damaged}", "--html", "{damaged}"],
        ["analyze", "{damaged}", "--html", "{damaged}.dir/none/x.html"],
        ["analyze", "{damaged}", "--html", "-", "--json", "-"],
        ["convert", "{damaged}", "-o", "x.bin"],
        ["rules", "show", "NONE999"],
    ],
)
def test_2_usage(arguments: list[str], damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main([argument.replace("{damaged}", damaged) for argument in arguments])
    except SystemExit as exit_:
        code = int(str(exit_.code))
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_3_unreadable_or_refused(tmp_path: Path, damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.tar").touch()
    assert main(["analyze", str(tmp_path / "none")]) == 3
    assert main(["analyze", str(tmp_path / "empty.tar")]) == 3
    assert main(["convert", damaged, "-o", str(tmp_path / "x.html")]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (tmp_path / "x.html").exists()


def without(name: str, host: str) -> bytes:
    """A fixture's archive with one host's directory left out."""
    tree = {path: content for path, content in build(fixture(name)).items() if f"/{host}/" not in f"/{path}"}
    return pack(tree, "tar.gz")


def test_4_incomplete_and_nothing_gating(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing of dqlite\n")
    assert main(["analyze", str(tmp_path / "readme.txt")]) == 4  # never 0 when nothing was analysed
    assert main(["analyze", str(tmp_path / "readme.txt"), "--fail-on", "never"]) == 4
    part, out = tmp_path / "part.tar.gz", tmp_path / "part.json"
    part.write_bytes(without(HEALTHY, "n3"))
    assert main(["analyze", str(part), "--json", str(out), "-q"]) == 4
    assert read_report(str(out)).missing[0].kind == "absent"


def test_4_a_cut_archive_gives_what_it_holds(tmp_path: Path, healthy: str) -> None:
    cut, out = tmp_path / "cut.tar.gz", tmp_path / "cut.json"
    cut.write_bytes(Path(healthy).read_bytes()[:-2000])
    assert main(["analyze", str(cut), "--json", str(out), "-q"]) == 4
    document = read_report(str(out))
    assert "archive-cut" in {refusal.code for refusal in document.refusals}
    assert len(document.clusters[0].nodes) == 3


def test_1_wins_over_4(tmp_path: Path) -> None:
    """One node of three, and that one damaged."""
    part = tmp_path / "part.tar.gz"
    part.write_bytes(without(DAMAGED, "n1"))
    out = tmp_path / "r.json"
    assert main(["analyze", str(part), "--json", str(out), "-q"]) == 1
    assert json.loads(out.read_text())["incomplete"] is True


def test_5_internal(damaged: str) -> None:
    code = "import forensics.facts.intake as i, forensics.cli as c, sys; i.ingest = lambda *_: 1 / 0; sys.argv[1:] = "
    code += f"['analyze', {damaged!r}]; c.entry()"
    got = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert got.returncode == 5
    assert "internal error" in got.stderr


def test_130_interrupted(damaged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("forensics.facts.intake.ingest", interrupt)
    assert main(["analyze", damaged]) == 130


def test_every_output_at_once(tmp_path: Path, damaged: str) -> None:
    suffixes = {name: FORMATS[name].suffixes[0] for name in WRITTEN}
    flags = [part for name, suffix in suffixes.items() for part in (f"--{name}", str(tmp_path / f"r{suffix}"))]
    assert main(["analyze", damaged, "-o", str(tmp_path / "new" / "dir"), "-q", *flags]) == 1
    written = {path.name for path in tmp_path.iterdir()}
    assert {f"r{suffix}" for suffix in suffixes.values()} <= written
    for name, suffix in suffixes.items():
        again = tmp_path / f"again{suffix}"
        assert main(["convert", str(tmp_path / "r.json"), "-o", str(again)]) == 0
        assert again.read_bytes() == (tmp_path / f"r{suffix}").read_bytes(), name
    for name in ("html", "json"):
        assert (tmp_path / "new" / "dir" / f"report.{name}").read_bytes() == (tmp_path / f"r.{name}").read_bytes()


def test_data_on_stdout_replaces_the_summary(damaged: str) -> None:
    got = run("analyze", damaged, "--json", "-")
    assert got.returncode == 1
    assert json.loads(got.stdout)["schemaVersion"] == 2
    assert got.stderr == ""  # and no progress where there is no terminal
    assert run("analyze", damaged, "--format", "json").stdout == got.stdout


def test_short_and_quiet(damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["analyze", damaged, "--short"])
    assert capsys.readouterr().out.count("\n") == 1
    main(["analyze", damaged, "-q"])
    assert capsys.readouterr().out == ""


def test_colour(damaged: str) -> None:
    assert "\x1b" not in run("analyze", damaged).stdout
    assert "\x1b[" in run("analyze", damaged, "--color", "always", NO_COLOR="1").stdout


def test_progress_on_a_terminal_only_and_only_on_stderr(damaged: str) -> None:
    """Standard error is a terminal here, standard output is not."""
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "forensics", "analyze", damaged]
    for flags, expected in ((["--short"], True), (["--short", "--no-progress"], False), (["-q"], False)):
        with subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, stderr=terminal, cwd=ROOT) as process:
            said = b""
            while process.poll() is None or select.select([reader], [], [], 0.2)[0]:  # its buffer holds 4 KiB
                said += os.read(reader, 65536) if select.select([reader], [], [], 0.2)[0] else b""
            assert process.stdout is not None
            assert b"\x1b" not in process.stdout.read()
        assert (b"reading the evidence" in said) is expected
        assert not expected or said.endswith(b"\r\x1b[1A\x1b[2K")  # and it is gone in the end
    os.close(terminal)
    os.close(reader)


def test_outputs_inside_the_evidence_are_refused(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    (evidence / "n1").mkdir(parents=True)
    (evidence / "n1" / "metadata1").write_bytes(bytes(32))
    (tmp_path / "link").symlink_to(evidence)
    before = sorted(evidence.rglob("*"))
    for flags in (
        ["-o", str(evidence / "out")],
        ["-o", str(evidence)],
        ["--html", str(evidence / "r.html")],
        ["--sarif", str(tmp_path / "link" / "n1" / "r.sarif")],
        ["--json", str(evidence / "n1" / ".." / ".." / "evidence" / "r.json")],
    ):
        assert main(["analyze", str(evidence), *flags]) == 2
    assert sorted(evidence.rglob("*")) == before


def test_a_hard_link_to_the_evidence_is_the_evidence(tmp_path: Path, damaged: str) -> None:
    os.link(damaged, tmp_path / "same.json")
    digest = hashlib.sha256(Path(damaged).read_bytes()).hexdigest()
    assert main(["analyze", damaged, "--json", str(tmp_path / "same.json")]) == 2
    assert hashlib.sha256(Path(damaged).read_bytes()).hexdigest() == digest


def test_unwritable_output_is_one_clean_line(damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", damaged, "-o", "/proc/nowhere"]) == 6
    assert main(["analyze", damaged, "--html", "/dev/full"]) == 6
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_same_input_same_bytes(tmp_path: Path, damaged: str) -> None:
    """From another folder, by a relative path, with other hash seeds."""
    outputs = []
    for number, (path, cwd) in enumerate(((damaged, ROOT), (os.path.basename(damaged), tmp_path))):
        out = tmp_path / f"out{number}"
        got = run("analyze", path, "-o", str(out), "-q", cwd=cwd, PYTHONHASHSEED=str(number))
        assert got.returncode == 1
        outputs.append([(out / name).read_bytes() for name in ("report.json", "report.html")])
    assert outputs[0] == outputs[1]
    assert str(tmp_path).encode() not in b"".join(outputs[0])


def test_baseline_and_ignore_file_change_the_exit_code(tmp_path: Path, damaged: str) -> None:
    first = tmp_path / "first.json"
    assert main(["analyze", damaged, "--json", str(first), "-q"]) == 1
    assert main(["analyze", damaged, "--baseline", str(first), "-q"]) == 0
    rules = {finding.rule for finding in read_report(str(first)).findings}
    ignore = tmp_path / "ignore.yaml"
    ignore.write_text("".join(f"- {{id: {rule}, reason: accepted}}\n" for rule in sorted(rules)))
    second = tmp_path / "second.json"
    assert main(["analyze", damaged, "--ignore-file", str(ignore), "--json", str(second), "-q"]) == 0
    document = read_report(str(second))
    assert document.findings == ()
    assert {finding.rule for finding in document.suppressed} == rules


def test_as_of_is_in_the_report(tmp_path: Path, healthy: str) -> None:
    out = tmp_path / "r.json"
    main(["analyze", healthy, "--as-of", "2026-01-02T03:04:05+01:00", "--json", str(out), "-q"])
    assert read_report(str(out)).as_of == AsOf(time="2026-01-02T02:04:05+00:00", source="--as-of")


def test_convert_to_the_terminal(tmp_path: Path, damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.json"
    main(["analyze", damaged, "--json", str(out), "-q"])
    capsys.readouterr()
    assert main(["convert", str(out)]) == 0
    assert capsys.readouterr().out.startswith(read_report(str(out)).verdict.level.upper())
    assert main(["convert", str(out), "-o", str(out)]) == 2
