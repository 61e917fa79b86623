"""Inputs that hold no evidence: alone they are refused, beside others they make the analysis incomplete."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from forensics.check.build import build, pack
from forensics.check.tree import File
from forensics.cli import main
from forensics.report.stored import read_report
from tests.fixtures import fixture

PLAIN = b"the secret upload\n"


def by_gnupg(*options: str) -> Callable[[Path], bytes]:
    def encrypted(space: Path) -> bytes:
        command = ["gpg", "--homedir", str(space), "--batch", "--pinentry-mode", "loopback", "--passphrase", "x"]
        made = subprocess.run([*command, *options, "--symmetric"], input=PLAIN, capture_output=True, check=True).stdout
        subprocess.run(["gpgconf", "--homedir", str(space), "--kill", "all"], check=True)  # its agent outlives it
        return made

    return encrypted


def by_openssl(_: Path) -> bytes:
    command = ["openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-pass", "pass:x"]
    return subprocess.run(command, input=PLAIN, capture_output=True, check=True).stdout


def empty_tar(_: Path) -> bytes:
    into = io.BytesIO()
    tarfile.open(fileobj=into, mode="w:gz").close()
    return into.getvalue()


def encrypted_zip(_: Path) -> bytes:
    """Of one file; the bit that says so is set in both headers (APPNOTE.TXT 4.4.4), which is all that is read."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("n1/metadata1", PLAIN)
    made = bytearray(into.getvalue())
    made[6] |= 1
    made[made.index(b"PK\1\2") + 8] |= 1
    return bytes(made)


UNUSABLE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "gnupg": (by_gnupg(), "encrypted with GnuPG: decrypt it first"),
    "gnupg-armor": (by_gnupg("--armor"), "encrypted with GnuPG: decrypt it first"),
    "openssl": (by_openssl, "encrypted with openssl: decrypt it first"),
    "7z": (lambda _: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24), "7z archive"),  # its signature, 7zFormat.txt
    "rar": (lambda _: b"Rar!\x1a\x07\x01\0" + bytes(24), "rar archive"),  # of version 5
    "luks": (
        lambda _: b"LUKS\xba\xbe\0\2" + bytes(504),
        "encrypted disk (LUKS): open it",
    ),  # cryptsetup, lib/luks2/luks2.h
    "zeros": (lambda _: bytes(10_240), "nothing but zeros"),  # as tar writes an archive of nothing
    "html": (lambda _: b"\n<!DOCTYPE html><title>Sign in</title>", "HTML page"),
    "empty": (lambda _: b"", "empty"),
    "random": (lambda _: Random(1).randbytes(20_000), "neither an archive nor a text"),  # noqa: S311 - repeatable
    "program": (lambda _: Path(sys.executable).read_bytes()[:50_000], "neither an archive nor a text"),
    "zip-encrypted": (encrypted_zip, "encrypted"),
    "zip-cut": (lambda _: b"PK\3\4" + bytes(60), "copy it again"),
    "empty-archive": (empty_tar, "no file"),
}


@pytest.fixture(params=UNUSABLE)
def unusable(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """An input, and what has to be said of it."""
    make, said = UNUSABLE[request.param]
    path = tmp_path / "upload"
    path.write_bytes(make(tmp_path))
    return str(path), said


def test_alone_it_is_refused(unusable: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    path, said = unusable
    assert main(["analyze", path]) == 3
    assert said in capsys.readouterr().err


def test_beside_others_the_rest_is_judged_and_it_is_told(unusable: tuple[str, str], tmp_path: Path) -> None:
    path, said = unusable
    assert beside(path, tmp_path, said) == 4


def test_an_empty_folder(tmp_path: Path) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    assert main(["analyze", str(folder)]) == 3
    assert beside(str(folder), tmp_path, "no file") == 4


KNOWN_BY_NOBODY = {
    "words": "it does not work any more\n",
    "blank": "\n",
    "another file": "root:x:0:0:root:/root:/bin/bash\n",
}


@pytest.mark.parametrize("text", KNOWN_BY_NOBODY.values(), ids=KNOWN_BY_NOBODY)
@pytest.mark.parametrize("packed", [False, True], ids=["text", "tar"])
def test_what_nothing_is_known_of(text: str, packed: bool, tmp_path: Path) -> None:
    """A text, or an archive of such: it was read, and what is judged does not rest on it."""
    path, content = tmp_path / "upload", text.encode()
    path.write_bytes(pack({"notes/what.txt": File(content)}, "tar") if packed else content)
    assert beside(str(path), tmp_path, "nothing in it is known", "nothing") == 4


def test_a_log_without_trouble_needs_no_word(tmp_path: Path) -> None:
    healthy, log = tmp_path / "healthy.tar", tmp_path / "n1.log"
    healthy.write_bytes(pack(build(fixture("healthy/stopped-111")), "tar"))
    log.write_text("Nov 24 10:00:00 n1 k8s.k8s-dqlite[4711]: Starting\n")
    assert main(["analyze", str(healthy), str(log), "-q"]) == 0


def beside(path: str, space: Path, said: str, kind: str = "refused") -> int:
    """The exit code beside a healthy input, whose nodes stay whole."""
    healthy, out = space / "healthy.tar.gz", space / "report.json"
    healthy.write_bytes(pack(build(fixture("healthy/stopped-111")), "tar.gz"))
    code = main(["analyze", str(healthy), path, "--json", str(out), "-q"])
    gaps = read_report(str(out)).missing
    assert {gap.kind for gap in gaps} == {kind}
    assert all(said in gap.detail for gap in gaps)
    return code


def test_an_older_look_at_a_directory_is_known(tmp_path: Path) -> None:
    """Two listings of one directory: only the newer one is judged, and the older one is compared with it."""
    head = "root@n1:/var/snap/microk8s/current/var/kubernetes/backend# ls -l\ntotal 8192\n"
    segment = "-rw-rw---- 1 root microk8s 8388608 Nov {} 09:00 {:016}-{:016}\n"
    older, newer = tmp_path / "older.txt", tmp_path / "newer.txt"
    older.write_text(head + segment.format(20, 1, 400))
    newer.write_text(head + segment.format(20, 1, 400) + segment.format(21, 401, 900))
    report = tmp_path / "report.json"
    main(["analyze", str(older), str(newer), "--json", str(report), "-q"])
    assert "nothing in it is known" not in report.read_text()
