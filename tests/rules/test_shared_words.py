"""What several rules share: unusable files, and what a recovery left."""

from __future__ import annotations

import pytest

from forensics.evidence import Anomaly, Span
from forensics.facts.node.recovery_tarball import Tarball, Trouble
from forensics.facts.start.recovery_refusal import Refusal, unpacking_refused
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Severity
from forensics.rules.recovery_words import Reach, StopsStart
from forensics.rules.unusable_file import EmptyFile, UnusableFile, unusable

WHOLE = Span("n1/daemon.yaml", 0, 40)
HALF = Span("n1/daemon.yaml", 10, 5)


def state_file(size: int, *, cut: bool = False, listed: bool = False) -> StateFile:
    return StateFile("daemon.yaml", FileRole.DAEMON, Kind.FILE, size, size, WHOLE, cut=cut, listed=listed)


def test_all_reasons_are_one_finding() -> None:
    wrong = [Anomaly("yaml-key-missing", HALF, "no name"), Anomaly("yaml-key-missing", HALF, "no address")]
    (finding,) = unusable(state_file(40), wrong)
    assert finding.problem == UnusableFile("daemon.yaml", ("yaml-key-missing",) * 2, ("no name", "no address"))
    assert (finding.evidence, finding.where) == ((HALF,), ("daemon.yaml",))


@pytest.mark.parametrize("listed", [True, False], ids=["of a listing", "with its content"])
def test_an_empty_file_is_the_same_however_it_is_known(listed: bool) -> None:
    wrong = [] if listed else [Anomaly("yaml-empty", Span("n1/daemon.yaml"), "it has no content")]
    (finding,) = unusable(state_file(0, listed=listed), wrong)
    assert finding.problem == EmptyFile("daemon.yaml")
    assert finding.evidence == (WHOLE,)  # where nothing can be pointed at, the file


def test_nothing_is_said_of_a_cut_file() -> None:
    assert list(unusable(state_file(40, cut=True), [Anomaly("yaml-syntax", HALF, "line 2")])) == []


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_has_its_words(reason: Refusal) -> None:
    words = StopsStart("recovery_db.tar.gz", reason, ("n1",)).words(Severity.HIGH)
    assert words.details
    assert "{" not in words.message


@pytest.mark.parametrize("trouble", Trouble)
def test_what_cannot_be_unpacked_stops_the_start(trouble: Trouble) -> None:
    refused = unpacking_refused(Tarball((), trouble, None, "archive-cut"))
    assert refused is not None
    assert refused.reason.value == trouble.value
    assert unpacking_refused(Tarball((), None, None)) is None


def test_reach_says_only_what_is_known() -> None:
    assert Reach().words("the copy") == Reach(None, 60).words("the copy") == ""
    assert "45" in Reach(45, None).words("the copy")
    assert "60" in Reach(45, 60).words("the copy")
