"""One file for hosts without a network: `python -m bench.single_file WHEEL FOLDER` writes one for each processor.

It needs Python of VERSIONS alone: the wheels of all of them are inside (pex). Nothing is built: where a package has no
wheel for one of these, pex says which.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.tags import compatible_tags, cpython_tags

VERSIONS = ((3, 11), (3, 12), (3, 13), (3, 14))
PROCESSORS = ("x86_64", "aarch64")
_GLIBC = (2, 28)  # of Debian 10, RHEL 8 and Ubuntu 18.10, and of all that is newer
_BYTES_MAX = 50_000_000
_ROOT = Path(__file__).parents[1]


def build_all(wheel: Path, folder: Path) -> None:
    """Write the files, and refuse one that is too large."""
    for processor in PROCESSORS:
        target = folder / f"{wheel.name.split('-py3')[0].replace('_', '-')}-linux-{processor}.pex"
        _build(wheel, processor, target)
        if target.stat().st_size > _BYTES_MAX:
            sys.exit(f"{target} has {target.stat().st_size} bytes; the limit is {_BYTES_MAX}")
        print(target)


def _build(wheel: Path, processor: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        platforms = []
        for version in VERSIONS:
            path = Path(scratch) / f"{processor}-{version[1]}.json"
            path.write_text(json.dumps(platform(version, processor)))
            platforms += ["--complete-platform", str(path)]
        call = [sys.executable, "-m", "pex", str(wheel), "--script", "dqlite-forensics", "--output-file", str(target)]
        call += ["--venv", "prepend", "--no-build", "--pip-version", "24.3.1"]
        call += ["--python-shebang", "/usr/bin/env python3", "--constraints", str(_ROOT / "constraints.txt")]
        subprocess.run([*call, *platforms], check=True)


def platform(version: tuple[int, int], processor: str) -> dict[str, object]:
    """What pex has to know of an interpreter that is not at hand: its tags and markers."""
    number = "".join(map(str, version))
    places = list(_platforms(processor))
    tags = [*cpython_tags(version, [f"cp{number}"], places), *compatible_tags(version, f"cp{number}", places)]
    return {
        "compatible_tags": [str(tag) for tag in tags],
        "marker_environment": {
            "implementation_name": "cpython",
            "implementation_version": ".".join(map(str, (*version, 0))),
            "os_name": "posix",
            "platform_machine": processor,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": ".".join(map(str, (*version, 0))),
            "python_version": ".".join(map(str, version)),
            "sys_platform": "linux",
        },
    }


def _platforms(processor: str) -> Iterator[str]:
    """The newest first."""
    for minor in range(_GLIBC[1], 16, -1):
        yield f"manylinux_{_GLIBC[0]}_{minor}_{processor}"
    yield f"manylinux2014_{processor}"
    if processor == "x86_64":
        yield from ("manylinux_2_12_x86_64", "manylinux2010_x86_64", "manylinux_2_5_x86_64", "manylinux1_x86_64")
    yield f"linux_{processor}"


if __name__ == "__main__":
    build_all(Path(sys.argv[1]), Path(sys.argv[2]))
