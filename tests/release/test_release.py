"""What `make release` makes of texts, and which wheels the single files are made of. The whole runs by hand: it needs
the package registry for minutes.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest
import yaml

from bench.release import ROOT, checksums, released, with_version
from bench.single_file import PROCESSORS, VERSIONS, platform
from forensics import __version__

CHANGELOG = """# Changelog

## Unreleased

- new

## 0.1.0 (2026-01-01)

- first
"""


def test_the_changelog_gets_a_section_and_an_empty_one() -> None:
    text, section = released(CHANGELOG, "0.2.0", "2026-12-01")
    assert section == "## 0.2.0 (2026-12-01)\n\n- new\n"
    assert text == CHANGELOG.replace("## Unreleased\n", "## Unreleased\n\n## 0.2.0 (2026-12-01)\n")
    with pytest.raises(SystemExit):
        released(text, "0.3.0", "2026-12-02")


def test_the_version_is_in_one_place() -> None:
    package = (ROOT / "forensics/__init__.py").read_text()
    assert f'__version__ = "{__version__}"' in package
    assert '__version__ = "1.2.0rc1"' in with_version(package, "1.2.0rc1")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert ("version" in project["dynamic"], "version" in project) == (True, False)
    with pytest.raises(SystemExit):
        with_version(package, "soon")


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"abc")
    assert checksums(tmp_path) == f"{hashlib.sha256(b'abc').hexdigest()}  a.whl\n"


def test_every_python_of_a_single_file_takes_its_own_wheels() -> None:
    """By the names of wheels as PyPI has them: PEP 425, PEP 600."""
    for processor in PROCESSORS:
        for version in VERSIONS:
            number = "".join(map(str, version))
            tags = platform(version, processor)["compatible_tags"]
            assert isinstance(tags, list)
            assert f"cp{number}-cp{number}-manylinux_2_17_{processor}" in tags  # lz4, msgspec, zstandard
            assert f"cp311-abi3-manylinux_2_28_{processor}" in tags  # cryptography
            assert "py3-none-any" in tags
            assert f"cp{number}-cp{number}-musllinux_1_2_{processor}" not in tags


def test_recipes_name_the_command() -> None:
    """The snap and Debian files, which nothing here can build."""
    snap = yaml.safe_load((ROOT / "packaging/snap/snapcraft.yaml").read_text())
    assert snap["apps"]["dqlite-forensics"]["command"] == "bin/dqlite-forensics"
    assert snap["confinement"] == "strict"
    control = (ROOT / "packaging/debian/control").read_text()
    assert "Package: dqlite-forensics\n" in control
