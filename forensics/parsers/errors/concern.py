"""Whether an error is one of the database: of dqlite, of what carries it, or of its members.

A journal of a machine is full of errors of other programs. What somebody pasted is what he asks about.
"""

from __future__ import annotations

import re
from enum import Enum

from forensics.parsers.errors.record import Level, Record
from forensics.parsers.named_products import products_in

_CARRIES = re.compile(
    r"(?i)(?:k8s-dqlite|k8sd|dqlite|libraft|cowsql|microceph\.daemon|microovn\.daemon|microcloud\.daemon|clusterd)"
)
_NAMED = re.compile(
    r"(?i)dqlite|\braft_\w+\(|libraft|\bkine\b|cowsql|microcluster|k8sd\b|:19001\b|:17666\b|closed segment|open segment"
    r"|\bmetadata[12]\b|cluster\.yaml|info\.yaml|snapshot-\d+-\d+|truststore"
)
_OF_OTHERS = re.compile(
    r"(?i)^(?:kernel|audit|sshd|cron|containerd|dockerd|calico|coredns|NetworkManager|multipathd|snapd|apparmor|rsyslogd|etcd|"
    r"rqlited?|consul|.*kubelet|.*apiserver-kicker|.*containerd)$"
)
_OF_KUBERNETES = re.compile(r"[\w.-]+\.go:\d+$")  # klog: the API server, its clients, the kubelet
_OF_A_STATEMENT = re.compile(r"\bSQL\b")  # kine's own lines among those of the API server, which knows no SQL
_OF_A_TABLE = re.compile(r"\s*[|+┃│]")  # read by forensics/parsers/member_tables.py


def names_a_cluster(head: str) -> bool:
    """A text names dqlite, a file of its, or a product on it."""
    return bool(_NAMED.search(head) or products_in(head))


def of_kubernetes(record: Record) -> bool:
    """The API server, its clients or the kubelet wrote it: they warn all the time."""
    return bool(_OF_KUBERNETES.match(record.source or ""))


def may_concern(text: str, unit: str, *, asked: bool) -> bool:
    """False where `concern_of` says OTHERS of a line, however it is taken apart: it names nothing that would do.

    Takes a tenth of the time. A line with escapes may spell what it names.
    """
    return asked or "\\u" in text or bool(_NAMED.search(text) or _CARRIES.search(text) or _CARRIES.search(unit))


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
    ended = record.level is Level.FATAL or not of_kubernetes(record) or bool(_OF_A_STATEMENT.search(record.message))
    return Concern.PERHAPS if asked and ended else Concern.OTHERS
