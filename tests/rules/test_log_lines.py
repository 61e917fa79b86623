"""The rules about logs: every known message has one, and lines are told together where they are of one cause."""

from __future__ import annotations

import pkgutil
from collections import Counter
from importlib import import_module

import pytest

import forensics.rules.journal
from forensics import pipeline
from forensics.evidence import BytesBlob
from forensics.ingest.source import Source
from forensics.parsers.journal import parse_journal
from forensics.parsers.messages import MESSAGES
from forensics.rules.api import Finding, Severity
from forensics.rules.engine import catalogue, judge, key_of, words_of
from forensics.rules.error_kinds import KIND_CODES
from forensics.rules.log_endings import Since
from forensics.rules.log_lines import Cause, LogLines
from forensics.rules.numbers_of_text import numbers_of_text
from tests.parsers.test_messages import texts

# Restarts are counted by host.py, and told by the rules about hosts; the last three end what others complain of.
_UNTOLD = {
    *("harmless", "service-restarted", "service-started", "program-started"),
    *("service-ready", "leader-found", "member-joined"),
}
# by the segment's name; by the count that is refused, by the start of a batch; by a list inside of the line
_MADE_BY_RULES = {
    *("segment-empty", "segment-holds-text", "segment-begins-with-text", "segment-batch-shifted"),
    "member-listed-twice",
}

CAUSES: list[Cause] = [
    loaded.CAUSE
    for module in pkgutil.iter_modules(forensics.rules.journal.__path__, "forensics.rules.journal.")
    if hasattr(loaded := import_module(module.name), "CAUSE")  # JRN068 is about whole texts
]


def findings(text: str, name: str = "journal.txt") -> list[tuple[str, Finding, LogLines]]:
    """Key, finding and problem of all that the rules about logs find in a paste."""
    blob = BytesBlob(name, text.encode())
    rules = tuple(rule for rule in catalogue() if rule.topic == "journal")
    with pipeline.take([Source(name, "text", blob.size, blob, "")]) as evidence:
        judgements = judge(pipeline.gather(evidence), rules)
    found = [(judgement, finding) for judgement in judgements for finding in judgement.findings]
    assert all(words_of(judgement, finding).problem for judgement, finding in found)
    return [
        (key_of(judgement, finding), finding, finding.problem)
        for judgement, finding in found
        if isinstance(finding.problem, LogLines)
    ]


def test_every_message_is_taken_by_one_rule() -> None:
    taken = Counter(code for cause in CAUSES for code in cause.clauses)
    known = {message.code for message in MESSAGES} - _UNTOLD | KIND_CODES
    guide = "docs/contributing/journal-message.md"
    assert not known - set(taken), f"no rule takes {', '.join(sorted(known - set(taken)))}: {guide}"
    assert set(taken) - _MADE_BY_RULES <= known
    assert max(taken.values()) == 1
    assert all(set(cause.milder) <= set(cause.clauses) for cause in CAUSES)


@pytest.mark.parametrize("text", [text for code, text in texts() if code not in {"(none)", *_UNTOLD}])
def test_each_text_fills_the_clause_that_is_said_of_it(text: str) -> None:
    (line,) = parse_journal(BytesBlob("journal", text.encode())).lines
    (cause,) = (cause for cause in CAUSES if line.code in cause.clauses)
    refined = cause.refine(line)
    clause = cause.clause(refined.code, refined.named)
    assert clause
    assert not set("{}") & set(clause)


LINE = "Jan  5 10:00:0{} n1 k8s.k8s-dqlite[4711]: raft_start(): io: load closed segment {}: {}\n"


def test_lines_of_one_cause_are_one_finding_with_the_values_of_the_newest() -> None:
    name = "0000000000000001-0000000000000009"
    text = LINE.format(1, name, "found 8 entries (expected 9)") + LINE.format(2, name, "found 7 entries (expected 9)")
    ((key, finding, problem),) = findings(text)
    assert key == f"JRN002.segment-too-few-entries||n1|{name}"
    assert (problem.lines, problem.first, problem.last) == (2, "Jan  5 10:00:01", "Jan  5 10:00:02")
    assert problem.named == {"file": name, "entries": 7, "expected_entries": 9}
    assert [span.offset for span in finding.evidence] == [len(text) // 2, 0]  # the newest, which is quoted, first


def test_lines_about_two_files_are_two_findings_with_keys_of_their_own() -> None:
    names = ("0000000000000001-0000000000000009", "0000000000000010-0000000000000019")
    text = "".join(LINE.format(1, name, "entries batch 1 starting at byte 8: data checksum mismatch") for name in names)
    assert [key for key, _, _ in findings(text)] == [f"JRN003.segment-checksum||n1|{name}" for name in names]


def test_a_line_that_was_cut_off_takes_the_number_from_the_name() -> None:
    """k3s 1919: 13248 - 13039 + 1 = 210."""
    ((_, _, problem),) = findings(LINE.format(1, "0000000000013039-0000000000013248", "found 209 en"))
    assert problem.named["expected_entries"] == 210


def test_a_name_that_ends_before_it_begins_is_told_as_an_empty_file() -> None:
    name = "0000000000001025-0000000000001024"
    ((_, _, problem),) = findings(
        LINE.format(1, name, "entries batch 1 starting at byte 8: entries count in preamble is zero")
    )
    assert problem.kind == "segment-empty"


def test_a_number_that_no_integer_of_the_library_holds_is_not_read() -> None:
    text = "raft_start(): io: last entry on disk has index {}, which is behind last snapshot's index 7\n"
    (line,) = parse_journal(BytesBlob("journal", text.format(2**64 - 1).encode())).lines
    assert line.named == {"last_index": 2**64 - 1, "snapshot_index": 7}
    (line,) = parse_journal(BytesBlob("journal", text.format("9" * 21).encode())).lines
    assert line.code == "error-gap"
    assert not {"last_index", "snapshot_index"} & set(line.named)


def test_milder_messages_bring_their_own_steps() -> None:
    found = findings("k8s-dqlite[1]: error in txn: query (try: 0): context canceled\nno known leader\n")
    severities = {problem.kind: finding.severity for _, finding, problem in found}
    assert severities == {"query-cancelled": Severity.LOW, "no-leader": None}
    steps = {problem.kind: problem.words(Severity.LOW).steps for _, _, problem in found}
    assert steps["query-cancelled"]
    assert steps["no-leader"] is None  # its page has them


def test_a_case_without_logs_is_not_checked_and_says_why() -> None:
    blob = BytesBlob("paste.txt", b"open-1\n")
    rules = tuple(rule for rule in catalogue() if rule.topic == "journal")
    with pipeline.take([Source("paste.txt", "text", blob.size, blob, "")]) as evidence:
        judgements = judge(pipeline.gather(evidence), rules)
    assert {gap.code for judgement in judgements for gap in judgement.gaps} == {"no-journal"}


def test_what_the_service_says_no_more_is_over() -> None:
    lost = "Jan 05 10:00:02 n1 k8s.k8s-dqlite[4711]: dqlite: attempt 1: server 10.0.0.1:9000: no known leader\n"
    later = "Jan 05 13:20:09 n1 k8s.k8s-dqlite[4711]: compact: deleted 411 rows\n"
    ((_, finding, problem),) = findings(lost)
    assert (finding.severity, problem.since) == (None, None)
    ((_, finding, problem),) = findings(lost + later)
    assert (finding.severity, problem.since) == (Severity.INFO, Since.SERVICE_WENT_ON)


READY = "Jan 05 10:00:{} n1 k8s.{}[4711]: started dqlite\n"
LOST = "Jan 05 10:00:{} n1 k8s.k8s-dqlite[4711]: dqlite: attempt 1: server 10.0.0.1:9000: no known leader\n"


def since(text: str) -> dict[str, Since | None]:
    """By the kind of what is found, why it is over."""
    return {problem.kind: problem.since for _, _, problem in findings(text)}


def test_a_service_that_is_up_has_found_its_leader_whatever_the_seconds_between() -> None:
    ((_, finding, problem),) = findings(LOST.format("02") + LOST.format("03") + READY.format("03", "k8s-dqlite"))
    assert (finding.severity, problem.since, problem.lines) == (Severity.INFO, Since.SERVICE_READY, 2)
    assert len(finding.evidence) == 3  # the line that ends it is shown, too


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (READY.format("01", "k8s-dqlite") + LOST.format("02"), "it was up before"),
        (LOST.format("02") + READY.format("04", "k8sd"), "another service"),
        (LOST.format("02") + READY.format("04", "k8s-dqlite").replace(" n1 ", " n2 "), "another machine"),
    ],
)
def test_other_good_starts_end_nothing(text: str, why: str) -> None:
    assert since(text) == {"no-leader": None}, why


def test_a_start_that_succeeds_ends_the_complaints_of_those_that_failed() -> None:
    name = "0000000000000001-0000000000000009"
    failed = LINE.format(1, name, "found 8 entries (expected 9)")
    assert since(failed) == {"segment-too-few-entries": None}
    assert since(failed + READY.format("40", "k8s-dqlite")) == {"segment-too-few-entries": Since.SERVICE_READY}


def test_only_the_member_itself_shows_that_it_answers() -> None:
    silent = "k8s-dqlite[1]: attempt 1: server 10.0.0.{}:9000: dial: dial tcp: connection refused\n"
    told = findings(silent.format(2) + silent.format(3) + "k8s-dqlite[1]: attempt 2: server 10.0.0.2:9000: connected\n")
    assert {problem.named["member"]: problem.since for _, _, problem in told} == {
        "10.0.0.2:9000": Since.MEMBER_ANSWERED,
        "10.0.0.3:9000": None,
    }


def test_a_number_of_a_line_that_is_text_is_read() -> None:
    """3543824036068086856 is 0x312E312F50545448: lowest byte first 48 54 54 50 2F 31 2E 31, HTTP/1.1."""
    text = "unsupported version 3543824036068086856, id 3297041220608546238, index 3543824036068086856"
    assert list(numbers_of_text(text)) == [(3543824036068086856, "HTTP/1.1")]
