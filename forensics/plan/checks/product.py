"""What the product's tool needs, and what it trips over.

Sources: canonical/k8s-snap k8sd_cluster_recover.go (1.32 to 1.35), canonical/microcluster internal/recover/recover.go
(RecoverFromQuorumLoss), canonical/lxd lxd/cluster/recover.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.ingest.products import is_microcluster
from forensics.ingest.roles import FileRole
from forensics.plan.checks.model import Check, Choice, State

_COPIES = 3  # the backup by hand, the tool's own, and its tarball: each may be as large as the directory
_NEEDED = {  # read by the tool before it does anything
    "k8s-dqlite": ("cluster.crt", "cluster.key"),
    "microk8s": ("cluster.crt", "cluster.key"),
    "k8sd": ("cluster.crt", "cluster.key", "server.crt", "server.key", "daemon.yaml"),
    "microcloud": ("cluster.crt", "cluster.key", "server.crt", "server.key", "daemon.yaml"),
}


def of_product(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _leftovers(choice)
    yield from _socket(choice)
    yield from _needed(choice)
    yield from _version(choice)
    yield from _space(choice)


def _leftovers(choice: Choice) -> Iterator[Check]:
    best = choice.best
    roles = (FileRole.RECOVERY, FileRole.PATCH, FileRole.INIT, FileRole.UPDATE, FileRole.JOIN)
    inside = sorted(file.name for file in best.state.files.values() if file.role in roles)
    around = sorted(file.name for file in best.state.around.values() if file.role in roles)
    acted_on = [*inside, *around]
    if acted_on:
        yield Check(
            State.LOOK, f"{best.name}: {', '.join(acted_on)} will be acted on at its next start; move it aside first"
        )
    if choice.database == "lxd" and "patch.global.sql" in around:
        yield Check(State.STOP, f"{best.name}: `lxd cluster edit` refuses while patch.global.sql is there")
    carried = [name for name in inside if name in ("init.yaml", "update.yaml", "join")]
    if choice.database == "k8s-dqlite" and carried:
        yield Check(
            State.STOP,
            f"{best.name}: {', '.join(carried)} would be packed into the post-recovery archive, and fire on every node",
        )


def _socket(choice: Choice) -> Iterator[Check]:
    if is_microcluster(choice.cluster.product) and "control.socket" in choice.best.state.around:
        yield Check(
            State.LOOK,
            f"{choice.best.name}: control.socket was there: while it is, the tool takes the daemon for running",
        )


def _needed(choice: Choice) -> Iterator[Check]:
    best = choice.best
    needed = _NEEDED.get(choice.database, ())
    missing = [name for name in needed if best.state.file(name) is None and name not in best.state.around]
    if missing:
        names = ", ".join(missing)
        yield Check(State.LOOK, f"{best.name}: not in the evidence, and read by the recovery tool: {names}")


def _version(choice: Choice) -> Iterator[Check]:
    version = choice.around.version(choice.database, choice.best.name)
    if version is None or choice.database not in ("k8s-dqlite", "k8sd"):
        return
    words = ".".join(map(str, version))
    if version < (1, 32):
        yield Check(State.LOOK, f"snap k8s {words}: `k8sd cluster-recover` is known from 1.32 on")
    elif version >= (1, 36) and choice.database == "k8s-dqlite":
        yield Check(State.STOP, f"snap k8s {words}: from 1.36 on there is no k8s-dqlite, and no command to recover it")
    else:
        yield Check(State.OK, f"snap k8s {words} has `k8sd cluster-recover`")


def _space(choice: Choice) -> Iterator[Check]:
    """By `df` of the node's machine, on the mount that holds its directory."""
    best = choice.best
    host = choice.around.hosts.get(best.name)
    if host is None:
        return
    path = "/" + best.state.path.removeprefix(host.root).strip("/")
    mounts = [disk for disk in host.disks if not disk.inodes and f"{path}/".startswith(disk.mount.rstrip("/") + "/")]
    disk = max(mounts, key=lambda disk: len(disk.mount), default=None)
    if disk is None or disk.available is None:
        return
    needed = _COPIES * sum(file.size_max for file in best.state.files.values() if file.sized)
    mib = f"{disk.available / 2**20:.0f} MiB were free on {disk.mount}"
    if disk.available < needed:
        yield Check(
            State.STOP, f"{best.name}: {mib}; backups and the tool's tarballs take up to {needed / 2**20:.0f} MiB"
        )
    else:
        yield Check(State.OK, f"{best.name}: {mib}, enough for backups and tarballs")
