"""Damages every recording at random, and holds the answers to what must be true of them.

usage: python -m tests.held [--rounds N] [--chance N] [--show] [SEED...]

Other damages each time, unless a chance is given. Prints it, each failure with its seed (`healthy/3`), and at the end
how many held. Exit code 1 where one did not.
"""

from __future__ import annotations

import argparse
import sys

from tests.chance import chance
from tests.held.damage import ROUNDS, seeds
from tests.held.recording import names
from tests.held.run import held


def main(arguments: list[str] | None = None) -> int:
    """Every seed; some lines for each that fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.held")
    parser.add_argument("seed", nargs="*", help="recording/number; all of them, where none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many of each recording")
    parser.add_argument("--chance", type=int, default=chance(), help="the same damages for the same")
    parser.add_argument("--show", action="store_true", help="also print what is said where all is well")
    chosen = parser.parse_args(arguments)
    every = [seed for name in names() for seed in seeds(name, chosen.rounds, chosen.chance)]
    if not chosen.seed:
        print(f"{len(every)} damages, with --chance {chosen.chance}", flush=True)
    wanted, failed = chosen.seed or every, 0
    for outcome in map(held, wanted):
        failed += bool(outcome.wrong)
        if outcome.wrong or chosen.show:
            said = f"  says: {outcome.headline}; {outcome.states}"
            print(outcome.title, said, *(f"  wrong: {line}" for line in outcome.wrong), sep="\n", flush=True)
    print(f"{len(wanted) - failed} of {len(wanted)} hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
