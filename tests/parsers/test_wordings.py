"""One cause in wordings that no program is known to have: the words tell its kind. Kinds are read by hand."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.errors.kind import Kind
from forensics.parsers.journal import parse_journal

_TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.UNREACHABLE: (
        "Error: cannot reach any of the cluster members: 10.1.1.2:8443, 10.1.1.3:8443",
        'level=error msg="Failed to contact peer" err="unable to contact the server 10.1.1.2"',
    ),
    Kind.MEMBER_UNKNOWN: (
        'Error: Node "c3" isn\'t part of this cluster',
        'Error: Could not find a cluster member called "m4": a voter of that name is not known',
        'lxd.daemon[3]: Error: The cluster member "m4" does not exist',
        'k8s.k8sd[3]: Error: Remote "n4" not found',
    ),
    Kind.MEMBER_DUPLICATE: (
        "Error: There is already a cluster member with address 10.1.1.2:8443",
        'Error: The address "10.1.1.2:7443" is already used by member "m2"',
        'Error: Failed to join "LXD" cluster: LXD has already been initialized',
    ),
    Kind.TOKEN: (
        "Error: The provided join token has been revoked or is not valid",
        "there is no JWS signed token in the cluster-info ConfigMap. This token id is invalid for this cluster",
    ),
    Kind.CERTIFICATE: (
        "Error: Peer presented an untrusted certificate",
        'level=error msg="cluster.crt has expired on 2026-01-01"',
        "Error: the server's certificate has no SAN for 10.1.1.2",
        "Error: cluster.crt: the subject alternative names lack 10.1.1.2",
    ),
    Kind.NO_QUORUM: (
        "Error: only 1 out of 3 voters is online, cannot form a majority",
        "Error: Not enough database members are available to reach consensus",
        "Error: Failed to begin transaction: the cluster has lost its quorum: only 1 of 3 voters answers",
    ),
    Kind.NO_LEADER: (
        "Error: The cluster has currently no elected leader",
        "Error: cannot determine the address of the leader",
    ),
    Kind.LOCKED: ("incusd: unable to lock the raft directory: Resource temporarily unavailable",),
    Kind.PORT_TAKEN: ("Error: cannot listen on 10.1.1.2:8443: port is already taken",),
    Kind.VERSION: (
        "Error: This node runs version 5.21.2 but the cluster runs 5.21.3",
        "Error: database schema is newer than this daemon supports",
    ),
    Kind.MALFORMED: (
        "Error: parse info.yaml: unexpected end of stream",
        "Error: cluster.yaml: line 3: found character that cannot start any token",
        "dqlite: metadata1 contains garbage",
    ),
    Kind.CHECKSUM: (
        "raft: segment 0000000000000001-0000000000000009: CRC32 does not match",
        "raft: bad CRC in entry 12",
    ),
    Kind.FILE_MISSING: ("Error: missing snapshot-1-2-3.meta",),
    Kind.PANIC: ("fatal error: concurrent map writes",),
    Kind.MEMORY: (
        "runtime: cannot allocate 8192-byte block (4294967296 in use)",
        "raft: append entries: RAFT_NOMEM",
    ),
    Kind.BUSY: ("Error: another configuration change is in progress",),
    Kind.DEADLINE: (
        "Error: operation did not complete within 30s",
        "Error: gave up waiting for the database after 60 seconds",
    ),
    Kind.CONNECTION_LOST: ("dqlite: read tcp 10.1.1.1:1->10.1.1.2:2: read: connection reset by peer",),
    Kind.CONFIGURATION: ("Error: unable to demote the last voter",),
}


def codes(text: str) -> list[str]:
    return [line.code for line in parse_journal(BytesBlob("paste", text.encode())).lines]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in _TEXTS.items() for text in texts])
def test_the_words_tell_the_kind(kind: Kind, text: str) -> None:
    assert codes(text) == [f"error-{kind.value}"]


@pytest.mark.parametrize(
    "text",
    [
        "Process: 3625 ExecStartPost=/usr/bin/incusd waitready --timeout=600 (code=exited, status=203/EXEC)",
        "Failed to run: ovn-nbctl --timeout=10 --no-leader-only set x",
    ],
)
def test_options_of_a_command_tell_no_kind(text: str) -> None:
    assert not {"error-deadline", "error-no-leader"} & set(codes(f"incusd: Error: {text}"))


def test_advice_behind_a_cause_is_not_the_cause() -> None:
    text = "Error: open cluster.yaml: permission denied. Check that the address is not already in use."
    assert codes(text) == ["error-permission"]


def test_the_callers_of_a_crash_are_no_second_crash() -> None:
    """The Go runtime's own lines behind a signal: registers, and each goroutine."""
    text = "SIGBUS: bus error\nPC=0x1c3d50 m=4 sigcode=2\n\ngoroutine 0 [idle]:\nruntime.x()\n\ngoroutine 7 [select]:\n"
    assert codes(text) == ["error-signal"]
    assert codes("goroutine 7 [select]:\n") == ["error-panic"]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ('    2026-03-03T10:01:44.121Z [ERROR] agent: Coordinate update error: error="No cluster leader"', "HashiCorp"),
        ("2026-03-03T10:01:44.121+0000 I  REPL     [ReplCoord-0] Not starting an election", "MongoDB"),
        ('[2026/03/03 10:01:44.121 +00:00] [FATAL] [lib.rs:465] ["No space left on device"]', "TiKV"),
    ],
)
def test_a_form_of_log_lines_tells_another_product(text: str, product: str) -> None:
    journal = parse_journal(BytesBlob("paste", text.encode()))
    assert product in (journal.of_another or "")
    assert not journal.lines


@pytest.mark.parametrize(
    ("text", "not_told"),
    [
        ("unable to open database file", Kind.DATABASE_MALFORMED),  # SQLite's own text of SQLITE_CANTOPEN
        ("cannot open database", Kind.NOT_INITIALISED),
        ("cannot rename cluster member", Kind.MEMBER_UNKNOWN),
        ("could not update roles of cluster member", Kind.MEMBER_UNKNOWN),
        ("cannot remove the leader", Kind.LEADERSHIP_LOST),
        ("cannot set address of host", Kind.ADDRESS),
        ("garbage collection failed", Kind.MALFORMED),
    ],
)
def test_who_cannot_do_something_does_not_say_what_is_so(text: str, not_told: Kind) -> None:
    assert codes(f"incusd: Error: {text}")
    assert f"error-{not_told.value}" not in codes(f"incusd: Error: {text}")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("open /x/metadata1: Structure needs cleaning", Kind.INPUT_OUTPUT),  # glibc's text of EUCLEAN
        ("cluster.crt is not yet valid: the clock is behind", Kind.CERTIFICATE),
        ("bind to 10.0.0.3:19001 impossible: this address belongs to no interface here", Kind.ADDRESS),
        ("the count of entries in batch 12 is too large", Kind.MALFORMED),
    ],
)
def test_further_words_of_known_kinds(text: str, kind: Kind) -> None:
    assert codes(f"k8s-dqlite: {text}") == [f"error-{kind.value}"]
