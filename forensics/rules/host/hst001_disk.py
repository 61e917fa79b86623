"""HST001: a file system is full, or nearly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Disk, Host
from forensics.fault_kind import FaultKind
from forensics.ingest.products import PRODUCTS
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.machine import machine_key, nodes_or_name
from forensics.wording import Words, sentences, size

_FULL = 98
_NEARLY = 90
_ALWAYS = ("/", "/var", "/srv", "/data")


class Resource(Enum):
    """What of a file system is used up."""

    SPACE = "space"
    INODES = "inodes"


@dataclass(frozen=True, slots=True)
class Full:
    """A file system without room.

    Attributes:
        mount: where it is mounted.
        resource: what is used up.
        used_percent: as `df` prints it.
        available: free bytes, as `df` rounds them; None where not known, and of inodes.
    """

    kind: ClassVar[str] = "full"
    mount: str
    resource: Resource
    used_percent: int
    available: int | None

    @property
    def free(self) -> str:
        """One sentence, or nothing."""
        return "" if self.available is None else f"{size(self.available)} are free."

    def words(self, _: Severity) -> Words:
        """See Problem."""
        state = "is full" if self.resource is Resource.SPACE else "has hardly any inodes left"
        return Words(f"the file system at {self.mount} {state} ({self.used_percent} % used)", sentences(self.free))


@dataclass(frozen=True, slots=True)
class NearlyFull(Full):
    """A file system with little room left."""

    kind: ClassVar[str] = "nearly-full"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        what = "space" if self.resource is Resource.SPACE else "inodes"
        return Words(
            f"the file system at {self.mount} is running out of {what} ({self.used_percent} % used)",
            sentences(self.free),
            "Free some outside the state directory before it is full.",
        )


@rule(
    "HST001",
    "file system that is full, or nearly",
    Severity.HIGH,
    fault=FaultKind.DISK_FULL,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/disk-full",),
    silent_on=("host/healthy", "host/pod-volume-full"),
)
def disk(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `df` of the machine: use and free space of the file systems that hold dqlite's state, /var, or /. Volumes of pods
    and storage pools are separate file systems, and do not count.
    ## Why it matters
    dqlite allocates segments of 8 MiB in advance, and writes a new snapshot while the old ones are still there. On a
    full disk writes are cut short: segments, YAML files, certificates and truststore entries stay short or empty. A
    full disk explains much of what else is found.
    ## False alarm if
    The percentage counts blocks that are reserved for root. A file system that is only nearly full is the milder case.
    ## What to do
    Free space outside the state directory first. Then look for files of zero bytes.
    ## References
    https://github.com/canonical/dqlite/issues/283; https://github.com/canonical/dqlite/issues/309
    """
    seen = False
    for host in case.hosts:
        for found in host.disks:
            if _holds_state(found.mount, host, case):
                seen = True
                yield from _judge(found, host, case)
    if not seen:
        yield NotChecked("the disk usage (df) is not in the upload", "missing-disk-usage")


def _judge(found: Disk, host: Host, case: Case) -> Iterator[Finding]:
    resource = Resource.INODES if found.inodes else Resource.SPACE
    values = (found.mount, resource, found.used_percent, None if found.inodes else found.available)
    where = (machine_key(host), found.mount, resource.value)
    nodes = nodes_or_name(case, host)
    if found.used_percent >= _FULL:
        yield Finding(Full(*values), (found.at,), nodes=nodes, where=where)
    elif found.used_percent >= _NEARLY:
        problem = NearlyFull(*values)
        yield Finding(problem, (found.at,), Severity.LOW, nodes=nodes, effect=Effect.ATTENTION, where=where)


def _holds_state(mount: str, host: Host, case: Case) -> bool:
    """Files of dqlite lie below it: where this machine's do, or where some product keeps them."""
    if mount in _ALWAYS:
        return True
    inside = [f"/{node.state.path.removeprefix(host.root)}" for node in case.nodes_of(host)]
    usual = [f"/{suffix}" for product in PRODUCTS for suffix in product.suffixes if suffix.startswith("var/")]
    return any(_is_below(path.split("/"), mount.split("/")) for path in (*inside, *usual))


def _is_below(path: list[str], mount: list[str]) -> bool:
    return len(mount) <= len(path) and all(part in ("*", own) for part, own in zip(path, mount, strict=False))
