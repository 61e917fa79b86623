"""A machine's journal while its cluster is down: what the benchmark reads, line by line as journalctl prints it.

Its proportions are estimates: half of the lines tell of the failure (the datastore has no leader, so the API server
ends and starts again, and each of its clients is refused, once a second and watch); the other half are what a node
writes anyway. They cannot be counted on what we have: the fixtures of `fixtures/casebook` and `fixtures/sosreport`
have nine texts of five or more lines with a journal's prefix, 50 lines in all, 2 of them of a refused connection or
no leader. Ids are new with each container, as the kubelet gives them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from random import Random

_BEGIN = 1_795_305_600  # 2026-11-22T00:00:00Z
_PODS = 110  # of one node: the kubelet's own bound
_KINDS = ("Pod", "Node", "Service", "Endpoints", "ConfigMap", "Namespace", "ReplicaSet", "StatefulSet", "CSIDriver")
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"  # k8s.io/apimachinery util/rand: names that spell no words

_Line = Callable[["_Node"], tuple[str, str]]
"""Makes a line's unit and its text."""


class _Node:
    """What the lines of one node have in common."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - repeatable, not secret
        self.at = float(_BEGIN)
        self.pods = [f"app-{number % 20}-{self.word(10)}-{self.word(5)}" for number in range(_PODS)]
        self.uids = [self.uid() for _ in self.pods]

    def word(self, chars: int) -> str:
        return "".join(self.rng.choices(_SUFFIX, k=chars))

    def hexes(self, chars: int) -> str:
        return f"{self.rng.getrandbits(4 * chars):0{chars}x}"

    def uid(self) -> str:
        return "-".join(self.hexes(chars) for chars in (8, 4, 4, 4, 12))

    def klog(self, level: str, source: str, text: str) -> str:
        clock = time.strftime("%m%d %H:%M:%S", time.gmtime(self.at))
        return f"{level}{clock}.{self.rng.randrange(10**6):06d}    2417 {source}] {text}"

    def logrus(self, level: str, text: str) -> str:
        return f'time="{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.at))}" level={level} msg="{text}"'


def lines(size: int, host: str = "node-1", seed: int = 1) -> Iterator[bytes]:
    """Lines with their ends, so many bytes of them together."""
    node = _Node(seed)
    given = 0
    while given < size:
        node.at += node.rng.expovariate(40)
        made = node.rng.choices(_MAKERS, _SHARES)[0]
        unit, text = made(node)
        stamp = time.strftime("%b %d %H:%M:%S", time.gmtime(node.at))
        line = f"{stamp} {host} {unit}[{2417 if 'k' in unit else 871}]: {text}\n".encode()
        given += len(line)
        yield line


def _refused_list(node: _Node) -> tuple[str, str]:
    kind = node.rng.choice(_KINDS)
    path = f"https://127.0.0.1:16443/api/v1/{kind.lower()}s?limit=500&resourceVersion={node.rng.randrange(10**7)}"
    why = f'Get "{path}": dial tcp 127.0.0.1:16443: connect: connection refused'
    text = f"k8s.io/client-go/informers/factory.go:150: Failed to watch *v1.{kind}: failed to list *v1.{kind}: {why}"
    return "microk8s.daemon-kubelite", node.klog("E", "reflector.go:147", text)


def _refused_lease(node: _Node) -> tuple[str, str]:
    path = "https://127.0.0.1:16443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1?timeout=10s"
    text = (
        f'"Failed to ensure lease exists, will retry" err="Get \\"{path}\\": dial tcp 127.0.0.1:16443: connect: '
        f'connection refused" interval="{node.rng.choice((200, 400, 800, 1600, 3200, 6400, 7000))}ms"'
    )
    return "microk8s.daemon-kubelite", node.klog("E", "controller.go:145", text)


def _no_leader(node: _Node) -> tuple[str, str]:
    text = "error in txn: failed to create dqlite connection: no available dqlite leader server found"
    return "microk8s.daemon-k8s-dqlite", node.logrus("error", text)


def _attempt(node: _Node) -> tuple[str, str]:
    peer = f"10.0.0.{node.rng.randrange(11, 14)}:19001"
    text = f"attempt {node.rng.randrange(1, 90)}: server {peer}: dial: dial tcp {peer}: connect: connection refused"
    return "microk8s.daemon-k8s-dqlite", node.logrus("warning", text)


def _post_failed(node: _Node) -> tuple[str, str]:
    path = "https://127.0.0.1:16443/api/v1/namespaces/default/events"
    event = f"{node.rng.choice(node.pods)}.{node.hexes(16)}"
    text = (
        f'"Unable to write event (may retry after sleeping)" err="Post \\"{path}\\": dial tcp 127.0.0.1:16443: '
        f'connect: connection refused" event="{event}"'
    )
    return "microk8s.daemon-kubelite", node.klog("E", "event.go:368", text)


def _sync_failed(node: _Node) -> tuple[str, str]:
    number = node.rng.randrange(_PODS)
    pod = f"apps/{node.pods[number]}"
    text = (
        f'"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"main\\" with CrashLoopBackOff: '
        f'\\"back-off 5m0s restarting failed container=main pod={node.pods[number]}_apps({node.uids[number]})\\"" '
        f'pod="{pod}" podUID="{node.uids[number]}"'
    )
    return "microk8s.daemon-kubelite", node.klog("E", "pod_workers.go:1298", text)


def _volume(node: _Node) -> tuple[str, str]:
    number = node.rng.randrange(_PODS)
    name = f"kubernetes.io/projected/{node.uids[number]}-kube-api-access-{node.pods[number][-5:]}"
    text = f'"operationExecutor.VerifyControllerAttachedVolume started for volume \\"{name}\\" (UniqueName)"'
    return "microk8s.daemon-kubelite", node.klog("I", "reconciler_common.go:251", text)


def _removed(node: _Node) -> tuple[str, str]:
    return "microk8s.daemon-kubelite", node.klog(
        "I", "scope.go:117", f'"RemoveContainer" containerID="{node.hexes(64)}"'
    )


def _containerd(node: _Node) -> tuple[str, str]:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(node.at))
    text = f'time="{stamp}.{node.rng.randrange(10**9):09d}Z" level=info msg="StopPodSandbox for \\"{node.hexes(64)}\\""'
    return "microk8s.daemon-containerd", text


def _mount(node: _Node) -> tuple[str, str]:
    scope = f"run-containerd-runc-k8s.io-{node.hexes(64)}-runc.{node.word(6)}.mount"
    return "systemd", f"{scope}: Deactivated successfully."


def _session(node: _Node) -> tuple[str, str]:
    return "systemd", f"Started Session {node.rng.randrange(10**5)} of User ubuntu."


def _network(node: _Node) -> tuple[str, str]:
    device = f"cali{node.hexes(11)}"
    return "kernel", f"[{node.at - _BEGIN:.6f}] IPv6: ADDRCONF(NETDEV_CHANGE): {device}: link becomes ready"


def _restart(node: _Node) -> tuple[str, str]:
    unit = "snap.microk8s.daemon-kubelite.service"
    return "systemd", f"{unit}: Scheduled restart job, restart counter is at {int(node.at - _BEGIN) // 7}."


# Shares of the lines, in the hundred. The first half tells of the failure.
_PARTS: tuple[tuple[_Line, int], ...] = (
    (_refused_list, 27), (_refused_lease, 6), (_no_leader, 6), (_attempt, 8), (_post_failed, 3),
    (_sync_failed, 12), (_volume, 8), (_removed, 4), (_containerd, 12), (_mount, 8), (_session, 2), (_network, 3),
    (_restart, 1),
)  # fmt: skip
_MAKERS = tuple(maker for maker, _ in _PARTS)
_SHARES = tuple(share for _, share in _PARTS)
