"""Whether an error is one of the database: of dqlite, of what carries it, or of its members.

A journal of a machine is full of errors of other programs. What somebody pasted is what he asks about.
"""

from __future__ import annotations

import re
from enum import Enum

from forensics.parsers.errors.record import Record

_CARRIES = re.compile(
    r"(?i)(?:k8s-dqlite|k8sd|dqlite|libraft|cowsql|microceph\.daemon|microovn\.daemon|microcloud\.daemon|clusterd)"
)
_NAMED = re.compile(
    r"(?i)dqlite|\braft|libraft|\bkine\b|cowsql|microcluster|k8sd\b|:19001\b|:17666\b|closed segment|open segment"
    r"|\bmetadata[12]\b|cluster\.yaml|info\.yaml|snapshot-\d+-\d+|truststore"
)
_OF_A_CLUSTER = re.compile(
    r"(?i)\blxd\b|\blxc\b|incus|microk8s|\bk8s\b|kubelite|juju|\bk3s\b|micro(?:ceph|ovn|cloud)|sunbeam|cluster|database"
    r"|leader|quorum|voter|stand-by|\bsqlite"
)
_OF_OTHERS = re.compile(
    r"(?i)^(?:kernel|audit|sshd|cron|containerd|dockerd|calico|coredns|NetworkManager|multipathd|snapd|apparmor|rsyslogd|etcd|"
    r"rqlited?|consul|.*kubelet|.*apiserver-kicker|.*containerd|.*cluster-agent)$"
)
_OF_KUBERNETES = re.compile(r"[\w.-]+\.go:\d+$")  # klog: the API server, its clients, the kubelet
_OF_A_TABLE = re.compile(r"\s*[|+┃│]")  # read by forensics/parsers/member_tables.py
PASTED_BYTES_MAX = 64 * 1024  # people paste what fits a ticket; what is larger is a log that was attached


def asked_about(head: str, size: int) -> bool:
    """A text short enough to be pasted, that speaks of a product on dqlite: each error in it is what is asked about."""
    return size <= PASTED_BYTES_MAX and bool(_NAMED.search(head) or _OF_A_CLUSTER.search(head))


class Concern(Enum):
    """Whose error it is."""

    DATABASE = "database"
    PERHAPS = "perhaps"  # nothing says so, but it is what somebody asks about
    OTHERS = "others"


def concern_of(text: str, record: Record, unit: str, *, asked: bool) -> Concern:
    """Whose error a line tells."""
    speaker = record.source or unit
    if _OF_OTHERS.match(speaker) or _OF_A_TABLE.match(text):
        return Concern.OTHERS
    if _NAMED.search(text) or _CARRIES.search(speaker):
        return Concern.DATABASE
    return Concern.PERHAPS if asked and not _OF_KUBERNETES.match(speaker) else Concern.OTHERS
