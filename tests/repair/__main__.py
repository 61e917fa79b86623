"""Damages every recording at random, repairs what can be repaired, and starts the results on real dqlite: Debian's, and
those that DQLITE_BUILDS names (tests/held/starts/build.sh).

usage: python -m tests.repair [--rounds N] [--chance N] [SEED...]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.chance import chance
from tests.held.damage import seeds
from tests.held.recording import names
from tests.held.starts.library import builds
from tests.repair.run import Result, carry_out

ROUNDS = 17
"""Of each recording: more than 500."""


SHARE = 0.95
"""Of what can be repaired, so much has to be."""


_COLUMNS = (
    "damage",
    "damages",
    "need a repair",
    "can be repaired",
    "repaired",
    "share",
    "only alone",
    "starts, all rows",
    "earlier moment, all rows",
    "wrong",
)


def main(arguments: list[str] | None = None) -> int:
    """Every seed; a line for each that fails, then the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.repair")
    parser.add_argument("seed", nargs="*", help="recording/number; a sample of all, where none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many of each recording")
    parser.add_argument("--chance", type=int, default=chance(), help="the same damages for the same")
    chosen = parser.parse_args(arguments)
    every = chosen.seed or [seed for name in names() for seed in seeds(name, chosen.rounds + 1, chosen.chance)[1:]]
    print(f"{len(every)} damages, with --chance {chosen.chance}, on dqlite {', '.join(builds())}", flush=True)
    outcomes = []
    for seed in every:
        one = carry_out(seed)
        outcomes.append(one)
        if one.wrong or (one.repairable and not one.repaired):
            print(one.title, f"  says: {one.said}", *(f"  wrong: {line}" for line in one.wrong), sep="\n", flush=True)
    print(table(outcomes))
    wanted = [one for one in outcomes if one.repairable]
    mended = sum(bool(one.repaired) for one in wanted)
    wrong = sum(bool(one.wrong) for one in outcomes)
    return 1 if wrong or mended < SHARE * len(wanted) else 0


def table(outcomes: Sequence[Result]) -> str:
    """What a run came to, by what was damaged: in Markdown."""
    kinds = sorted({fault for one in outcomes for fault in one.faults})
    rows = [(kind, [one for one in outcomes if kind in one.faults]) for kind in kinds]
    lines = [_row(kind, some) for kind, some in (*rows, ("all", list(outcomes)))]
    return "\n".join([f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}", *lines])


def _row(kind: str, outcomes: Sequence[Result]) -> str:
    wanted = [one for one in outcomes if one.repairable]
    done = [one for one in wanted if one.repaired]
    share = f"{100 * len(done) / len(wanted):.1f} %" if wanted else ""
    written = [one for one in outcomes if one.repaired]
    counts = (
        len(outcomes),
        sum(one.repairable is not None for one in outcomes),
        len(wanted),
        len(done),
        share,
        sum(one.alone for one in done),
        sum(one.started for one in written),
        sum(one.earlier for one in written),
        sum(bool(one.wrong) for one in outcomes),
    )
    return f"| {kind} | {' | '.join(map(str, counts))} |"


if __name__ == "__main__":
    sys.exit(main())
