"""The recovery in one sentence, as the terminal's and Markdown's summaries have it."""

from __future__ import annotations

from forensics import pipeline
from forensics.report.document import Candidate, Recovery
from forensics.report.parts.recovery import plan_of
from forensics.report.view import recovery_words
from tests.fixtures import known
from tests.made_clusters import gather


def recovery(base: str) -> Recovery:
    """Of a recording that is one cluster."""
    case = gather(base)
    (cluster,) = case.clusters
    [answer] = pipeline.decided(case, deep=True)
    return known(plan_of(cluster, answer, None).recovery)


def test_what_to_settle_first() -> None:
    """split-brain: nobody is recovered from before somebody has decided by content."""
    words = recovery_words(recovery("split-brain"))
    assert words.startswith("settle first: n1 and n2 have committed histories of their own from entry 86 on")
    assert "then recover from n1" in words


def test_what_the_official_rule_costs() -> None:
    """misleading-segments: n2's closed segment ends at 85, the others' open ones at 125 (the recording's truth)."""
    words = recovery_words(recovery("misleading-segments"))
    assert words.startswith("recover from n1: n1 and n3 both end at term 1, index 125")
    assert "picks n2: do not follow it, n2 lacks 40 entries (86 to 125), committed" in words


def test_what_is_not_decided() -> None:
    """A document of listings."""
    row = Candidate(rank=1, node="n1", last_term=None, last_index=9)
    words = recovery_words(Recovery(node="n1", why="n1 ends at 9", ranking=(row,), undecided=("n2",)))
    assert words == "not decided by what arrived (n2 may hold more); so far the furthest: n1: n1 ends at 9"


def test_nobody_can_be_recovered_from() -> None:
    """A document whose only candidate does not start."""
    row = Candidate(rank=1, node="n1", last_term=1, last_index=9, obstacle="does not start")
    words = recovery_words(Recovery(node="n1", why="n1 ends at 9", ranking=(row,)))
    assert words == "no node can be recovered from as it is; nearest: n1: n1 ends at 9"
