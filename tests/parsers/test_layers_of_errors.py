"""Of which layer an error is that nothing knows: by what it names, else by who speaks. Read by hand."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob, Span
from forensics.parsers.errors.layer import Layer, layer_of
from forensics.parsers.errors.record import take_apart
from forensics.parsers.journal import parse_journal


@pytest.mark.parametrize(
    ("line", "unit", "layer"),
    [
        ("LIBRAFT   1690000000 uvPrepare:12 [ERROR] widget frobnicated", "", Layer.RAFT),
        ('level=error msg="raft: widget frobnicated"', "k8s.k8s-dqlite", Layer.RAFT),
        ("LIBDQLITE 1690000000 server:12 [ERROR] widget frobnicated", "", Layer.DQLITE),
        ("Error: driver: widget frobnicated", "", Layer.CLIENT),
        ("Error: SQLITE_WIDGET frobnicated", "lxd.daemon", Layer.SQLITE),
        ("Error: kine widget frobnicated", "k8s.k8s-dqlite", Layer.KINE),
        ("Error: tls: widget frobnicated", "incusd", Layer.TLS),
        ("Jan  5 10:00:01 n1 k8s.k8s-dqlite[47]: Error: widget frobnicated", "", Layer.K8S_DQLITE),
        ("Jan  5 10:00:01 n1 microceph.daemon[47]: Error: widget frobnicated", "", Layer.MICROCLUSTER),
        ("Jan  5 10:00:01 n1 lxd.daemon[47]: Error: widget frobnicated", "", Layer.LXD),
        ("machine-0: 10:00:00 ERROR juju.worker.dbaccessor widget frobnicated", "", Layer.JUJU),
        ("Jan  5 10:00:01 n1 k3s[47]: Error: widget frobnicated", "", Layer.K3S),
        ("Jan  5 10:00:01 n1 snapd[47]: Error: widget frobnicated", "", Layer.SNAP),
        ("Jan  5 10:00:01 n1 systemd[1]: widget frobnicated", "", Layer.SYSTEMD),
        ("Error: widget frobnicated", "snap.k8s.k8sd", Layer.MICROCLUSTER),
        ("Jan  5 10:00:01 n1 k8s.kubelet[47]: Error: widget frobnicated", "", Layer.KUBERNETES),
        ("Jan  5 10:00:01 n1 microk8s.daemon-apiserver[47]: Error: widget frobnicated", "", Layer.KUBERNETES),
        ("Jan  5 10:00:01 n1 jujud-machine-0[47]: Error: widget frobnicated", "", Layer.JUJU),
        ("Jan  5 10:00:01 n1 microk8s.daemon-k8s-dqlite[47]: Error: widget frobnicated", "", Layer.K8S_DQLITE),
        ("Error: widget frobnicated", "", None),
        ("Error: widget frobnicated", "daemon", None),  # many programs are called so
    ],
)
def test_the_layer_of_an_error(line: str, unit: str, layer: Layer | None) -> None:
    assert layer_of(take_apart(line), unit) is layer


def codes(text: str) -> list[str]:
    return [line.code for line in parse_journal(BytesBlob("paste.txt", text.encode())).lines]


@pytest.mark.parametrize("speaker", ["[rqlited] 2026/01/05 10:00:01 ", "Jan  5 10:00:01 n1 etcd[4]: ", "consul  | "])
@pytest.mark.parametrize(
    "message",
    [
        "listen tcp 10.0.0.7:4002: bind: cannot assign requested address",
        "write segment: no space left on device",
        "panic: runtime error: nil pointer dereference",
    ],
)
def test_a_line_of_another_products_program_is_that_products(speaker: str, message: str) -> None:
    beside = "We moved from rqlite to dqlite.\n"
    assert codes(beside + message), "without its speaker it is told"
    assert not codes(beside + speaker + message)


@pytest.mark.parametrize(
    ("line", "product"),
    [
        ("Jan  5 10:00:01 n1 etcd[4]: no space left on device", "etcd"),
        ('k3s[9]: {"level":"warn","caller":"etcdserver/server.go:1159","error":"no leader"}', "etcd"),
        ("2026-01-05 10:00:03.254370 W | etcdserver: no leader", "etcd"),
        ("2026-01-05T10:00:03.123Z|00012|raft|WARN|no leader", "Open vSwitch"),
        ("Jan  5 10:00:01 n1 ovsdb-server[4]: no leader", "Open vSwitch"),
        ("2026-01-05T10:00:01.000Z [ERROR] agent.server: failed to join: no leader", "a HashiCorp program"),
        ('[2026/01/05 10:00:01.123 +00:00] [ERROR] [server.go:12] ["no leader"]', "TiDB, TiKV or PD"),
    ],
)
def test_lines_of_another_product_are_counted_and_not_read(line: str, product: str) -> None:
    text = f"We moved to dqlite.\n{line}\nError: open dqlite: no leader\n{line}\n"
    journal = parse_journal(BytesBlob("paste.txt", text.encode()))
    assert [found.code for found in journal.lines] == ["error-no-leader"]
    begin = text.index(line)
    assert journal.others == {product: (2, Span("paste.txt", begin, len(line)))}
