"""Errors without a reason, slow statements, ended services, lists of callers, quotes inside of fields.

Expected values are read from the texts by hand.
"""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.errors.diagnose import Diagnosis, diagnose
from forensics.parsers.errors.kind import Kind
from forensics.parsers.errors.place import Operation
from forensics.parsers.errors.record import Level, take_apart
from forensics.parsers.journal import parse_journal


def of(text: str, *, asked: bool = True) -> Diagnosis | None:
    return diagnose(take_apart(text), text, asked=asked)


def codes(text: str) -> dict[str, int]:
    return dict(parse_journal(BytesBlob("j", text.encode())).counts)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("Error: failed to join the cluster", Operation.JOIN),
        ("Error: unable to bootstrap", Operation.BOOTSTRAP),
        ("Error: could not load the log", Operation.LOAD),
        ("ERROR recovery failed", Operation.RECOVER),
    ],
)
def test_a_wrapper_with_nothing_inside_is_no_reason(text: str, operation: Operation) -> None:
    found = of(text)
    assert found is not None
    assert (found.kind, found.operation) == (Kind.NO_REASON, operation)


def test_a_link_behind_a_wrapper_is_its_reason() -> None:
    found = of("Error: failed to join the cluster: the moon is full")
    assert found is not None
    assert found.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (
            'level=info msg="Slow SQL (started: 2026-01-05 10:00:00 +0000 UTC m=+7.593) (total time: 8.799542727s): X"',
            9,
        ),
        ('I0105 10:00:01.1 7 trace.go:116] Trace[29]: "SQL Commit" (started: x m=+6.3) (total time: 3.00823271s):', 3),
        ('level=warning msg="slow query" took="1m2.4s"', None),
    ],
)
def test_slow_statements_are_told_with_their_seconds(text: str, seconds: int | None) -> None:
    """8.80 s and 3.01 s, rounded; the last one carries its time in a field that is no link."""
    found = of(text)
    assert found is not None
    assert found.kind is Kind.SLOW
    assert found.named().get("seconds") == seconds


@pytest.mark.parametrize(
    "text",
    [
        "systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE",
        "systemd[1]: x.service: Failed with result 'exit-code'.",
        "microk8s is not running. Use microk8s inspect for a deeper inspection.",
        "     Active: activating (auto-restart) (Result: exit-code) since Mon 2026-01-05 10:00:01 UTC",
    ],
)
def test_a_service_that_ended_without_a_word(text: str) -> None:
    found = of(text)
    assert found is not None
    assert found.kind is Kind.ENDED


def test_a_service_that_stopped_well_is_no_complaint() -> None:
    assert of("systemd[1]: k3s.service: Main process exited, code=exited, status=0/SUCCESS") is None


_CALLERS = 'Traceback (most recent call last):\n  File "/x/join.py", line 7, in join\n    update(info)\n'


def test_a_list_of_callers_without_its_exception_is_cut() -> None:
    assert codes(f"microk8s join\n{_CALLERS}")["error-cut-off"] == 1
    assert parse_journal(BytesBlob("j", f"microk8s\n{_CALLERS}".encode())).lines


def test_the_exception_behind_the_callers_is_the_cause() -> None:
    text = f"microk8s join\n{_CALLERS}FileNotFoundError: [Errno 2] No such file or directory: '/x/info.yaml'\n"
    (line,) = parse_journal(BytesBlob("j", text.encode())).lines
    assert (line.code, line.named["file"]) == ("error-file-missing", "info.yaml")


def test_quotes_inside_of_a_field_do_not_end_it() -> None:
    """The field goes on behind the quoted word, and so does the chain."""
    text = r'level=error msg="compact: at or near \"where\": syntax error: unimplemented: this"' + "\n"
    assert codes(f"kine\n{text}") == {"error-version-mismatch": 1}


def test_what_a_unit_of_juju_logs_is_taken_apart() -> None:
    record = take_apart("2026-01-05 10:00:01 WARNING unit.microk8s/1.juju-log logger.go:60 peer:0: error: cannot go on")
    assert (record.level, record.message) == (Level.ERROR, "cannot go on")


def test_a_warning_counts_where_somebody_asks_about_it() -> None:
    text = 'level=warning msg="heartbeat" error="dial tcp 10.0.0.2:8443: connect: connection refused"'
    assert of(text, asked=False) is None
    found = of(text)
    assert found is not None
    assert found.kind is Kind.REFUSED


def test_the_innermost_part_of_an_error_of_sqlite_counts() -> None:
    text = 'level=error msg="error while range on /a /a: disk I/O error: no such file or directory"'
    assert codes(f"kine\n{text}") == {"error-file-missing": 1}
    assert codes('kine\nlevel=error msg="open: disk I/O error"') == {"sqlite-io-error": 1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("k8s-dqlite exited with code 137", Kind.SIGNAL),  # 128 + 9, SIGKILL
        ("Error: dqlite: exit status 134", Kind.SIGNAL),  # 128 + 6, SIGABRT
        ("Error: dqlite: exit status 13", Kind.CUT),  # a number alone is no reason
        ('Error: no remote exists with the given name "n3"', Kind.MEMBER_UNKNOWN),
        ('Error: remote with address "10.0.0.4:7443" exists', Kind.MEMBER_DUPLICATE),
        ("Error: dqlite: CoreClusterMember not found", Kind.MEMBER_UNKNOWN),
        ("Error: rpc error: code = DeadlineExceeded", Kind.DEADLINE),
        ("warning: apply request took too long", Kind.SLOW),
        ("Error: another node is currently joining the cluster", Kind.BUSY),
        ("Error: parse it: yaml: line 4: did not find expected key", Kind.MALFORMED),
    ],
)
def test_kinds_of_members_exits_and_files(text: str, kind: Kind) -> None:
    found = of(text)
    assert found is not None
    assert found.kind is kind


def test_of_an_exit_the_number_tells() -> None:
    lines = ["k8s-dqlite exited with code 137", "k8s-dqlite exited with code 143"]  # 143: SIGTERM, a stop
    for text in (lines, lines[::-1]):
        assert codes("\n".join(text)) == {"error-signal": 1}


def test_why_a_key_file_cannot_be_used_is_no_secret() -> None:
    (line,) = parse_journal(BytesBlob("j", b"Error: dqlite: open /x/cluster.key: permission denied")).lines
    assert (line.code, line.named["file"]) == ("error-permission", "cluster.key")


def test_a_known_message_outside_yields_to_its_inner_end() -> None:
    text = "Error: microovn: failed to load TLS certificate: open /x/server.crt: no such file or directory"
    assert codes(text) == {"error-file-missing": 1}


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (
            'time="2026-01-05T10:00:01Z" level=error msg="Failed to start" error="dial tcp 10.0.0.2:19001: connec',
            't: connection refused" unit=k8s-dqlite',
            Kind.REFUSED,
        ),
        (
            "t=2026-01-05T10:00:01+0000 lvl=eror msg=\"Failed to start the daemon: Failed to open lxd's d",
            'atabase: no space left on device"',
            Kind.DISK_FULL,
        ),
    ],
)
def test_an_error_that_a_terminal_broke_is_rejoined(first: str, second: str, kind: Kind) -> None:
    line = parse_journal(BytesBlob("j", f"{first}\n{second}\n".encode())).lines[0]
    assert line.code in (f"error-{kind.value}", kind.value)


@pytest.mark.parametrize(
    "prefix", ["Jan  5 10:00:02 n1 lxd.daemon[47]: ", "unit-lxd-1: 10:00:02 ERROR juju-log ", "Error: "]
)
def test_the_next_line_of_a_log_is_no_second_half(prefix: str) -> None:
    first = "Jan  5 10:00:01 n1 lxd.daemon[47]: Error: failed to start the daemon of the cluster"
    second = f"{prefix}no space left on device"
    assert parse_journal(BytesBlob("j", f"{first}\n{second}\n".encode())).lines[0].code == "error-no-reason"


def test_what_kubectl_does_not_find_is_no_member() -> None:
    found = of('Error from server (NotFound): configmaps "coredns" not found')
    assert found is not None
    assert found.kind is not Kind.MEMBER_UNKNOWN


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (
            'level=error msg="error while range on /registry/health : con..."',
            {"operation": "query", "file": "health"},
        ),
        ('Error sending heartbeat to cluster member n2: Get "https://10.0.0.2:8443": ', {"peer": "10.0.0.2:8443"}),
    ],
)
def test_a_cut_reason_is_said_to_be_cut_and_the_wrapper_gives_the_place(line: str, named: dict[str, str]) -> None:
    """A wrapper that names a statement or a member still tells no cause."""
    (found,) = parse_journal(BytesBlob("j", line.encode())).lines
    assert found.code == "error-cut-off"
    assert named.items() <= found.named.items()
