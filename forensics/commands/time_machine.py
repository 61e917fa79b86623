"""What `sql`, `extract` and `history` share: choosing the evidence, and saying which it is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from forensics.commands.reading import reading, say, spending

if TYPE_CHECKING:
    from forensics.facts.database.choose import Choice

SECRETS = "what follows is data of the cluster, which can hold secrets"


def add_choice(parser: argparse.ArgumentParser, *, at: bool = True) -> None:
    """Add --node, --database and --at."""
    parser.add_argument(
        "--node", metavar="N", help="the node, by name, id or address (default: the one with the newest data)"
    )
    parser.add_argument(
        "--database", metavar="NAME", help="the database, by its name in dqlite (k8s, db.bin), or k8s-dqlite or k8sd"
    )
    if at:
        parser.add_argument("--at", type=index, metavar="INDEX", help="the raft index (default: the last)")


@contextmanager
def chosen(options: argparse.Namespace, at: int | None) -> Iterator[Choice]:
    """The databases at the index. Standard error says which evidence they come from."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used
    from forensics.facts.database.choose import choose  # noqa: PLC0415 - as above

    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        directories = pipeline.directories(evidence)
        choice = choose(directories, options.node, options.database, at, ", ".join(options.inputs))
        with choice.rebuilt:
            if not options.quiet:
                say(origin_words(choice))
            yield choice


def warn_of_losses(choice: Choice, name: str) -> None:
    """Say what of the database is not as it was."""
    from forensics.facts.database.words import loss_words  # noqa: PLC0415 - heavy imports only where used

    for loss in choice.rebuilt.losses(name):
        say(f"warning: {loss_words(loss)}")


def origin_words(choice: Choice) -> str:
    """Which evidence answers."""
    rebuilt = choice.rebuilt
    base = f"snapshot {rebuilt.snapshot.file.name}" if rebuilt.snapshot else "the log from index 1"
    onward = f" and {rebuilt.entries} entries" if rebuilt.snapshot and rebuilt.entries else ""
    best = f", the newest of {choice.candidates} nodes" if choice.candidates > 1 else ""
    where = choice.state.path or "the input"
    return f"node {choice.state.node}{best}: index {rebuilt.index}, term {rebuilt.term}, from {base}{onward} in {where}"


def index(text: str) -> int:
    """A raft index, as an argument."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not an index")
    return int(text)
