"""Starts that a log tells: by systemd, and by the program itself, in the forms that logs have.

Intervals are read from the texts by hand.
"""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.facts.machine.service_starts import ServiceStarts, starts_in
from forensics.parsers.journal import parse_journal


def starts(text: str) -> dict[str, ServiceStarts]:
    return starts_in([parse_journal(BytesBlob("j", text.encode()))], None, None)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        (
            '{{"level":"info","ts":"2026-01-05T10:00:{:02}Z","msg":"Starting k8s-dqlite","version":"1.2.0"}}',
            "k8s-dqlite",
        ),
        ('{{"level":"info","ts":17676072{:02}.12,"caller":"main.go:1","msg":"k8sd is starting"}}', "k8sd"),
        ('I0105 10:00:{:02}.123456    17 server.go:36] "Starting k8s-dqlite" version="v1.1.11"', "k8s-dqlite"),
        ("INFO[06-26|16:29:{:02}] LXD 3.0.1 is starting in normal mode     path=/var/lib/lxd", "LXD"),
        ("INFO[2020-09-07T14:47:{:02}.454649901+10:00] Starting k3s v1.18.8+k3s1 (6b595318)", "k3s"),
        ("2026/01/05 10:00:{:02} starting dqlite-demo node at 127.0.0.1:9001", "dqlite-demo"),
        ("2020-09-07 14:47:{:02} INFO juju.cmd supercommand.go:54 running jujud [2.9.22 0 abc gc go1.14.4]", "jujud"),
        ('time="2023-05-05T10:00:{:02}Z" level=info msg="LXD is starting" mode=normal version=5.0.2', "LXD"),
        ("Jan  5 10:00:{:02} n1 k8s.k8s-dqlite[4711]: Starting dqlite", "k8s.k8s-dqlite"),
        ("Jan  5 10:00:{:02} n1 systemd[1]: Starting incus.service - Incus Container Hypervisor...", "incus"),
    ],
)
def test_a_programs_own_first_line_is_a_start(line: str, unit: str) -> None:
    """At seconds 1, 11, 20, 31 and 42: 10, 9, 11 and 11 apart, the median is 10.5."""
    found = starts("\n".join(line.format(second) for second in (1, 11, 20, 31, 42)))
    told = [(name, one.starts, round(one.shortest, 3), round(one.usual, 3), one.regular) for name, one in found.items()]
    assert told == [(unit, 5, 9.0, 10.5, True)]


@pytest.mark.parametrize(
    "line",
    [
        'time="2026-01-05T10:00:{:02}Z" level=info msg="Starting k3s.cattle.io/v1, Kind=Addon controller"',
        'time="2026-01-05T10:00:{:02}Z" level=error msg="failed while starting dqlite"',
        "2026-01-05T10:00:{:02}Z Starting dqlite: raft_start(): io: load closed segment 1-2: no such file",
        "2026-01-05T10:00:{:02}Z Starting dqlite failed",
        "2026-01-05T10:00:{:02}Z Starting kube-proxy",
    ],
)
def test_what_only_looks_like_a_start_is_none(line: str) -> None:
    assert starts("\n".join(line.format(second) for second in (1, 11, 20, 31, 42))) == {}


def test_several_lines_of_one_start_are_one() -> None:
    """Of three starts, ten seconds apart, systemd and the program tell each."""
    text = "".join(
        f"Jan  5 10:00:{second:02} n1 systemd[1]: Started Service for snap application k8s.k8s-dqlite.\n"
        f"Jan  5 10:00:{second + 1:02} n1 k8s.k8s-dqlite[47{second}]: Starting dqlite\n"
        for second in (1, 11, 21)
    )
    found = starts(text)
    assert [(unit, one.starts, one.shortest) for unit, one in found.items()] == [("k8s.k8s-dqlite", 3, 10.0)]


def test_machines_are_told_apart() -> None:
    text = "".join(
        f"Jan  5 10:00:{second:02} {host} k8s.k8s-dqlite[4711]: Starting dqlite\n"
        for second in (1, 11, 21)
        for host in ("n1", "n2")
    )
    assert starts(text)["k8s.k8s-dqlite"].shortest == 10.0
