"""What the product's tool needs, and what makes it fail.

Sources: canonical/k8s-snap k8sd_cluster_recover.go (1.32 to 1.35), canonical/microcluster internal/recover/recover.go
(RecoverFromQuorumLoss), canonical/lxd lxd/cluster/recover.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.ingest.products import is_microcluster
from forensics.ingest.roles import FileRole
from forensics.plan.checks.model import Check, CheckKind, Choice, Space, State, Version

_COPIES = 3  # the backup by hand, the tool's own, and its tarball: each may be as large as the directory
_NEEDED = {  # read by the tool before it does anything
    "k8s-dqlite": ("cluster.crt", "cluster.key"),
    "microk8s": ("cluster.crt", "cluster.key"),
    "k8sd": ("cluster.crt", "cluster.key", "server.crt", "server.key", "daemon.yaml"),
    "microcloud": ("cluster.crt", "cluster.key", "server.crt", "server.key", "daemon.yaml"),
}


def of_product(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _control_files(choice)
    yield from _socket(choice)
    yield from _needed(choice)
    yield from _version(choice)
    yield from _space(choice)


def _control_files(choice: Choice) -> Iterator[Check]:
    best = choice.best
    roles = (FileRole.RECOVERY, FileRole.PATCH, FileRole.INIT, FileRole.UPDATE, FileRole.JOIN)
    inside = sorted(file.name for file in best.state.files.values() if file.role in roles)
    around = sorted(file.name for file in best.state.around.values() if file.role in roles)
    if inside or around:
        yield Check(State.LOOK, CheckKind.ACTED_ON, (best.name,), (*inside, *around))
    if choice.database == "lxd" and "patch.global.sql" in around:
        yield Check(State.STOP, CheckKind.PATCH_BLOCKS_EDIT, (best.name,))
    packed = tuple(name for name in inside if name in ("init.yaml", "update.yaml", "join"))
    if choice.database == "k8s-dqlite" and packed:
        yield Check(State.STOP, CheckKind.PACKED_FOR_ALL, (best.name,), packed)


def _socket(choice: Choice) -> Iterator[Check]:
    if is_microcluster(choice.cluster.product) and "control.socket" in choice.best.state.around:
        yield Check(State.LOOK, CheckKind.SOCKET_LEFT, (choice.best.name,))


def _needed(choice: Choice) -> Iterator[Check]:
    best = choice.best
    needed = _NEEDED.get(choice.database, ())
    missing = tuple(name for name in needed if best.state.file(name) is None and name not in best.state.around)
    if missing:
        yield Check(State.LOOK, CheckKind.TOOL_NEEDS, (best.name,), missing)


def _version(choice: Choice) -> Iterator[Check]:
    version = choice.context.version(choice.database, choice.best.name)
    if version is None or choice.database not in ("k8s-dqlite", "k8sd"):
        return
    about = Version(version)
    if version < (1, 32):
        yield Check(State.LOOK, CheckKind.TOOL_UNKNOWN_BEFORE, about=about)
    elif version >= (1, 36) and choice.database == "k8s-dqlite":
        yield Check(State.STOP, CheckKind.NO_TOOL_ANY_MORE, about=about)
    else:
        yield Check(State.OK, CheckKind.TOOL_IS_THERE, about=about)


def _space(choice: Choice) -> Iterator[Check]:
    """By `df` of the node's machine, on the mount that holds its directory."""
    best = choice.best
    host = choice.context.hosts.get(best.name)
    if host is None:
        return
    path = "/" + best.state.path.removeprefix(host.root).strip("/")
    mounts = [disk for disk in host.disks if not disk.inodes and f"{path}/".startswith(disk.mount.rstrip("/") + "/")]
    disk = max(mounts, key=lambda disk: len(disk.mount), default=None)
    if disk is None or disk.available is None:
        return
    needed = _COPIES * sum(file.size_max for file in best.state.files.values() if file.sized)
    space = Space(disk.mount, disk.available, needed)
    if space.free < space.needed:
        yield Check(State.STOP, CheckKind.TOO_LITTLE_SPACE, (best.name,), about=space)
    else:
        yield Check(State.OK, CheckKind.ENOUGH_SPACE, (best.name,), about=space)
