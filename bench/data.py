"""The benchmark's data: directories that a real dqlite node wrote, as large as production's.

One node of Debian's libdqlite (fixtures/make/native.c) gets 210 MB of rows and takes a snapshot of them; then
its log grows by kine's own statements, in entries of 8 to 40 KB as Kubernetes writes them. It is stopped at 100 MB and
at 1 GB of log, and copied each time.
"""

from __future__ import annotations

import base64
import shutil
import tarfile
from pathlib import Path
from random import Random

from fixtures.make import cluster, objects
from fixtures.make.client import Client
from fixtures.make.kine import Kine

MB = 1_000_000
SNAPSHOT_ROWS, SNAPSHOT_ROW_BYTES = 230, MB
SNAPSHOT_EVERY = 16
STEPS = {"log-100": 100 * MB, "log-1000": 1000 * MB}
NAMES = 400
NEVER = 10_000_000  # entries between snapshots, and kept behind one: the log only grows
SUBNET = 77  # of the loopback addresses: no other maker uses it


def make(where: Path) -> dict[str, Path]:
    """The directories by name, and the archive of the largest; made where they are missing."""
    made = {name: where / name / "n1" for name in STEPS} | {"archive": where / "log-1000.tar.gz"}
    if not all(path.exists() for path in made.values()):
        where.mkdir(parents=True, exist_ok=True)
        _directories(where)
        _archive(where / "log-1000", made["archive"])
    return made


def _directories(where: Path) -> None:
    rng = Random(7)  # noqa: S311 - repeatable, not secret
    with cluster.Cluster(SUBNET, 1) as one:
        node = one["n1"]
        node.start_native(1, threshold=SNAPSHOT_EVERY, trailing=SNAPSHOT_EVERY)
        with Client(node.address, timeout=60) as client:
            kine = _fill(client, rng)
        node.stop()
        for name, size in STEPS.items():
            node.start_native(1, threshold=NEVER, trailing=NEVER)
            with Client(node.address, timeout=60) as client:
                kine.client = client
                _grow(kine, node.directory, size, rng)
            node.stop()
            target = where / name / "n1"
            shutil.rmtree(target.parent, ignore_errors=True)
            shutil.copytree(node.directory, target)


def _fill(client: Client, rng: Random) -> Kine:
    client.open("k8s")
    kine = Kine(client)
    kine.create_schema()
    for _ in range(SNAPSHOT_ROWS):
        kine.create(f"/registry/configmaps/bench/large-{kine.revision}", value(rng, SNAPSHOT_ROW_BYTES))
    return kine


def _grow(kine: Kine, directory: Path, size: int, rng: Random) -> None:
    """Puts until the closed segments hold `size` bytes."""
    kine.client.open("k8s")
    number = 0
    while log_bytes(directory) < size:
        for _ in range(100):
            number += 1
            kine.put(f"/registry/pods/bench/pod-{number % NAMES}", value(rng, rng.randrange(1_000, 8_000)))
        kine.compact()


def log_bytes(directory: Path) -> int:
    """Bytes of all closed segments."""
    return sum(path.stat().st_size for path in directory.glob("0*-0*"))


def value(rng: Random, size: int) -> bytes:
    """A config map of about `size` bytes that compresses about as well as real ones: half of it is random text."""
    text = base64.b64encode(rng.randbytes(size // 4)).decode()
    filler = ("  - name: bench\n    image: registry.example/bench:1\n" * (size // 80 + 1))[: size - len(text)]
    return objects.config_map(rng, "bench", f"object-{rng.randrange(10**6)}", {"data": text, "manifest": filler})


def _archive(directory: Path, target: Path) -> None:
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        archive.add(directory, arcname=directory.name)
