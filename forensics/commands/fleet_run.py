"""`fleet run`: judge every case of the sources that the store does not know."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from forensics.commands.analyze import moment
from forensics.commands.common import add_common, jobs
from forensics.commands.outputs import refuse_inside
from forensics.commands.terminal import Progress
from forensics.exit_code import ExitCode
from forensics.limits import MIB
from forensics.shown import plain
from forensics.wording import count, duration

if TYPE_CHECKING:
    from forensics.fleet.run import Tally

_EPILOG = """\
exit codes:
  0    every case was judged
  2    wrong usage, or the store cannot be written
  3    a source cannot be read
  4    some cases were set aside: `fleet status` says which, and why
  130  interrupted: what was finished is kept, and the same command goes on
"""


def add(actions: Any) -> None:
    """Add the action and its arguments."""
    parser = actions.add_parser(
        "run",
        help="judge every case that the store does not know",
        description="Judge every case of the sources, each in a process of its own with a limit of memory and time.\n"
        "What is finished is never done again: give the same command after whatever ended it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a folder or s3://bucket/prefix, in which each entry is a case; an upload; a glob; @FILE, a list of these",
    )
    add_store(parser)
    parser.add_argument(
        "--case-by",
        metavar="REGEX|cluster",
        help="what belongs to one case: all paths in which REGEX finds the same (its group, if it has one); or "
        "`cluster`: uploads of one cluster from one week are judged together, too",
    )
    engine = parser.add_argument_group("who judges")
    engine.add_argument("--workers", type=_positive, metavar="N", help="so many at once (default: one for each core)")
    engine.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, tcp://…: its workers judge")
    bounds = parser.add_argument_group("bounds of each case")
    bounds.add_argument("--memory", type=_positive, default=2048, metavar="MIB", help="memory (default: 2048)")
    bounds.add_argument("--deadline", type=_positive, default=300, metavar="SECONDS", help="time (default: 300)")
    parser.add_argument("--retry", action="store_true", help="also try again what was set aside")
    parser.add_argument("--as-of", metavar="TIME", type=moment, help="as of `analyze`")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put headlines, causes and problems into the tables, too: keys of Kubernetes may stand in them",
    )
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add --store."""
    parser.add_argument("--store", required=True, metavar="DIR|s3://…", help="where reports and tables are kept")


def run(options: argparse.Namespace) -> int:
    """Find the cases, judge them, and say how many ended how."""
    from forensics.fleet.model import State  # noqa: PLC0415 - heavy imports only where used

    refuse_inside(options.store, [source for source in options.sources if "://" not in source])
    with Progress(options) as progress:
        tally = _run(options, progress)
    if not options.quiet:
        sys.stdout.write(plain(_summary(tally)))
    return ExitCode.OK if set(tally.states) <= {State.OK} else ExitCode.INCOMPLETE


def _run(options: argparse.Namespace, progress: Progress) -> Tally:
    from forensics.fleet.by_cluster import join_clusters  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.model import Settings  # noqa: PLC0415 - as above
    from forensics.fleet.run import Plan, run  # noqa: PLC0415 - as above
    from forensics.fleet.sources import find_cases  # noqa: PLC0415 - as above
    from forensics.fleet.store import Store  # noqa: PLC0415 - as above

    settings = Settings(
        as_of=options.as_of,
        limits=tuple(options.limit),
        memory=options.memory * MIB,
        deadline=options.deadline,
        with_keys=options.with_keys,
    )
    plan = Plan(Store(options.store), settings, options.workers or jobs(options), options.scheduler, options.retry)
    progress.say("looking for cases")
    by_cluster = options.case_by == "cluster"
    cases = find_cases(options.sources, None if by_cluster else options.case_by)
    tally = run(plan, cases, lambda tally: progress.say(_line(tally)))
    if by_cluster:
        tally += run(plan, join_clusters(plan.store, cases), lambda tally: progress.say(_line(tally)))
    return tally


def _line(tally: Tally) -> str:
    left = duration(tally.seconds_left)
    return f"{tally.finished} of {count(tally.total, 'case')}, {tally.rate:.1f} a second, {left} left; {_states(tally)}"


def _summary(tally: Tally) -> str:
    known = f"; {count(tally.known, 'case')} finished before" if tally.known else ""
    reused = f"; {tally.reused} had their reports in the store already" if tally.reused else ""
    done = f"{count(tally.finished, 'case')}: {_states(tally)}" if tally.finished else "nothing to do"
    return f"{done}{reused}{known}\n"


def _states(tally: Tally) -> str:
    return ", ".join(f"{number} {state.value}" for state, number in sorted(tally.states.items()))


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST}")
    return int(text)


_MOST = 1_000_000
