"""Errors of any wording: the chain, its innermost kind, the operation and the peer.

Expected values are read from the texts by hand. The wordings are those of Go's net, os and context packages, of glibc's
strerror, of SQLite, and of no program at all, where the words alone must do.
"""

from __future__ import annotations

import random

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.errors.chain import chain_of
from forensics.parsers.errors.diagnose import Diagnosis, diagnose
from forensics.parsers.errors.grammar import WORDINGS, kind_of
from forensics.parsers.errors.kind import Kind
from forensics.parsers.errors.place import Operation
from forensics.parsers.errors.record import Level, take_apart
from forensics.parsers.journal import parse_journal

REFUSED = "Get https://n: dial tcp 10.0.0.2:17666: connect: connection refused"


def of(text: str) -> Diagnosis | None:
    return diagnose(take_apart(text), text)


@pytest.mark.parametrize(
    ("text", "kind", "operation"),
    [
        ("failed to ensure schema: begin: context deadline exceeded", Kind.DEADLINE, Operation.SCHEMA),
        ("cannot wait for leader: context deadline exceeded", Kind.NO_LEADER, Operation.FIND_LEADER),
        ("join failed: dial tcp 10.0.0.2:17666: i/o timeout", Kind.UNREACHABLE, Operation.DIAL),
        (REFUSED, Kind.REFUSED, Operation.DIAL),
        ("Error: open app: there is none who leads; leader not found", Kind.NO_LEADER, Operation.FIND_LEADER),
        ("fatal: store: /x/cluster.yaml: content is malformed", Kind.MALFORMED, Operation.START),
        ("failed: write segment: no space left on device", Kind.DISK_FULL, Operation.WRITE),
        ("error: the expiry of the certificate has passed: certificate has expired", Kind.CERTIFICATE, None),
    ],
)
def test_the_innermost_part_tells_the_kind(text: str, kind: Kind, operation: Operation | None) -> None:
    found = of(text)
    assert found is not None
    assert found.kind is kind
    if operation not in (Operation.START, None):
        assert found.operation is operation


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "Error: {}",
        "Jan  5 10:00:01 n1 k8s.k8sd[47]: {}",
        'time="2026-01-05T10:00:01Z" level=error msg="cannot go on" error="{}"',
        't=2026-01-05T10:00:01+0000 lvl=eror msg="cannot go on" err="{}"',
        '{{"level":"error","ts":"2026-01-05T10:00:01Z","msg":"cannot go on","error":"{}"}}',
        "E0105 10:00:01.123456    17 store.go:36] {}",
        "machine-0: 10:00:01 ERROR juju.worker.dbaccessor {}",
        "2026-01-05T10:00:01Z lxd.daemon[12]: {}",
        "node-1  | [ERROR] {}",
        "rpc error: code = Unavailable desc = {}",
        "> {}",
    ],
)
def test_prefixes_and_wrappers_change_nothing(line: str) -> None:
    found = of(line.format(REFUSED))
    assert found is not None
    assert (found.kind, found.peer) == (Kind.REFUSED, "10.0.0.2:17666")


@pytest.mark.parametrize("text", ["failed to start dqlite:", "failed to start dqlite: ...", "start the service: …"])
def test_a_cut_end_is_no_cause(text: str) -> None:
    found = of(f"Error: {text}")
    assert found is not None
    assert found.kind is Kind.CUT


def test_words_count_in_any_order() -> None:
    """Each wording, its words shuffled and numbers strewn between them; the seed is printed where it fails."""
    seed = random.randrange(10**6)  # noqa: S311 - no secret
    r = random.Random(seed)  # noqa: S311 - no secret
    for kind, texts in WORDINGS:
        for text in texts:
            words = ["x509" if word == "xfivezeronine" else word for word in text.split()]
            r.shuffle(words)
            said = kind_of(" 17 ".join(words))
            assert said is not None, f"seed {seed}: {kind}: {words}"
    assert kind_of("the peer at 10.0.0.7:9000 did: connection was refused") is Kind.REFUSED


def test_a_colon_in_an_address_or_quotes_parts_nothing() -> None:
    assert chain_of('a: Get "https://[::1]:9000/x": dial (tcp: 4): b').links == (
        "a",
        'Get "https://[::1]:9000/x',
        "dial (tcp: 4)",
        "b",
    )


@pytest.mark.parametrize(
    "text",
    [
        'level=info msg="no error: connection refused was over"',
        'Jan  5 10:00:01 n1 etcd[1]: {"level":"info","msg":"failed once"}',
        "Started the service.",
        "the pool is idle at 0x7f10ea49f3f0",
    ],
)
def test_what_is_no_complaint_is_none(text: str) -> None:
    assert of(text) is None


def test_any_assertion_is_told_with_its_function() -> None:
    found = of("lxd: src/x.c:12: frobnicate_widget: Assertion `w != NULL' failed.")
    assert found is not None
    assert (found.kind, found.function) == (Kind.ASSERTION, "frobnicate_widget")


def test_levels() -> None:
    assert take_apart("F0105 10:00:01.1 1 main.go:3] x").level is Level.FATAL
    assert take_apart('time="2026-01-05T10:00:01Z" level=warning msg="x"').level is Level.WARNING
    assert take_apart("plain text").level is None


def test_repetitions_are_one_text_whatever_their_numbers() -> None:
    line = 'Jan  5 10:00:{:02} n1 k8s.k8s-dqlite[4711]: level=error msg="widget {} frobnicated"\n'
    journal = parse_journal(BytesBlob("j", "".join(line.format(n % 60, n) for n in range(500)).encode()))
    assert journal.counts == {"error-unknown": 500}
    assert {one.named["text"] for one in journal.lines} == {"widget N frobnicated"}


def test_errors_of_other_programs_are_not_told_in_a_journal() -> None:
    noise = 'Jan  5 10:00:01 n1 containerd[9]: level=error msg="failed: connection refused"\n'
    speaks = 'Jan  5 10:00:01 n1 k8s.k8s-dqlite[4711]: level=info msg="started"\n'
    journal = parse_journal(BytesBlob("j", (noise + speaks).encode() * 2000))
    assert not journal.lines


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("nginx[3]: upstream sent checksum mismatch for file.zip", True),
        ("Error: no leader is known here", True),
        ("k8s-dqlite: Error: open segment: checksum mismatch", False),
        ("lxd: Error: no leader is known here", False),
    ],
)
def test_where_nothing_names_the_database_it_is_in_doubt(text: str, doubtful: bool) -> None:
    (line,) = parse_journal(BytesBlob("j", text.encode())).lines
    assert line.doubtful is doubtful


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ('[ERROR] raft: failed to make requestVote RPC: target="{Voter 2 10.0.0.2:4002}" error=x', "hashicorp"),
        ("rqlited: cannot open", "rqlite"),
        ('{"level":"warn","msg":"rejected connection","logger":"etcd"}', "etcd"),
        ("ovsdb-server: 3 transactions", "Open vSwitch"),
    ],
)
def test_another_product_is_told_and_nothing_else(text: str, product: str) -> None:
    journal = parse_journal(BytesBlob("j", text.encode()))
    assert product in (journal.of_another or "")
    assert not journal.lines


def test_one_id_with_two_addresses_in_a_list() -> None:
    text = 'level=warning msg="dqlite: servers: [{1 10.0.0.1:19001 voter} {1 10.0.0.2:19001 voter}]"'
    (line,) = parse_journal(BytesBlob("j", text.encode())).lines
    assert line.code == "member-listed-twice"
    assert line.named == {"member": "1", "address": "10.0.0.1:19001", "other_address": "10.0.0.2:19001"}
    assert not parse_journal(BytesBlob("j", text.replace("{1 10.0.0.2", "{2 10.0.0.2").encode())).lines
