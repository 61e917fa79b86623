"""Errors of any wording: the chain, its innermost kind, the operation and the peer.

Expected values are read from the texts by hand. The wordings are those of Go's net, os and context packages, of glibc's
strerror, of SQLite, and of no program at all, where the words alone must do.
"""

from __future__ import annotations

import random
import time
from itertools import product

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.errors.chain import chain_of
from forensics.parsers.errors.diagnose import Diagnosis, diagnose
from forensics.parsers.errors.grammar import WORDINGS, forms_of, kind_of
from forensics.parsers.errors.kind import Kind
from forensics.parsers.errors.place import Operation
from forensics.parsers.errors.record import Level, take_apart
from forensics.parsers.journal import parse_journal
from forensics.parsers.wrapped_lines import width_of

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
        ("fatal: read /x/cluster.yaml: content is malformed", Kind.MALFORMED, Operation.READ),
        ("failed: write segment: no space left on device", Kind.DISK_FULL, Operation.WRITE),
        ("error: the expiry of the certificate has passed: certificate has expired", Kind.CERTIFICATE, None),
    ],
)
def test_the_innermost_part_tells_the_kind(text: str, kind: Kind, operation: Operation | None) -> None:
    found = of(text)
    assert found is not None
    assert (found.kind, found.operation) == (kind, operation)


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
        "2026-01-05 10:00:01 ERROR juju.worker.dbaccessor worker.go:17 {}",
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


def _says_as_much(said: Kind | None, words: list[str]) -> bool:
    """Another kind has a wording that these words hold, and that is as long: then the table's order decides."""
    return any(
        kind is said
        and len(other.split()) >= len(words)
        and all(any(word.startswith(forms) for word in words) for forms in forms_of(other))
        for kind, texts in WORDINGS
        for other in texts
    )


def test_words_count_in_any_order() -> None:
    """Each wording in each form, its words shuffled, numbers between them; the seed is printed where it fails."""
    seed = random.randrange(10**6)  # noqa: S311 - no secret
    r = random.Random(seed)  # noqa: S311 - no secret
    for kind, texts in WORDINGS:
        for words in (list(words) for text in texts for words in product(*forms_of(text))):
            r.shuffle(words)
            said = kind_of(" 17 ".join("x509" if word == "xfivezeronine" else word for word in words))
            assert said is kind or _says_as_much(said, words), f"seed {seed}: {kind}: {words}: {said}"
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


def test_the_source_of_juju() -> None:
    record = take_apart("2026-01-05 10:00:01 ERROR juju.worker.dbaccessor worker.go:17 cannot go on")
    assert (record.level, record.message) == (Level.ERROR, "cannot go on")
    assert (record.source or "").startswith("juju")


HIDDEN = "Canary-4711"


@pytest.mark.parametrize(
    "secret",
    [
        "Authorization: Bearer {}",
        "authorization: Basic {}",
        "--token {}",
        "--password={}",
        "password: {}",
        'join-token: "two words {}"',
        "pwd={}",
        "https://user:{}@10.0.0.1:8443/1.0",
        "client_secret='{}'",
    ],
)
@pytest.mark.parametrize("line", ["Error: cannot join: {}", 'k8s-dqlite: level=error msg="no such thing: {}: refused"'])
def test_no_secret_comes_out_as_a_link(line: str, secret: str) -> None:
    """A link of a chain no longer has the words before it that tell what it is."""
    text = line.format(secret.format(HIDDEN))
    journal = parse_journal(BytesBlob("j", text.encode()))
    assert journal.lines
    assert HIDDEN not in repr(journal)
    assert "4711" not in repr([(found.text, found.named) for found in journal.lines])


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            "a-",
            "a.",
            "1.",
            "1:",
            "/-",
            "/a",
            "=",
            ": ",
            "(",
            ")",
            " ",
            ">",
            "[",
            "[1:",
            "{1 ",
            '{"',
            "'",
            '"',
            "\\",
        ),
        *("x=", 'x="', "vault ", "raft ", "error ", "token=", "token ", "a:1 ", "0x", "é", "|", "://a:", "Assertion "),
        *(
            "{1 1.1.1.1:1 v} ",
            "Jan  5 10:00:01 ",
            "ERROR ",
            "reason ",
            "<",
            "&amp;",
            "snapshot-",
            "goroutine 1 [",
            "E0105 ",
        ),
    ],
)
def test_no_line_takes_long(piece: str) -> None:
    """Forty lines of one piece again and again, each with another end: 4 KB are what is looked at of each.

    A pattern that goes back over what it read takes minutes here: 40 times 4096 squared.
    """
    lines = (
        f"error {piece * (4096 // len(piece))}{chr(97 + number % 26)}{'b' * (number // 26)}" for number in range(40)
    )
    blob = BytesBlob("j", "\n".join(lines).encode())
    begun = time.process_time()
    parse_journal(blob)
    assert time.process_time() - begun < 4.0


def test_in_a_list_of_members_the_numbers_tell() -> None:
    """The same text but for its numbers: both orders, so that what is remembered of the first one does not count."""
    twice = 'level=warning msg="dqlite: servers: [{1 10.0.0.1:19001 voter} {1 10.0.0.2:19001 voter}]"'
    once = twice.replace("{1 10.0.0.2", "{2 10.0.0.2")
    for text in (f"{once}\n{twice}\n", f"{twice}\n{once}\n"):
        assert parse_journal(BytesBlob("j", text.encode())).counts == {"member-listed-twice": 1}


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


@pytest.mark.parametrize("width", [60, 72, 80, 100, 132])
def test_a_line_that_a_terminal_broke_often_is_one(width: int) -> None:
    """The cause stands at the end of 300 characters: in the third piece and later, where a terminal is narrow."""
    wrappers = "".join(f"failed to do thing number {number} of the join: " for number in range(6))
    line = f'time="2026-01-05T10:00:01Z" level=error msg="{wrappers}write open-1: no space left on device"'
    pieces = [line[at : at + width] for at in range(0, len(line), width)]
    text = "\n".join((*pieces, 'time="2026-01-05T10:00:02Z" level=info msg="dqlite goes on"', ""))
    (found,) = parse_journal(BytesBlob("paste.txt", text.encode())).lines
    assert found.code == "disk-full"
    assert found.at.offset == 0


def test_lines_of_their_own_are_not_put_together() -> None:
    """Three lines as long as each other, each with a beginning of its own; and lines of a table."""
    lines = [
        f"2026-01-05T10:00:0{second}Z k8s-dqlite: the disk says: no space left on device, {second}"
        for second in (1, 2, 3)
    ]
    table = [
        f"| n{number} | https://10.0.0.{number}:8443 | database | x86_64 | OFFLINE | no heartbeat |"
        for number in (1, 2)
    ]
    text = "\n".join((*lines, *table, ""))
    assert parse_journal(BytesBlob("paste.txt", text.encode())).counts == {"disk-full": 3}


def test_lines_without_a_time_that_end_where_they_end_are_not_put_together() -> None:
    """The trace of raft's example server: two lines of one length, and no word goes on behind them."""
    asked = "self:3 from:2@127.0.0.1:9002 candidate_id:2 pre_vote:{} (recv_request_vote.c:32)"
    text = "\n".join(
        (asked.format(1), "no pre_vote: term:2 (recv_request_vote.c:92)", asked.format(0), "granted (x.c:9)", "")
    )
    assert width_of(text.encode()) == 0
