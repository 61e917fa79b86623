"""`check` on a user's own fixture, after `pip install` and from a folder anywhere; and what a wheel is made of."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from forensics.check.build import write
from forensics.check.tree import File, Tree
from forensics.errors import UsageError

pytestmark = pytest.mark.xdist_group("installed")  # one process builds and installs, once
ROOT = Path(__file__).parents[2]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run([sys.executable, "-c", BUILD, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / built.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment that has the wheel, and of this one's packages all but the repository itself."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin/pip", "install", "--quiet", "--no-index", "--no-deps", wheel], check=True)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    (next(home.glob("lib/python*/site-packages")) / "packages.pth").write_text(packages)
    return home / "bin/dqlite-forensics"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The fixture that fixtures/README.md shows, with a recording as the user's archive."""
    section = (ROOT / "fixtures/README.md").read_text().partition("## Of your own")[2]
    example = re.search(r"^```toml\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert example is not None
    folder = tmp_path / "march"
    folder.mkdir()
    (folder / "fixture.toml").write_text(example[1])
    shutil.copy(ROOT / "fixtures/bases/single.tar.xz", folder / "case.tar.xz")
    return folder


def check(command: Path, *arguments: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([command, "check", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_a_fixture_of_the_user_s_own_is_checked_wherever_it_lies(installed: Path, own: Path) -> None:
    got = check(installed, Path(own.name), cwd=own.parent)
    assert (got.returncode, got.stderr) == (0, "")
    assert got.stdout.endswith("1 fixture, 0 different\n")


def test_what_differs_is_told(installed: Path, own: Path, tmp_path: Path) -> None:
    manifest = own / "fixture.toml"
    manifest.write_text(manifest.read_text().replace('"critical"', '"low"'))
    got = check(installed, own, cwd=tmp_path)
    assert got.returncode == 1
    assert "not low: critical SEG001 (n1)" in got.stdout


def test_an_archive_of_another_shape_is_refused(installed: Path, own: Path, tmp_path: Path) -> None:
    """Without the folder on top its nodes would be taken for it, and nothing would be built."""
    subprocess.run(["tar", "-xJf", own / "case.tar.xz", "-C", tmp_path], check=True)
    subprocess.run(["tar", "-cJf", own / "case.tar.xz", "-C", tmp_path / "single", "n1"], check=True)
    got = check(installed, own, cwd=tmp_path)
    assert got.returncode == 2
    assert "case.tar.xz has no file TOP/NODE/NAME" in got.stderr


def test_the_wheel_has_the_product_alone(wheel: Path) -> None:
    """Its package, and the manual pages, which an installer puts where `man` looks."""
    with zipfile.ZipFile(wheel) as archive:
        listed = archive.namelist()
    tops = {name.partition("/")[0] for name in listed}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"forensics"}
    beside = {name.split("/", 1)[1] for name in listed if name.partition("/")[0].endswith(".data")}
    assert {str(Path(name).parent) for name in beside} == {"data/share/man/man1"}


LINK_OUT: Tree = {"n1": File(target="/"), "n1/etc/passwd": File(b"x")}


@pytest.mark.parametrize("tree", [{"../out": File(b"x")}, {"/out": File(b"x")}, LINK_OUT])
def test_an_archive_writes_nothing_outside_of_the_input(tree: Tree, tmp_path: Path) -> None:
    """`check --build` of a stranger's fixture."""
    with pytest.raises(UsageError, match="leads out of the input"):
        write(tree, tmp_path / "input")
    assert not (tmp_path / "out").exists()
