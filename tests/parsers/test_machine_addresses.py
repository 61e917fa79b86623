"""Addresses of a machine in a text: what each tool prints, and what tells nothing. Read by hand."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob, Span
from forensics.parsers.machine_addresses import machine_addresses

LONG = """1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0
    inet6 FD42::5/64 scope global
    inet6 fe80::5054:ff:fe12:3456/64 scope link
"""
BRIEF = """lo               UNKNOWN        127.0.0.1/8 ::1/128
eth0             UP             10.0.0.5/24 metric 100 fd42::5/64 fe80::5054:ff:fe12:3456/64
"""
ONE_LINE = """1: lo    inet 127.0.0.1/8 scope host lo
2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0
2: eth0    inet6 fd42::5/64 scope global
"""
IFCONFIG = """eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255
        inet6 fd42::5  prefixlen 64  scopeid 0x0<global>
lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
"""
OLD_IFCONFIG = """eth0      Link encap:Ethernet  HWaddr 52:54:00:12:34:56
          inet addr:10.0.0.5  Bcast:10.0.0.255  Mask:255.255.255.0
          inet6 addr: fd42::5/64 Scope:Global
lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
"""
HOSTNAME = "root@n1:~# hostname -I\n10.0.0.5 fd42::5\n"


def told(text: str) -> list[tuple[str | None, list[str]]]:
    return [(one.host, list(one.addresses)) for one in machine_addresses(BytesBlob("paste.txt", text.encode()))]


@pytest.mark.parametrize("text", [LONG, BRIEF, ONE_LINE, IFCONFIG, OLD_IFCONFIG, "hostname -I: 10.0.0.5 fd42::5\n"])
def test_each_tool(text: str) -> None:
    assert told(text) == [(None, ["10.0.0.5", "fd42::5"])]


def test_each_prompt_begins_a_machine() -> None:
    assert told(f"{HOSTNAME}root@n2:~# ip addr\n{LONG.replace('.5/', '.6/')}") == [
        ("n1", ["10.0.0.5", "fd42::5"]),
        ("n2", ["10.0.0.6", "fd42::5"]),
    ]


def test_each_address_has_its_line() -> None:
    (machine,) = machine_addresses(BytesBlob("paste.txt", HOSTNAME.encode()))
    line = "10.0.0.5 fd42::5"
    assert machine.addresses["10.0.0.5"] == Span("paste.txt", HOSTNAME.index(line), len(line))


@pytest.mark.parametrize(
    "text",
    [
        "2: eth0: <UP>\n    inet 10.0.0.5/24 scope global eth0\n",  # the loopback interface is cut off: what else is?
        LONG + LONG,  # of two machines, and nothing tells whose is whose
        LONG.replace("10.0.0.5", "10.x.x.5"),
        "hostname -I\nhostname: invalid option -- 'I'\n",
        "Jan  5 10:00:01 n1 app[4]: hostname -I: 10.0.0.5\n",
    ],
)
def test_a_part_tells_nothing(text: str) -> None:
    assert told(text) == []
