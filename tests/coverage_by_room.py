"""Branch coverage by room, from the data that pytest-cov left, and the floor that it must not fall below."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

FLOOR = 0.0
"""Percent, of everything: what it was when it was last raised, rounded down."""


def main() -> int:
    """Print a line a room; 1 where the whole is below the floor."""
    subprocess.run([sys.executable, "-m", "coverage", "json", "--quiet", "-o", ".coverage.json"], check=True)
    files = json.loads(Path(".coverage.json").read_text(encoding="utf-8"))["files"]
    rooms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, measured in files.items():
        room = Path(path).parts[1]
        summary = measured["summary"]
        for name in (room, "all"):
            rooms[name][0] += summary["covered_lines"] + summary["covered_branches"]
            rooms[name][1] += summary["num_statements"] + summary["num_branches"]
    for name, (covered, there) in sorted(rooms.items()):
        sys.stdout.write(f"{name:16}{100 * covered / max(there, 1):6.1f} %\n")
    covered, there = rooms["all"]
    return int(100 * covered / max(there, 1) < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
