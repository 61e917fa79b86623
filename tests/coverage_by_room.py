"""Branch coverage by room, from the data that pytest-cov left, and the floor that it must not fall below."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

FLOOR = 95.0
"""Percent, of everything: what it was when it was last raised, rounded down."""


def main() -> int:
    """Print a line a room; 1 where the whole is below the floor."""
    command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", "-"]
    measured = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    rooms = percents((path, file["summary"]) for path, file in measured["files"].items())
    sys.stdout.writelines(f"{room:16}{percent:6.1f} %\n" for room, percent in rooms.items())
    if rooms["all"] >= FLOOR:
        return 0
    sys.stdout.write(f"below the floor of {FLOOR:.1f} % (tests/coverage_by_room.py)\n")
    return 1


def percents(files: Iterable[tuple[str, Mapping[str, int]]]) -> dict[str, float]:
    """Share of lines and branches that were run, by room and of `all`, from the path and summary of each file."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, summary in files:
        for room in (Path(path).parts[1], "all"):
            counts[room][0] += summary["covered_lines"] + summary["covered_branches"]
            counts[room][1] += summary["num_statements"] + summary["num_branches"]
    return {room: 100 * covered / max(there, 1) for room, (covered, there) in sorted(counts.items())}


if __name__ == "__main__":
    sys.exit(main())
