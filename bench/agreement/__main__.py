"""Print how far the model agrees with the real library.

usage: python -m bench.agreement [DIRECTORY] [--every N] [--show N]

DIRECTORY holds recorded verdicts and bases (default: fixtures/forecast). `--every N` takes each N-th row,
`--show N` prints at most so many disagreements of a corpus. Exit code 1 where there is one.

A row whose real outcome depends on what happened to lie in memory is counted apart, and never as agreement.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path

from bench.agreement.corpus import Corpus, corpora, load_bases
from bench.agreement.state import State


def main(arguments: list[str] | None = None) -> int:
    """Compare every corpus; print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.agreement")
    parser.add_argument("directory", nargs="?", type=Path, default=Path("fixtures/forecast"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    chosen = parser.parse_args(arguments)
    bases: dict[int, dict[str, State]] = {}
    disagreements = 0
    for corpus in corpora(chosen.directory):
        if corpus.number not in bases:
            bases = {corpus.number: load_bases(chosen.directory, corpus.number)}
        disagreements += _report(corpus, bases[corpus.number], chosen.every, chosen.show)
    return 1 if disagreements else 0


def _report(corpus: Corpus, bases: dict[str, State], every: int, show: int) -> int:
    compared = [corpus.compare(row, bases) for row in islice(corpus.rows(), 0, None, every)]
    defined = [row for row in compared if row.undefined is None]
    wrong = [row for row in defined if row.differences]
    agreed = len(defined) - len(wrong)
    share = 100 * agreed / len(defined) if defined else 0.0
    line = f"{corpus.name} ({corpus.library}): {agreed} of {len(defined)} agree ({share:.2f} %)"
    apart = len(compared) - len(defined)
    if apart:
        line += f"; {apart} more depend on what lies in memory"
    sys.stdout.write(line + "\n")
    for row in wrong[:show]:
        sys.stdout.write(f"  seed {row.seed}, {row.base}, {', '.join(row.operations)}\n")
        sys.stdout.writelines(f"    {text}\n" for text in row.differences)
    return len(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
