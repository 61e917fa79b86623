"""Which products a text speaks of: those that carry dqlite, and those that only look alike.

Told by paths, units, commands and words that a product alone uses, or by a form of log lines that it alone has.
Sources: docs/reference/products.md; for the others the logs of etcd, rqlite, Consul, Nomad, Vault, CockroachDB, Ceph,
Open vSwitch, ClickHouse, Redpanda, PostgreSQL, MongoDB, TiDB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_OURS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "microk8s": r"(?i)\bmicrok8s\b|kubelite",
        "k8s-dqlite": r"snap\.k8s\.|\bk8s\.k8s-dqlite|/var/snap/k8s/|/snap/k8s/"
        r"|\bk8s (?:status|bootstrap|join-cluster|get-join-token|inspect|remove-node)\b",
        "k8sd": r"\bk8sd\b",
        "lxd": r"(?i)\blxd\b|\blxc (?:list|cluster|info|config|launch|storage|network)\b|/var/(?:snap|lib)/lxd",
        "incus": r"(?i)\bincusd?\b",
        "microceph": r"(?i)\bmicroceph",
        "microovn": r"(?i)\bmicroovn",
        "microcloud": r"(?i)\bmicrocloud",
        "sunbeam": r"(?i)\bsunbeam|openstack\.clusterd|/var/snap/openstack/",
        "juju": r"\bjujud?\b|/var/lib/juju",
        "k3s": r"\bk3s\b|/var/lib/rancher/k3s",
    }.items()
}
_STAMP = r"^ {0,8}\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d{4})"
_OTHERS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.MULTILINE)
    for name, pattern in {
        "rqlite": r"(?i)\brqlite(?:d|\d+)?\b",
        "a program with hashicorp's raft": r"requestVote RPC|appendEntries|\bSuffrage\b|\braft-net:"
        r"|entering (?:candidate|follower|leader) state|pre-vote campaign|Election timeout reached",
        "etcd": r"\betcd(?:ctl|main)?\b|\brafthttp\b|mvcc: ",
        "Consul": r"(?i)\bconsul\b|\bserf: ",
        "Nomad": r"(?i)\bnomad(?:\.raft)?\b",
        "Vault": r"(?i)\bvault\b.{0,200}raft|storage\.raft",
        "CockroachDB": r"(?i)\bcockroach|kv/kvserver",
        "Ceph": r"\bceph-(?:mon|osd|mgr)\b|\bmon\.\w+@\d|\bpaxos\b|HEALTH_(?:OK|WARN|ERR)",
        "Open vSwitch": r"\bovsdb(?:-server|_idl)?\b|\bovs-vsctl\b|\|raft\|",
        "ClickHouse Keeper": r"(?i)KeeperServer|RaftInstance|NuRaft|clickhouse",
        "Redpanda": r"(?i)\bredpanda\b",
        "PostgreSQL": r"(?i)\bpostgres(?:ql)?\b|\bpatroni\b",
        "MongoDB": r"(?i:\bmongodb?\b)|" + _STAMP + r" [DIWEF]\d? +[A-Z]{3,10} +\[[\w.-]+\] ",
        "TiDB, TiKV or PD": r"(?i:\btikv\b|\bpd-server\b)"
        r"|^\[\d{4}/\d\d/\d\d [\d:.]+ [+-]\d\d:\d\d\] \[[A-Z]{4,5}\] \[",
        "a HashiCorp program": _STAMP + r" \[(?:TRACE|DEBUG|INFO|WARN|ERROR)\] +[\w.-]+: ",  # go-hclog
        "Pacemaker": r"(?i)\bpacemaker|\bcorosync\b",
        "Galera": r"(?i)\bwsrep\b|\bgalera\b",
    }.items()
}
# Who wrote a line, where its beginning tells: a unit of journalctl or syslog, the name that Go's plain logger is given.
_SPEAKERS: Mapping[str, str] = {
    "rqlite": "rqlited?",
    "etcd": "etcd",
    "Consul": "consul",
    "Nomad": "nomad",
    "Vault": "vault",
    "CockroachDB": "cockroach",
    "MongoDB": "mongod",
    "PostgreSQL": "postgres|patroni",
    "Open vSwitch": "ovsdb-server|ovs-vswitchd|ovn-(?:northd|controller)",
    "ClickHouse Keeper": "clickhouse-(?:server|keeper)",
    "Redpanda": "redpanda",
    "TiDB, TiKV or PD": "(?:tikv|pd|tidb)-server",
    "Pacemaker": "corosync|pacemakerd?",
    "Ceph": "ceph-(?:mon|osd|mgr|mds)",
}
_SPEAKER = re.compile(
    r"[\s>]*(?:(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d\S*) (?:[\w.-]{1,64} )?)?\[?"
    r"(?:[\w.-]{0,40}[.-])?(?:"
    + "|".join(f"(?P<p{number}>{names})" for number, names in enumerate(_SPEAKERS.values()))
    + r")(?:\]|(?:\[\d+\])?:|\s+\|) "
)
# Or a form of lines that it alone has: etcd's packages as the caller of zap, Open vSwitch's bars.
_FORMS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "etcd": r"\"caller\": ?\"(?:etcdserver|etcdmain|embed|rafthttp|mvcc|membership|v3rpc|lease|backend|wal|snap)/"
        r"|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} [CEWNID] \| (?:etcd|raft|embed|mvcc|wal|snap)\w*[/:]",  # before zap
        "Open vSwitch": r"\|\d{5}\|\w+(?:\(\w+\))?\|(?:EMER|ERR|WARN|INFO|DBG)\|",
        "a HashiCorp program": _STAMP + r" \[(?:TRACE|DEBUG|INFO|WARN|ERROR)\] +[\w.-]+: ",
        "TiDB, TiKV or PD": r"^\[\d{4}/\d\d/\d\d [\d:.]+ [+-]\d\d:\d\d\] \[[A-Z]{4,5}\] \[",
        "MongoDB": _STAMP + r" [DIWEF]\d? +[A-Z]{3,10} +\[[\w.-]+\] |^\{\"t\":\{\"\$date\"",
    }.items()
}
_OF_DQLITE = re.compile(r"(?i)dqlite|\bcowsql\b|raft_start\(\)|\bkine\b|libraft")


def products_in(text: str) -> tuple[str, ...]:
    """The databases of products that carry dqlite, and that a text names; in the order of how often it does."""
    found = {name: len(pattern.findall(text)) for name, pattern in _OURS.items()}
    return tuple(sorted((name for name, times in found.items() if times), key=lambda name: -found[name]))


def other_product_in(text: str) -> str | None:
    """The product that a text is of, where it is one that carries no dqlite, and nothing that does is named."""
    if _OF_DQLITE.search(text) or products_in(text):
        return None
    found = {name: len(pattern.findall(text)) for name, pattern in _OTHERS.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best] else None


def speaker_of(line: str) -> str | None:
    """The product without dqlite whose program wrote a line, by its beginning or by a form that it alone has."""
    found = _SPEAKER.match(line)
    if found:
        return next(name for name, said in zip(_SPEAKERS, found.groups(), strict=True) if said)
    return next((name for name, form in _FORMS.items() if form.search(line)), None)
