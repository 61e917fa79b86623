"""`make fuzz MINUTES=n`, or `INPUTS=n`: every kind of input under a coverage-guided fuzzer, and a table of what held.

What broke lies in `tests/fuzz/corpus` afterwards, by kind, where `make test` reads it again: mend the cause, and commit
the file.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.fuzz.seeds import SEED_BYTES_MAX, seeds_of
from tests.fuzz.targets import TARGETS

CORPUS: Final = Path(__file__).parent / "corpus"
HANG_SECONDS: Final = 60  # of one input by the clock, for what waits; see SECONDS_MAX for what works
MEMORY_MIB_MAX: Final = 512
ARCHIVES_SHARE: Final = 5  # an archive is a whole analysis: so many times fewer of them
_EXECUTED: Final = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_PEAK: Final = re.compile(r"stat::peak_rss_mb:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fuzzing one kind came to: how many inputs, MiB at most, processor seconds, files of those that broke it."""

    kind: str
    executed: int
    peak: int
    seconds: float
    found: tuple[Path, ...]
    trouble: str = ""

    @property
    def held(self) -> bool:
        """Nothing broke, and it ran at all."""
        return not self.found and not self.trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for all kinds together (default: %(default)s)")
    parser.add_argument(
        "--inputs", type=int, help="as many of each kind, of whole archives a fifth, however long it takes"
    )
    parser.add_argument("--kind", action="append", choices=sorted(TARGETS), help="this kind alone; may be repeated")
    options = parser.parse_args()
    kinds = options.kind or sorted(TARGETS)
    print(f"{'kind':16} {'inputs':>10} {'MiB':>5} {'CPU s':>6}  held")
    outcomes = []
    for kind in kinds:
        outcome = fuzz(kind, _until(kind, options, len(kinds)))
        outcomes.append(outcome)
        said = "yes" if outcome.held else f"NO: {outcome.trouble or ', '.join(map(str, outcome.found))}"
        print(f"{kind:16} {outcome.executed:10} {outcome.peak:5} {outcome.seconds:6.0f}  {said}", flush=True)
    print(f"{sum(outcome.executed for outcome in outcomes)} inputs in all")
    return int(not all(outcome.held for outcome in outcomes))


def _until(kind: str, options: argparse.Namespace, kinds: int) -> str:
    """LibFuzzer's option for when a kind has had enough."""
    if options.inputs:
        return f"-runs={options.inputs // (ARCHIVES_SHARE if kind == 'archive' else 1)}"
    return f"-max_total_time={max(1, round(options.minutes * 60 / kinds))}"


def fuzz(kind: str, until: str) -> Outcome:
    """One kind, in a process of its own."""
    kept = CORPUS / kind
    before = set(kept.glob("*")) if kept.is_dir() else set()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        work = Path(folder)
        for seed in seeds_of(kind):
            (work / sha256(seed).hexdigest()).write_bytes(seed)
        kept.mkdir(parents=True, exist_ok=True)
        limits = (until, f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MEMORY_MIB_MAX}")
        others = (
            f"-max_len={2 * SEED_BYTES_MAX}",
            f"-artifact_prefix={kept}/",
            "-print_final_stats=1",
            f"-report_slow_units={HANG_SECONDS}",
        )
        # A process counts as its peak what its parent held when it was forked: a shell in between holds nothing.
        between = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
        command = [*between, sys.executable, "-m", "tests.fuzz.one", kind, *limits, *others, str(work), str(kept)]
        before_it = _processor_seconds()
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    found = tuple(sorted(set(kept.glob("*")) - before))
    if not any(kept.iterdir()):
        kept.rmdir()
    executed, peak = (pattern.search(done.stderr) for pattern in (_EXECUTED, _PEAK))
    ran = executed is not None or found
    trouble = "" if ran else (done.stderr.strip().splitlines() or ["no output"])[-1]
    inputs, most = (int(pattern[1]) if pattern else 0 for pattern in (executed, peak))
    return Outcome(kind, inputs, most, _processor_seconds() - before_it, found, trouble)


def _processor_seconds() -> float:
    """Of all processes that ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
