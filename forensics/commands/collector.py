"""`collector`: print the script that collects evidence on a node."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from forensics.collector import script
from forensics.commands.common import add_common


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "collector",
        help="print a shell script that collects evidence on a node",
        description="Print a shell script for a node. Run as root (`sh collect.sh`), it writes one archive with every "
        "dqlite state directory and what is known of the machine, without private keys and tokens. It changes nothing.",
    )
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print it."""
    sys.stdout.write(script())
    return 0
