"""Where secrets are planted: every place of docs/reference/secrets.md#what-is-secret, and every form of forms.py.

Each place writes into a node's directory. A new place is a new function in PLACES.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from tests.canaries.forms import IN_LINES, IN_YAML, WITH_BLANKS
from tests.canaries.secret import Planter
from tests.fixtures import ROOT
from tests.made_certificates import make
from tests.made_clusters import configuration
from tests.raft_bytes import Made, meta, segment
from tests.sqlite_oracle import Log, Writer, frames, snapshot, text

Place = Callable[[Path, Planter], None]
_TOKENS_A_FIELD = 9  # one of each kind that a look tells


def _yaml(folder: Path, planter: Planter) -> None:
    """Each form in files whose text a report shows; what the file is read for stands before it."""
    heads = {
        "daemon.yaml": "name: n1\naddress: 127.0.0.1:9001\n",
        "init.yaml": "Address: 127.0.0.1:9001\n",
        "tuning.yaml": "snapshot: {threshold: 1024, trailing: 512}\n",
        "update.yaml": "Address: 127.0.0.1:9001\n",
        "recovery.yaml": "- ID: 1\n  Address: 127.0.0.1:9001\n",
        "failure-domain": "1\n",
    }
    for name, head in heads.items():
        body = head
        for number, form in enumerate(IN_YAML):
            where = f"{name}: {form!r}"
            planted = [planter.new(where, named=True) for _ in range(form.count("{}"))]
            body += form.format(*planted) if form.startswith(("#", "{")) else f"# {number}\n{form.format(*planted)}"
        (folder / name).write_text(body)


def _fields(folder: Path, planter: Planter) -> None:
    """In fields of files that a rule reads: names and addresses."""
    trusted = folder / "truststore"
    trusted.mkdir()
    for number in range(_TOKENS_A_FIELD):
        name, address = planter.new("a truststore's name"), planter.new("a truststore's address")
        fields = (
            f"name: {json.dumps(name)}\naddress: {json.dumps(address)}\ncertificate: {planter.new('a truststore')}\n"
        )
        (trusted / f"n{number}.yaml").write_text(fields)
    password = planter.new("an address with a password", named=True)
    (folder / "info.yaml").write_text(f"ID: 1\nAddress: https://root:{password}@10.0.0.1:9001\nRole: 0\n")
    listed = (
        f"- ID: {number}\n  Address: {json.dumps(planter.new('cluster.yaml'))}\n  Role: 0\n" for number in range(1, 10)
    )
    (folder / "cluster.yaml").write_text("".join(listed))


_MESSAGES = re.sub(r"(?m)^== .*$|^$\n?", "", (ROOT.parent / "tests/parsers/messages.txt").read_text()).splitlines()


def _journal(folder: Path, planter: Planter) -> None:
    """Each form behind a message that is known, behind an error that is not, and on lines around them."""
    forms = cycle(IN_LINES)
    lines = []
    for number, message in enumerate(_MESSAGES):
        before = f"Jan  5 10:{number // 60:02d}:{number % 60:02d} n1 k8s.k8s-dqlite[1]: "
        form = next(forms)
        lines.append(f"{before}{message} {form.format(planter.new(f'log: {form}', named=True))}")
    for form in IN_LINES:
        said = f"dqlite: the blue thing broke: {form}".format(planter.new(f"error: {form}", named=True))
        lines.append(f'Jan  5 11:00:00 n1 k8s.k8s-dqlite[1]: level=error msg="{said}"')
        lines.append(form.format(planter.new(f"next line: {form}", named=True)))
    for form in WITH_BLANKS:
        said = f"dqlite: no space left on device {form}".format(planter.blanks(f"log: {form}"))
        lines.append(f"Jan  5 11:00:01 n1 k8s.k8s-dqlite[1]: {said}")
    (folder / "journal.log").write_text("\n".join(lines) + "\n")


def _file_names(folder: Path, planter: Planter) -> None:
    """Names of files. A text in hex is a digest there."""
    for kind in ("letters", "jwt", "signs", "kubeadm"):
        for pattern in ("{}", "corrupt-1-{}", "tmp-{}", "{}.yaml", "{}.crt", "{}.key", "{}.tar.gz", ".{}.yaml7"):
            (folder / pattern.format(planter.of(kind, f"file name: {pattern}"))).write_text("x")


def _keys(folder: Path, planter: Planter) -> None:
    """Files that hold nothing else, and pairs."""
    for name in (
        "cluster.key",
        "server.key",
        "node-store",
        "join",
        "patch.global.sql",
        "corrupt-1-x",
        "tmp-1",
        "db.bin",
    ):
        (folder / name).write_text(planter.new(f"the file {name}", named=True))
    pair = make(planter.of("letters", "a certificate's name"), dns=(planter.of("letters", "a certificate's DNS name"),))
    (folder / "cluster.crt").write_bytes(pair.certificate)
    recovered = io.BytesIO()
    with tarfile.open(fileobj=recovered, mode="w") as archive:
        for number in range(4):
            content = planter.new("a file of a recovery's tarball").encode()
            info = tarfile.TarInfo(f"{planter.of('letters', 'a name in a tarball')}-{number}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    (folder / "recovery_db.tar.gz").write_bytes(gzip.compress(recovered.getvalue()))


_KINE = (
    "CREATE TABLE kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, created INTEGER, deleted INTEGER,"
    " create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB)"
)
_ROW = "INSERT INTO kine (name, created, deleted, create_revision, prev_revision, lease, value, old_value) VALUES"


def _rows(planter: Planter, where: str) -> Iterator[str]:
    """Of kine: Secrets by their name and by their values, and what is no Secret by its key."""
    for key in ("/registry/secrets/default/fixture", "/registry/misc/fixture", "/registry/configmaps/default/fixture"):
        for _ in range(3):
            values = f"CAST('{planter.new(where)}' AS BLOB), CAST('{planter.new(where)}' AS BLOB)"
            yield f"{_ROW} ('{key}', 1, 0, 0, 0, 0, {values})"
    for _ in range(4):
        yield f"{_ROW} ('/registry/secrets/default/{planter.new(where)}', 1, 0, 0, 0, 0, NULL, NULL)"
        yield f"{_ROW} ('/registry/tokens/{planter.of('letters', where)}', 1, 0, 0, 0, 0, NULL, NULL)"
    for table in ("kubernetes_auth_tokens", "worker_tokens", "core_token_records", "internal_token_records", "config"):
        yield f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, name TEXT, secret TEXT, token TEXT)"
        yield f"INSERT INTO {table} (name, secret, token) VALUES ('n', '{planter.new(where)}', '{planter.new(where)}')"  # noqa: S608


def _log(folder: Path, planter: Planter) -> None:
    """Databases in segments, in a snapshot, in its WAL, in rows that were deleted and pages that were freed."""
    writer = Writer(folder.parent, f"made-{folder.parent.name}-{folder.name}")
    log = Log(per_segment=4)
    log.add(frames("k8s", writer.run(_KINE, *_rows(planter, "a row"))))
    log.add(frames("k8s", writer.run("DELETE FROM kine WHERE id % 3 = 0")))
    writer.checkpoint()
    log.add(frames("k8s", writer.run(*_rows(planter, "a WAL"))))
    name = log.snapshot(3, snapshot([("k8s", *writer.images())]))
    members = configuration((1, "127.0.0.1:9001", 1), (2, planter.new("an address in raft's configuration"), 0))
    log.files[f"{name}.meta"] = meta(members + planter.new("padding of a configuration").encode(), 1)
    log.add(frames("k8s", writer.run(*_rows(planter, "a segment"))))
    log.add(frames(planter.of("letters", "a database's name"), writer.run("DELETE FROM kine WHERE id % 5 = 0")))
    log.add(planter.new("payload of a barrier").encode().ljust(64, b"\0"), 2)
    log.add(members + bytes(8), 3)
    for number in (1, 2):
        words = (1, number, 1, 0)
        log.files[f"metadata{number}"] = b"".join(word.to_bytes(8, "little") for word in words)
    for file in log.state().files.values():
        if file.blob is not None:
            (folder / file.name).write_bytes(file.blob.read())


def _stray(folder: Path, planter: Planter) -> None:
    """Bytes that no decoder knows: where a batch would begin, and behind what a file holds."""
    stop = segment([[Made(payload=text(planter.new("a payload"))) for _ in range(4)]])
    stray = planter.new("bytes where a batch would begin").encode().ljust(64, b"z")
    (folder / "0000000000000009-0000000000000012").write_bytes(stop + stray)
    (folder / "open-7").write_bytes(stop[:8] + stray + planter.new("an open segment").encode() * 20)
    (folder / "0000000000000013-0000000000000016").write_bytes(planter.new("a segment of nothing else").encode() * 9)
    (folder / "open-8").write_bytes(planter.new("an open segment of nothing else").encode() * 9)
    (folder / "snapshot-1-99-1").write_bytes(planter.new("a snapshot of nothing else").encode() * 9)
    (folder / "snapshot-1-99-1.meta").write_bytes(planter.new("a snapshot's meta of nothing else").encode() * 9)
    for number in (1, 2):
        with (folder / f"metadata{number}").open("ab") as file:
            file.write(planter.new("behind the metadata").encode())


def _host(folder: Path, planter: Planter) -> None:
    """What collectors write of a machine, and a listing."""
    outputs = folder / "sos_commands"
    for name in ("filesys/df_-al", "networking/ip_addr", "snap/snap_list", "systemd/systemctl_list-units"):
        path = outputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(f"{planter.new(name)} 1 2 3 100% /{planter.new(name)}" for _ in range(5)) + "\n")
    listed = [f"-rw------- 1 root root 12 Jan  5 10:00 {planter.of('letters', 'a listing')}" for _ in range(8)]
    (folder / "ls-l.txt").write_text(
        "total 8\n" + "\n".join([*listed, "-rw------- 1 root root 32 Jan  5 10:00 metadata1"])
    )


PLACES: tuple[Place, ...] = (_yaml, _fields, _journal, _file_names, _keys, _log, _stray, _host)


def plant(folder: Path, planter: Planter) -> Path:
    """Two nodes with everything, and beside them inputs that hold one secret alone; the folder of the nodes."""
    evidence = folder / "evidence"
    for node in ("n1", "n2"):
        (evidence / node).mkdir(parents=True)
        for place in PLACES:
            place(evidence / node, planter)
    for number in (1, 2):
        (evidence / "n2" / f"metadata{number}").write_text(planter.of("hex", "metadata that is none"))
    sound = folder / "sound" / "n1"
    sound.mkdir(parents=True)
    _log(sound, planter)
    alone = folder / "alone"
    alone.mkdir()
    for number, kind in enumerate(islice(cycle(("phrase", "letters", "hex")), 6)):
        content = planter.of(kind, "an input that holds nothing else").encode()
        (alone / f"secret-{number}.{('txt', 'bin', 'yaml')[number % 3]}").write_bytes(
            base64.b64decode(b"AAEC") + content if number % 3 == 1 else content
        )
    return evidence
