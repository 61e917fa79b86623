"""Every fixture that has findings, shrunk: does it keep them, and how small is it?

usage: python -m tests.shrink [FIXTURE...]

Prints what does not hold, and at the end how many do, and the median of their sizes: of the files themselves, and as
they are packed, both with xz. Exit code 1 where one does not hold.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from forensics import pipeline
from forensics.check.build import build, pack
from forensics.check.manifest import load
from forensics.check.run import differences, document_of
from forensics.errors import UsageError
from forensics.pipeline import Evidence
from forensics.shrink.fixture import write_fixture
from forensics.shrink.run import shrink
from tests.fixtures import fixture, names, report
from tests.redact.answers import inputs_of

_SECONDS = 60.0  # of each


@dataclass(frozen=True)
class Outcome:
    """What does not hold of a fixture, and the shares of it that are left: of its bytes, and packed."""

    wrong: list[str]
    bytes: float
    packed: float


def _together(inputs: list[Evidence]) -> Evidence:
    """All inputs of a fixture as one."""
    return inputs[0] if len(inputs) == 1 else pipeline.take([source for one in inputs for source in one.sources])


def shrunk(name: str) -> Outcome:
    """One fixture."""
    with inputs_of(fixture(name)) as inputs, _together(inputs) as evidence, tempfile.TemporaryDirectory() as folder:
        try:
            done = shrink(evidence, seconds=_SECONDS)
        except UsageError as error:  # of the same upload given twice nothing is left to find
            return Outcome([str(error)], 1, 1)
        out = Path(folder) / "topic" / "small"
        out.mkdir(parents=True)
        write_fixture(out, done)
        written = sum(file.stat().st_size for file in out.iterdir())
        small = load(out)
        given = len(pack(build(fixture(name)), "tar.xz"))
        return Outcome(differences(small, document_of(small)), done.after / max(done.before, 1), written / given)


def main(arguments: list[str]) -> int:
    """A line for each that does not hold."""
    wanted = [name for name in arguments or names() if fixture(name).pack != "text" and report(name).findings]
    outcomes = []
    for name in wanted:
        outcome = shrunk(name)
        outcomes.append(outcome)
        print(f"{name}: {outcome.bytes:.4f} of its bytes, {outcome.packed:.3f} packed", *outcome.wrong, flush=True)
    held = sum(not outcome.wrong for outcome in outcomes)
    print(f"{held} of {len(outcomes)} keep their findings")
    for what in ("bytes", "packed"):
        print(f"median of {what}: {statistics.median(getattr(outcome, what) for outcome in outcomes):.4f}")
    return 0 if held == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
