"""HST001: a file system is full, or nearly."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.ingest.products import PRODUCTS
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_FULL = 98
_NEARLY = 90
_ALWAYS = ("/", "/var", "/srv", "/data")


@rule(
    "HST001",
    "a file system is full, or nearly",
    Severity.HIGH,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/disk-full",),
    silent_on=("host/healthy", "host/pod-volume-full"),
)
def disk(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `df` of the machine: use and free space of the file systems that dqlite's state, /var, or / lie on. Volumes of pods
    and storage pools have their own, and do not count.
    ## Why it matters
    dqlite preallocates 8 MiB segments and writes snapshots beside the old ones. On a full disk writes are cut:
    short segments, empty YAML files, certificates and truststore entries. A full disk explains much of what else is
    found.
    ## False alarm if
    Percentages count blocks reserved for root.
    ## What to do
    Free space outside of the state directory first. Then look for files of zero bytes.
    ## References
    https://github.com/canonical/dqlite/issues/283; https://github.com/canonical/dqlite/issues/309
    """
    seen = False
    for host in case.hosts:
        for disk in host.disks:
            if not _holds_state(disk.mount, host, case):
                continue
            seen = True
            what = "inodes" if disk.inodes else "space"
            left = f", {disk.available / 2**20:.0f} MiB left" if disk.available is not None and not disk.inodes else ""
            own = tuple(dict.fromkeys(node.name for node in case.nodes_of(host)))
            nodes = own or ((host.name,) if host.name else ())
            message = f"{disk.mount} is {disk.used_percent} % full ({what}{left})"
            if disk.used_percent >= _FULL:
                yield Finding(message, (disk.at,), nodes=nodes)
            elif disk.used_percent >= _NEARLY:
                yield Finding(message, (disk.at,), Severity.LOW, nodes=nodes, effect=Effect.ATTENTION)
    if not seen:
        yield NotChecked("no disk usage (df) in the input")


def _holds_state(mount: str, host: Host, case: Case) -> bool:
    """Files of dqlite lie below it: where this machine's do, or where some product keeps them."""
    if mount in _ALWAYS:
        return True
    inside = [f"/{node.state.path.removeprefix(host.root)}" for node in case.nodes_of(host)]
    usual = [f"/{suffix}" for product in PRODUCTS for suffix in product.suffixes if suffix.startswith("var/")]
    return any(_is_below(path.split("/"), mount.split("/")) for path in (*inside, *usual))


def _is_below(path: list[str], mount: list[str]) -> bool:
    return len(mount) <= len(path) and all(part in ("*", own) for part, own in zip(path, mount, strict=False))
