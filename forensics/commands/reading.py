"""The inputs of every command but `analyze`, whose report tells the same: what was not read is said, once for all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from forensics.budget import Budget, run_within
from forensics.masking.text import shown
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.facts.intake import Evidence


@contextmanager
def spending(options: argparse.Namespace) -> Iterator[Budget]:
    """What the run may take, as --limit raises it. With -v, standard error says at the end what it took."""
    with run_within(Budget(dict(options.limit))) as budget:
        yield budget
    if options.verbose:
        for line in budget.told():
            say(line)


@contextmanager
def reading(inputs: Sequence[str], budget: Budget, threads: int = 0) -> Iterator[Evidence]:
    """The inputs' files. Standard error says what may matter and was not read; for the rest see ingest."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.report.parts.evidence import told_refusals  # noqa: PLC0415 - as above

    with pipeline.ingest(inputs, threads, budget) as evidence:
        for refusal in told_refusals(evidence.refusals):
            if not refusal.harmless:
                say(f"{refusal.path}: {refusal.detail} ({refusal.code})")
        yield evidence


def say(text: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(f"dqlite-forensics: {plain(shown(text))}\n")
