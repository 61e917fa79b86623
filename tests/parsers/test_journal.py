"""Known messages in logs of every format."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.limits import IO_CHUNK_BYTES, JOURNAL_LINES_MAX
from forensics.masking.text import masked_line
from forensics.parsers.journal import parse_journal

SHORT = "raft_start(): io: load closed segment 0000000000064324-0000000000064793: found 469 entries (expected 470)"


@pytest.mark.parametrize(
    ("line", "time", "unit", "host"),
    [
        (SHORT, None, None, None),
        (f"May 10 10:00:01 pi k3s[77]: {SHORT}", "May 10 10:00:01", "k3s", "pi"),
        (f"2026-01-05T10:00:01+0000 n1 k8s.k8s-dqlite[9]: {SHORT}", "2026-01-05T10:00:01+0000", "k8s.k8s-dqlite", "n1"),
        (f'time="2026-01-05T10:00:01Z" level=fatal msg="{SHORT}"', "2026-01-05T10:00:01Z", None, None),
        (f't=2026-01-05T10:00:01+0000 lvl=eror msg="Failed" err="{SHORT}"', "2026-01-05T10:00:01+0000", None, None),
    ],
)
def test_formats(line: str, time: str | None, unit: str | None, host: str | None) -> None:
    journal = parse_journal(BytesBlob("journal.log", f"before\n{line}\nafter\n".encode()))
    (found,) = journal.lines
    assert (found.code, found.time, found.unit, found.host) == ("segment-too-few-entries", time, unit, host)
    assert found.named == {"file": "0000000000064324-0000000000064793", "entries": 469, "expected_entries": 470}
    assert (found.at.offset, found.at.length) == (7, len(line))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("raft_start(): io: load closed segment 0000000010000470-0000000010000655:", "segment-no-reason"),
        ("Error: start node: raft_start(): ", "start-no-reason"),
        ("Failed to start dqlite server: run failed with 13", "start-no-reason"),
        (
            "io: closed segment 0000000000035835-0000000000035835 is past last snapshot snapshot-30-35516-69",
            "gap-after-snapshot",
        ),
        (
            "io: unexpected closed segment 0000000000000011-0000000000000015: first index should have been 21",
            "segment-unexpected",
        ),
        ("io: last entry on disk has index 389, which is behind last snapshot's index 345408", "log-behind-snapshot"),
        (
            (
                "io: load closed segment 0000000000000001-0000000000000005: entries batch 2 starting at byte 48: data"
                " checksum mismatch"
            ),
            "segment-checksum",
        ),
        ("io: read snapshot-1-1024-77.meta: checksum mismatch", "snapshot-meta-checksum"),
        ("raft_start(): io: LZ4F_decompress ERROR_contentChecksum_invalid\\n", "snapshot-unreadable"),
        ("create node: raft_init(): io: metadata1 has size 40 instead of 32", "metadata-damaged"),
        ("create node: raft_init(): io: probe Async I/O: io_setup: resource temporarily unavailable", "aio-limit"),
        ('error="failed to create dqlite app: bootstrap node can\'t join a cluster"', "bootstrap-joins"),
        ('address \\"10.0.0.1:9000\\" in info.yaml does not match \\"10.0.0.2:9000\\"', "address-mismatch"),
        ("open cluster.yaml node store: yaml: line 2: mapping values are not allowed", "yaml-unreadable"),
        (
            "data directory seems to have existing state 'metadata1'. please remove the file and restart",
            "leftover-state",
        ),
        ('Failed to parse local record "". Found empty certificate', "truststore-empty"),
        ("write /var/x/open-1: no space left on device", "disk-full"),
        ("x509: certificate has expired or is not yet valid: current time is after 2025-07-01", "certificate-refused"),
        ("failed to create dqlite connection: no available dqlite leader server found", "no-leader"),
        ("dqlited: src/raft/uv_append.c:325: uvAliveSegmentReady: Assertion `segment->written' failed.", "assertion"),
        ('level=warning msg="Dqlite last entry" index=1234 term=7', "last-entry"),
        # public threads: k3s 1919 (cut off), raft 372 and 431, k3s 1688 and 1283, incus 665
        (
            "raft_start(): io: load closed segment 0000000000013039-0000000000013248: found 209 en",
            "segment-too-few-entries",
        ),
        ("load closed segment [...]: entries count in preamble is zero", "segment-zeros"),  # LXD's documentation
        ("raft_start(): io: closed segment xxx is past last snapshot xxx", "gap-after-snapshot"),
        (
            "raft_init(): io: create I/O capabilities probe file: posix_allocate: operation not supported",
            "directory-unusable",
        ),
        ("raft_init(): io: io_submit: invalid argument ", "directory-unusable"),
        ("Incus crash with `vfsDatabaseRead: Assertion `amount == (int)page_size'`", "assertion"),
        ("Assertion failed: x == 1 (src/leader.c: leader__exec: 44)", "assertion"),
        ("Assertion failed: db->follower == NULL (src/db.c: db__open_follower: 44)", "database-limit"),
        ("systemd[1]: incus.service: Failed with result 'core-dump'.", "crash"),
        # lxc/incus, canonical/lxd
        ("failed to create cowsql connection: no available cowsql leader server found", "no-leader"),
        ("No dqlite node has address [2602:fc62::169]:8443 ([2602:fc62::170]:8443)", "member-unknown"),
        ("failed to ensure schema: locking protocol", "schema-not-ensured"),
        ("failed to ensure schema: schema version '13' is more recent than expected '10'", "database-too-new"),
        ("failed to ensure schema: begin: context deadline exceeded", "error-deadline"),
        ("lxd: failed to ensure schema: failed to begin transaction: ", "error-cut-off"),
        ("failed to ensure schema: failed to begin transaction: no available dqlite leader server found", "no-leader"),
        ("failed to apply update 11: Failed to add project_id column: driver: bad connection", "schema-update-failed"),
        (
            "failed to open cluster database: force initial raft log replay: driver: bad connection",
            "first-query-failed",
        ),
        ("Failed to create raft factory: failed to create bolt store for raft logs: timeout", "directory-locked"),
        ("error: missing updates: 30 -> 32", "schema-update-failed"),
        ("Unaccounted raft node(s) not found in 'nodes' table for heartbeat: ", "member-tables-differ"),
        ("Error: cannot fetch node config from database: not leader", "leadership-lost"),
        ("DBUG[11-28|23:50:55] Raft: Node at 0 [Leader] entering Leader state", "first-generation-log"),
        # go-dqlite's connector in Juju; juju/juju dbaccessor; microcluster; k3s
        (
            "WARNING connector.go:77 attempt 1: server 10.0.0.1:17666: dial: dial tcp: connection refused",
            "member-silent",
        ),
        ("started DB app, but it failed to become ready; waiting for topology updates", "no-leader"),
        ('level=warning msg="microcluster database is uninitialized"', "never-initialised"),
        ("systemd[1]: Started Service for snap application microk8s.daemon-kubelite.", "service-started"),
        ("reseting node ID from 3810358016083437419 to 1874274155, please restart", "node-id-reset"),
    ],
)
def test_messages(line: str, code: str) -> None:
    assert [found.code for found in parse_journal(BytesBlob("j", line.encode())).lines] == [code]


@pytest.mark.parametrize(
    "line",
    [
        "systemd[1]: Reloading Service for snap application microk8s.daemon-kubelite...",
        "E0116 10:10:10.1 1 controller.go:1] unable to sync kubernetes service: etcdserver: too many requests",
    ],
)
def test_everyday_lines_are_none(line: str) -> None:
    lines = parse_journal(BytesBlob("j", line.encode())).lines
    assert [found.code for found in lines] == []


def test_a_flood_keeps_first_and_last() -> None:
    text = "".join(f"May 10 10:00:01 pi k3s[{number}]: {SHORT}\n" for number in range(1000))
    journal = parse_journal(BytesBlob("j", text.encode()))
    assert journal.counts == {"segment-too-few-entries": 1000}
    assert len(journal.lines) == JOURNAL_LINES_MAX
    assert journal.lines[0].at.offset == 0
    assert journal.lines[-1].at.offset + journal.lines[-1].at.length == len(text) - 1


def test_a_line_over_the_edge_of_a_chunk_is_found_once() -> None:
    padding = b"x" * 99 + b"\n"
    before = padding * (IO_CHUNK_BYTES // 100)
    blob = BytesBlob("j", before + SHORT.encode() + b"\n" + padding * 20000)
    assert [found.at.offset for found in parse_journal(blob).lines] == [len(before)]


def test_secrets_do_not_leave() -> None:
    line = f"join token: eyJuYW1lIjoi{'A' * 60} with password=hunter22 {SHORT}"
    (found,) = parse_journal(BytesBlob("j", line.encode())).lines
    assert "eyJ" not in found.text
    assert "hunter22" not in found.text
    assert "0000000000064324-0000000000064793" in found.text


def test_raft_names_are_no_secrets() -> None:
    name = "snapshot-1974-1879015910-14365864391436586439.meta"
    assert masked_line(f"read {name}: checksum mismatch") == f"read {name}: checksum mismatch"


@pytest.mark.parametrize(
    "text", ["raft_start(): ", "raft_start(): io: load closed segment 0000000010000470-0000000010000655: "]
)
@pytest.mark.parametrize(
    "form",
    ["{}", 'err="Failed to start dqlite server: {}" ', "`{}`", "**{}**", '{{"error": "start node: {}"}}', "{} (1)"],
)
def test_a_missing_reason_is_seen_in_every_wrapping(text: str, form: str) -> None:
    """Loggers, quotes and Markdown close the line behind it."""
    (line,) = parse_journal(BytesBlob("j", form.format(text).encode())).lines
    assert line.code in ("start-no-reason", "segment-no-reason")


def test_a_panic_over_an_error_tells_both() -> None:
    """What it panicked over, and that it did."""
    text = b"panic: open /var/snap/microk8s/current/var/kubernetes/backend/cluster.crt: no such file or directory\n"
    assert [line.code for line in parse_journal(BytesBlob("log", text)).lines] == ["error-file-missing", "error-panic"]


def test_a_line_of_systemd_is_of_the_unit_that_it_names() -> None:
    text = b"Mar 03 10:01:44 n1 systemd[1]: snap.lxd.daemon.service: Main process exited, code=dumped, status=11/SEGV\n"
    (line,) = parse_journal(BytesBlob("j", text)).lines
    assert line.unit == "lxd.daemon"


@pytest.mark.parametrize(
    "line",
    [
        'level=error msg="no leader elected"',
        'level=info msg="waiting until the leader is elected"',
        "k8s.k8s-dqlite[1]: dqlite node is not ready",
        'level=warning msg="could not become leader"',
        'level=error msg="node n3 has not joined the cluster"',
    ],
)
def test_what_did_not_happen_ends_nothing(line: str) -> None:
    codes = {found.code for found in parse_journal(BytesBlob("j", line.encode())).lines}
    assert not codes & {"leader-found", "service-ready", "member-joined"}
