"""What is nearly a command or a choice is answered with what it resembles."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.cli import main


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["analyse", "x"], "analyze"),
        (["verifyplan", "x"], "verify-plan"),
        (["analyze", "--fail-on", "hihg", "x"], "high"),
    ],
)
def test_the_nearest_is_named(words: list[str], near: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert f"did you mean '{near}'?" in capsys.readouterr().err


def test_what_resembles_nothing_gets_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["zzz"])
    assert "analyze" in capsys.readouterr().err


def test_an_upload_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload = tmp_path / "x.tar"
    upload.write_bytes(bytes(range(256)))
    assert main(["convert", str(upload), "-o", str(tmp_path / "out.html")]) == 3
    assert "`analyze` reads uploads" in capsys.readouterr().err
