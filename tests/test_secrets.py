"""Secrets planted wherever something is read: in no output of any command but `sql` and `extract`, which give data."""

from __future__ import annotations

import base64
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.report.formats import WRITTEN
from tests.fixtures import ROOT

TOKEN = "PLANTEDtoken0123456789abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - the point of this test
PASSWORD = "planted-pass-phrase-4711"  # noqa: S105 - as above
KEY_LINE = "MHcCAQEEIPLANTEDPLANTEDPLANTEDPLANTEDPLANTEDPLANTEDPLANTEDPLANTE"
SECRET_VALUE = "fixture-not-a-real"  # noqa: S105 - in the values of /registry/secrets of every recording (fixtures/make/kine.py)
PEM = f"-----BEGIN EC PRIVATE KEY-----\n{KEY_LINE}\n-----END EC PRIVATE KEY-----\n"

PLANTED = {
    "cluster.key": PEM,
    "server.key": PEM,
    "daemon.yaml": f"name: n1\naddress: 127.20.1.1:9000\ntoken: {TOKEN}\njoin_token: {TOKEN}\n",
    "init.yaml": f"Address: 127.20.1.1:9000\nsecret: {TOKEN}\n",
    "tuning.yaml": f"password: {PASSWORD}\n",
    "journal.log": (
        "Jan  5 10:00:00 n1 k8s.k8s-dqlite[1]: raft_start(): io: load closed segment "
        "0000000000000001-0000000000000001: found 0 entries (expected 1)\n"
        f'Jan  5 10:00:01 n1 k8s.k8s-dqlite[1]: level=error msg="no space left on device" token={TOKEN} '
        f'password="{PASSWORD}" Authorization: Bearer {TOKEN}\n'
        f"Jan  5 10:00:02 n1 k8s.k8s-dqlite[1]: x509: certificate signed by unknown authority; key {KEY_LINE}\n"
    ),
}
COMMANDS = [
    ["analyze", "-vv", "--fail-on", "never"],
    ["analyze", "--short", "--fail-on", "never"],
    *(["analyze", f"--{form}", "-", "-q", "--fail-on", "never"] for form in WRITTEN),
    ["log"],
    ["log", "--format", "json"],
    ["log", "--format", "csv"],
    ["history", "--database", "k8s"],
    ["history", "--database", "k8s", "--format", "json"],
    ["plan"],
    ["forecast"],
    ["forecast", "--format", "json"],
    ["diff"],
]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One node of a real cluster, with secrets in its files and beside them."""
    folder = tmp_path_factory.mktemp("evidence")
    with tarfile.open(ROOT / "bases" / "healthy.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    folder /= "healthy"
    for name, text in PLANTED.items():
        (folder / "n1" / name).write_text(text)
    return folder


def _forms(secret: str) -> Iterator[str]:
    """As it is, in hex, and in base64 at each of the three offsets."""
    raw = secret.encode()
    yield secret
    yield raw.hex()
    yield raw.hex(" ")
    for offset in range(3):
        yield base64.b64encode(bytes(offset) + raw).decode()[4:-4]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_output_tells_a_secret(evidence: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command, *flags = words
    inputs = {
        "history": [str(evidence / "n1"), "/registry/secrets/default/fixture-token-1"],
        "diff": [str(evidence / "n1"), str(evidence / "n2")],
        "log": [str(evidence / "n1")],
    }.get(command, [str(evidence)])
    assert main([command, *inputs, *flags]) in (0, 1, 4)
    out, err = capsys.readouterr()
    assert len(out) > 20  # it said something
    for secret in (TOKEN, TOKEN[:24], PASSWORD, KEY_LINE, KEY_LINE[:24], SECRET_VALUE):
        for form in _forms(secret):
            assert form not in out, form
            assert form not in err, form


def test_the_recording_holds_the_secret_values(evidence: Path) -> None:
    """Else the test above would pass on anything."""
    assert any(SECRET_VALUE.encode() in path.read_bytes() for path in (evidence / "n1").iterdir())


@pytest.mark.parametrize("base", ["lxd-database", "k8sd-upgrade"])
@pytest.mark.parametrize(
    "words", [words for words in COMMANDS if words[0] not in ("log", "history", "diff")], ids=" ".join
)
def test_no_output_tells_a_secret_of_a_row(base: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Passwords and tokens that an instance, a profile, the server or a join holds, in what a choice would lose."""
    command, *flags = words
    archive = ROOT / "bases" / f"{base}.tar.xz"
    assert main([command, str(archive), *flags]) in (0, 1, 4)
    assert SECRET_VALUE not in "".join(capsys.readouterr())


def test_the_recordings_hold_the_secrets_of_rows() -> None:
    """Else the test above would pass on anything. And the plan does tell of the rows that hold them."""
    for base in ("lxd-database", "k8sd-upgrade"):
        with tarfile.open(ROOT / "bases" / f"{base}.tar.xz") as archive:
            members = [archive.extractfile(member) for member in archive if member.isfile()]
            assert any(SECRET_VALUE.encode() in member.read() for member in members if member)
