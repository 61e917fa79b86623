"""A rule that `python -m bench.new_rule` writes is one at once, and says what it still lacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from bench.new_rule import main, slug
from forensics.rules.api import Rule
from tests import test_catalogue

ROOT = Path(__file__).resolve().parents[1]
NEW = ["SEG999", "segment", "two closed segments hold one index"]


@pytest.fixture
def written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "segment").mkdir()
    assert main(NEW, tmp_path) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "segment" / "seg999_two_closed_segments.py"
    return path


@pytest.fixture
def rule(written: Path) -> Iterator[Rule]:
    spec = spec_from_file_location("new_rule_of_this_test", written)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    try:
        spec.loader.exec_module(module)
        (found,) = (value for value in vars(module).values() if isinstance(value, Rule))
        yield found
    finally:
        del sys.modules[spec.name]


def test_it_passes_the_linter_and_the_formatter(written: Path) -> None:
    """And the types: mypy reads the template as it lies in bench/."""
    for command in (["check"], ["format", "--check"]):
        got = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--config", ROOT / "pyproject.toml", written],
            capture_output=True,
            text=True,
            check=False,
        )
        assert got.returncode == 0, got.stdout


def test_it_is_named_after_what_it_was_given(written: Path, rule: Rule) -> None:
    assert (rule.id, rule.title) == ("SEG999", "two closed segments hold one index")
    text = written.read_text()
    assert "class TwoClosedSegments:" in text
    assert 'kind: ClassVar[str] = "two-closed-segments"' in text
    assert "emplate" not in text


def test_it_has_the_form_of_a_rule(rule: Rule) -> None:
    test_catalogue.test_headings_are_complete(rule)
    test_catalogue.test_title_names_the_problem(rule)


def test_the_catalogue_s_tests_say_what_is_missing(rule: Rule) -> None:
    with pytest.raises(AssertionError, match="SEG999 names no fixture that it fires on"):
        test_catalogue.test_names_fixtures(rule)
    with pytest.raises(AssertionError, match=r"seg999_two_closed_segments\.py has a TODO in lines \d"):
        test_catalogue.test_nothing_is_left_of_the_template(rule)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["SEG001", "segment", "a bad batch is there twice"], "SEG001 is taken; the last of its kind is SEG"),
        (["seg99", "segment", "a bad batch is there twice"], "seg99 is not an ID"),
        (["SEG999", "moon", "a bad batch is there twice"], "there is no topic moon: certificate, cluster,"),
        (["SEG999", "kine", "a bad batch is there twice"], "rules about kine are KIN…"),
        (["JRN999", "journal", "a bad batch is there twice"], "docs/contributing/journal-message.md"),
        (["SEG999", "segment", "a bad batch is there twice."], "without a full stop"),
        (["SEG999", "segment", 'a "bad" batch is there'], "without quotes"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments, Path("nowhere")) == 2
    assert why in capsys.readouterr().err


def test_slugs_have_the_words_that_carry_meaning() -> None:
    assert slug("the node does not start") == "node_does_not"
    assert slug("closed segment with a corrupt batch") == "closed_segment_corrupt"
