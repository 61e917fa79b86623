"""One real private key planted wherever a microcluster directory can hold it: no line of it in any output.

The key is made for the test. Each place makes another reader meet it: as a key, as a certificate, as a name, an
address, a number, SQL, a member of a tarball, a line of a log.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from forensics.check.build import build, write
from forensics.check.manifest import load
from forensics.cli import main
from forensics.report.formats import WRITTEN
from tests.fixtures import ROOT
from tests.made_certificates import make

KEY = make().key.decode()
LINES = [line for line in KEY.splitlines() if not line.startswith("-----")]
INDENTED = "".join(f"  {line}\n" for line in KEY.splitlines())
ONE_LINE = KEY.replace("\n", "\\n")
STATE = "var/snap/k8s/common/var/lib/k8sd/state"
DQLITE = "var/snap/k8s/common/var/lib/k8s-dqlite"

PLANTED = {
    f"{STATE}/server.key": KEY,
    f"{STATE}/cluster.key": f"{KEY}{KEY[:90]}",
    f"{STATE}/server.crt": KEY,
    f"{STATE}/certificates/{'x' * 20}.crt": f"{make().certificate.decode()}{KEY}",
    f"{STATE}/daemon.yaml": f"name: |\n{INDENTED}address: 127.20.2.1:6400\n",
    f"{STATE}/truststore/control-2.yaml": f"name: control-2\naddress: 127.20.2.2:6400\ncertificate: |\n{INDENTED}",
    f"{STATE}/truststore/control-3.yaml": f'name: "{ONE_LINE}"\naddress: 127.20.2.3:6400\ncertificate: x\n',
    f"{STATE}/truststore/.control-3.yaml123": KEY,
    f"{STATE}/patch.global.sql": f"-- {KEY}\n",
    f"{STATE}/database/failure-domain": KEY,
    f"{DQLITE}/init.yaml": f'Address: "{ONE_LINE}"\nCluster:\n- |\n{INDENTED}',
    f"{DQLITE}/tuning.yaml": f'snapshot: {{threshold: "{ONE_LINE}", trailing: 4, strategy: "{ONE_LINE}"}}\n',
    f"{DQLITE}/info.yaml": f"ID: 5\nAddress: |\n{INDENTED}Role: 0\n",
    f"{DQLITE}/cluster.yaml": f"- ID: 5\n  Address: {LINES[0]}\n  Role: 0\n",
    f"{DQLITE}/cluster.crt": f"junk\n{KEY}",
    f"{DQLITE}/cluster.key": KEY.replace("PRIVATE KEY", "CERTIFICATE"),
    "sos_commands/microk8s/openssl_x509_-in_.x.cluster.crt_-noout_-dates": f"unable to load certificate\n{KEY}",
    "journal.log": f"Jan  5 10:00:00 n1 k8s.k8sd[1]: Daemon stopped: tls: failed to parse private key {ONE_LINE}\n",
}
COMMANDS = [
    ["analyze", "-vv", "--fail-on", "never"],
    *(["analyze", f"--{form}", "-", "-vv", "--fail-on", "never"] for form in WRITTEN),
    ["plan", "-vv"],
    ["plan", "--format", "json"],
    ["forecast", "-vv"],
    ["log", "--node", "n1", "-vv"],
]


def tarball() -> bytes:
    """A recovery tarball that holds the key as a file, as a name, and as the name of a file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        members = f"- id: 3297041220608546238\n  name: |\n  {INDENTED.replace(chr(10), chr(10) + '  ')}\n"
        for name, text in (("recovery.yaml", members), ("cluster.key", KEY), (f"{LINES[0]}", KEY)):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    write(build(load(ROOT / "healthy" / "k8sd")), folder)
    for name, text in PLANTED.items():
        path = folder / "n1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "n1" / STATE / "recovery_db.tar.gz").write_bytes(tarball())
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_line_of_a_key_is_shown(evidence: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command, *flags = words
    assert main([command, str(evidence), *flags]) in (0, 1, 4)
    out, err = capsys.readouterr()
    assert len(out) > 20
    for line in LINES:
        assert line not in out
        assert line not in err
        assert line[:30] not in out
