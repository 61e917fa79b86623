"""Starts on real dqlite exactly the nodes called safe, after random damages, and looks for what was committed.

usage: python -m tests.held.starts [--states N] [--chance N] [--record | --again] [SEED...]

Prints each state, and at the end how many held. Exit code 1 where one did not. With --record, fixtures/starts.toml is
written; with --again, its own states are started once more for that. Recordings of dqlite 1.18.6 take part where
DQLITE_BUILDS has it (tests/held/starts/library.py).
"""

from __future__ import annotations

import argparse
import sys

from fixtures.make import toml
from fixtures.make.recorder import versions
from tests.chance import chance
from tests.held.starts.library import builds
from tests.held.starts.run import Started, carry_out, recorded
from tests.held.starts.sample import RECORDS, kept_seeds, sample

STATES = 60


def main(arguments: list[str] | None = None) -> int:
    """Every state; a line for each, and one for each thing that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.held.starts")
    parser.add_argument("seed", nargs="*", help="recording/number; a sample of all, where none is named")
    parser.add_argument("--states", type=int, default=STATES, help="how many to start")
    parser.add_argument("--chance", type=int, default=chance(), help="the same damages for the same")
    parser.add_argument("--record", action="store_true", help="write fixtures/starts.toml")
    parser.add_argument("--again", action="store_true", help="start the states of fixtures/starts.toml, and write it")
    chosen = parser.parse_args(arguments)
    seeds = kept_seeds() if chosen.again else chosen.seed
    if not seeds:
        print(f"{chosen.states} states, with --chance {chosen.chance}", flush=True)
    states = map(carry_out, seeds) if seeds else sample(chosen.states, chosen.chance, builds())
    outcomes: list[Started] = []
    for one in states:
        outcomes.append(one)
        print(f"{one.title}: {', '.join(one.started)} started, {', '.join(one.leaders) or 'nobody'} leads", flush=True)
        print(*(f"  wrong: {line}" for line in one.wrong), sep="\n", end="\n" if one.wrong else "", flush=True)
    failed = sum(bool(one.wrong) for one in outcomes)
    print(f"{len(outcomes) - failed} of {len(outcomes)} hold")
    if (chosen.record or chosen.again) and not failed:
        kept = {"versions": versions(), "start": [recorded(one) for one in outcomes if one.started]}
        RECORDS.write_text(toml.dumps(kept), "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
