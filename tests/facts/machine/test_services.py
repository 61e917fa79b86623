"""What systemctl and timedatectl print, line by line as they do."""

from __future__ import annotations

import pytest

from forensics.evidence import Span
from forensics.facts.machine.services import clock_synchronised, service_states

STATUS = """\
● snap.microk8s.daemon-k8s-dqlite.service - Service for snap application microk8s.daemon-k8s-dqlite
     Loaded: loaded (/etc/systemd/system/snap.microk8s.daemon-k8s-dqlite.service; enabled; preset: enabled)
     Active: {active} since Wed 2026-11-25 00:58:01 UTC; 20min ago
    Process: 1188 ExecStart=/usr/bin/snap run microk8s.daemon-k8s-dqlite (code=exited, status=1/FAILURE)

Nov 25 00:58:01 n1 systemd[1]: Started snap.microk8s.daemon-k8s-dqlite.service - Service for snap application.
"""


def lines(text: str) -> list[tuple[str, Span]]:
    return [(line, Span("log", number, len(line))) for number, line in enumerate(text.splitlines())]


@pytest.mark.parametrize(
    ("active", "state"),
    [
        ("active (running)", "active (running)"),
        ("failed (Result: exit-code)", "failed"),
        ("activating (auto-restart) (Result: exit-code)", "activating (auto-restart)"),
        ("inactive (dead)", "inactive (dead)"),
    ],
)
def test_states_of_systemctl_status(active: str, state: str) -> None:
    found = service_states(lines(STATUS.format(active=active)))
    assert found == {"snap.microk8s.daemon-k8s-dqlite": (state, found["snap.microk8s.daemon-k8s-dqlite"][1])}
    assert found["snap.microk8s.daemon-k8s-dqlite"][1].offset == 2


def test_states_of_list_units() -> None:
    text = """\
  UNIT                   LOAD   ACTIVE     SUB          DESCRIPTION
● lxd.service            loaded failed     failed       LXD - main daemon
  snapd.service          loaded active     running      Snap Daemon
  k3s.service            loaded activating auto-restart Lightweight Kubernetes
"""
    assert {unit: state for unit, (state, _) in service_states(lines(text)).items()} == {
        "lxd": "failed",
        "snapd": "active (running)",
        "k3s": "activating (auto-restart)",
    }


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("System clock synchronized: yes", True),
        ("     NTP synchronized: no", False),  # before systemd 239
        ("          NTP service: active", None),
    ],
)
def test_whether_the_clock_is_synchronised(text: str, answer: bool | None) -> None:
    found = clock_synchronised(lines(text))
    assert (found[0] if found else None) is answer
