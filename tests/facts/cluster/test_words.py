"""Every reason that facts know has words: one that was added and forgotten there would break a report."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest

from forensics.facts.cluster.commit_proof import Ground, Limit, LimitReason, Proof
from forensics.facts.cluster.comparison_words import subject_words
from forensics.facts.cluster.history import LeaderKnownBy, Moment, MomentKind, TermBand
from forensics.facts.cluster.join import Copy, CopyKind, Link, LinkReason
from forensics.facts.cluster.member_changes import MembersChange, ServerChange, Step, Told
from forensics.facts.cluster.member_sources import Found, MemberSource
from forensics.facts.cluster.membership import Forced, ForcedBy
from forensics.facts.cluster.state_change import Aspect, Subject
from forensics.facts.cluster.words import (
    forced_words,
    leader_words,
    limit_words,
    link_words,
    members_change_words,
    moment_words,
    proof_words,
    source_words,
)
from forensics.facts.database.kine_oddity import Oddity, OddRow
from forensics.facts.database.loss import Loss, LossKind
from forensics.facts.database.summary import NotExamined, WhyNot
from forensics.facts.database.words import loss_words, not_examined_words, odd_row_words
from forensics.facts.log.range_writes import NotTold, RangeWrites
from forensics.facts.log.words import writes_words
from forensics.ingest.roles import FileRole

WORDS: list[tuple[type[Enum], Callable[[Any], str]]] = [
    (Ground, lambda ground: proof_words(Proof(7, ground, 7, nodes=("n1",), term=2, voters=3, later=9))),
    (LimitReason, lambda reason: limit_words(Limit(7, reason, 1, 3, 2, 7, "n2", 3))),
    (LinkReason, lambda reason: link_words(Link(("n1", "n2"), True, reason, 7, "n2"))),
    (LeaderKnownBy, lambda known: leader_words(TermBand(2, 1, 7, None, known, 2, 3))),
    (MomentKind, lambda kind: moment_words(Moment(0.0, "n1", kind, "n1/open-1", 7, "open-1"))),
    (ForcedBy, lambda by: forced_words(Forced(by, 2, 1))),
    (Told, lambda told: members_change_words(MembersChange(told))),
    (Step, lambda step: members_change_words(MembersChange(Told.COMPARED, (ServerChange(step, "a", "b"),)))),
    (Found, lambda found: source_words(MemberSource("configuration", ("n1",), 7, (), (), found))),
    (CopyKind, lambda kind: source_words(MemberSource("info.yaml", (), 7, (), (), None, Copy("n1", "n2", kind)))),
    (Aspect, lambda aspect: subject_words(Subject(aspect, 7, 3, file="open-1", role=FileRole.TEMPORARY))),
    (NotTold, lambda why: writes_words(RangeWrites(not_told=why, detail="k8s: locked"))),
    (LossKind, lambda kind: loss_words(Loss(kind, "k8s", 7, 9, "no frame"))),
    (WhyNot, lambda why: not_examined_words(NotExamined(why, 7, "no space left"))),
    (Oddity, lambda oddity: odd_row_words(OddRow(oddity, 7, "/registry/a", 5, 6))),
]


@pytest.mark.parametrize(("kinds", "words"), WORDS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_has_words_of_its_own(kinds: type[Enum], words: Callable[[Any], str]) -> None:
    """And no two say the same."""
    told = [words(kind) for kind in kinds]
    assert all(told)
    assert len(set(told)) == len(told)
