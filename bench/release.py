"""A release: `make release VERSION=1.2.0` sets the version, dates the changelog's section, and builds all into dist/.

In dist/ lie then the wheel, the sdist, a single file for each processor, the bill of materials (CycloneDX, of what the
wheel needs), the section of the changelog, and the SHA-256 of all. Nothing is published, committed or tagged: the last
lines say how.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.single_file import build_all

ROOT = Path(__file__).parents[1]
_UNRELEASED = "## Unreleased\n"
_VERSION = re.compile(r'(?m)^__version__ = ".+"$')
_NUMBER = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


def main() -> None:
    """Do it all."""
    parser = argparse.ArgumentParser(description="Build a release into dist/.")
    parser.add_argument("version", help="such as 1.2.0")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat())
    options = parser.parse_args()
    package, changelog, dist = ROOT / "forensics/__init__.py", ROOT / "CHANGELOG.md", ROOT / "dist"
    text, section = released(changelog.read_text(), options.version, options.date)
    package.write_text(with_version(package.read_text(), options.version))
    changelog.write_text(text)
    shutil.rmtree(dist, ignore_errors=True)
    subprocess.run([_tool("python"), "-m", "bench.man_pages"], cwd=ROOT, check=True)  # they name the version
    subprocess.run([_tool("hatchling"), "build", "-d", str(dist)], cwd=ROOT, check=True)
    (wheel,) = dist.glob("*.whl")
    build_all(wheel, dist)
    write_bill(wheel, dist / f"dqlite-forensics-{options.version}.cdx.json")
    (dist / "CHANGES.md").write_text(section)
    (dist / "SHA256SUMS").write_text(checksums(dist))
    print(f"built in {dist}; now:\n  git commit -am 'Release {options.version}'\n  git tag v{options.version}")


def with_version(text: str, version: str) -> str:
    """forensics/__init__.py with that version. Ends the process where it is none."""
    if not _NUMBER.fullmatch(version):
        sys.exit(f"{version} is no version: 1.2.0, 1.2.0rc1")
    return _VERSION.sub(f'__version__ = "{version}"', text)


def released(changelog: str, version: str, date: str) -> tuple[str, str]:
    """The changelog with a section of this version in the place of "Unreleased", and that section alone."""
    before, found, rest = changelog.partition(_UNRELEASED)
    section, heading, older = rest.partition("\n## ")
    if not found or not section.strip():
        sys.exit("CHANGELOG.md: nothing stands below Unreleased")
    dated = f"## {version} ({date})\n{section.rstrip()}\n"
    return f"{before}{_UNRELEASED}\n{dated}{heading}{older}", dated


def write_bill(wheel: Path, target: Path) -> None:
    """What an environment holds into which the wheel alone was installed."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
        pip = [f"{scratch}/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], check=True)
        call = [_tool("cyclonedx-py"), "environment", f"{scratch}/bin/python", "--output-reproducible"]
        subprocess.run([*call, "--output-file", str(target)], check=True)


def checksums(folder: Path) -> str:
    """As `sha256sum` prints them, for `sha256sum --check`."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


if __name__ == "__main__":
    main()
