"""`extract`: write the databases of a node, as they were at an index, as SQLite files."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, refuse_inside
from forensics.commands.outputs import make_directory, new_file
from forensics.commands.reading import say
from forensics.commands.time_machine import SECRETS, add_choice, chosen, warn_of_losses
from forensics.shown import plain_json

if TYPE_CHECKING:
    from forensics.facts.database.pages import Pages

_NAME_CHARS_MAX = 100


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "extract",
        help="write databases as SQLite files, as they were at an index",
        description="Rebuild the databases of a node from a snapshot and the log, as they were at an index, and write "
        "them as SQLite files. They can hold secrets of the cluster.",
    )
    add_common(parser)
    add_choice(parser)
    parser.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="write the files into DIR; no file is overwritten"
    )
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rebuild, write, and list what was written."""
    refuse_inside(options.output, options.inputs)
    with chosen(options, options.at) as choice:
        wanted = None if options.database is None else choice.database(options.database)
        say(f"warning: {SECRETS}")
        make_directory(options.output)
        written = []
        for name, pages in sorted(choice.rebuilt.databases.items()):
            if wanted in (None, name):
                warn_of_losses(choice, name)
                file, digest = _write(options.output, name, pages)
                written.append({"database": name, "file": file, "size": pages.size, "sha256": digest})
        if options.format == "json":
            answer = {"node": choice.state.node, "index": choice.rebuilt.index, "term": choice.rebuilt.term}
            sys.stdout.write(
                plain_json(json.dumps(answer | {"databases": written}, indent=1, ensure_ascii=False)) + "\n"
            )
        else:
            for line in written:
                sys.stdout.write(f"{line['sha256']}  {line['size']:>12}  {line['file']}\n")
    return 0


def _write(folder: str, name: str, pages: Pages) -> tuple[str, str]:
    """Write one file, readable for its owner alone; its path and SHA-256. Never overwrites, never follows a link."""
    path = os.path.join(folder, safe_name(name))
    hasher = hashlib.sha256()
    with new_file(path) as file:
        for piece in pages.chunks():
            hasher.update(piece)
            file.write(piece)
    return path, hasher.hexdigest()


def safe_name(name: str) -> str:
    """A file name that stays in its folder, for a database name from the evidence; distinct names stay distinct."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:_NAME_CHARS_MAX].lstrip(".-") or "database"
    if plain != name:
        plain += "-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}.sqlite"
