"""The child: judges one case after the other, under a limit of memory and of processor time, and tells its parent.

`python -m forensics.fleet.child` reads requests from standard input and answers on standard output. It ends with its
parent: when standard input closes. It imports the core alone.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

import msgspec
import zstandard

from forensics.barrier import place_of, watching
from forensics.budget import Budget, run_within
from forensics.errors import ForensicsError, SpaceError, UnreadableError
from forensics.fleet.frames import ClosedError, receive, send
from forensics.fleet.memory import peak_memory
from forensics.fleet.model import Made, Settings, State

_ZSTD_LEVEL = 3
_CPU_SHARE = 2  # of the deadline, in seconds of processor: the parent is first, if it lives


class Request(msgspec.Struct, frozen=True):
    """One case.

    Attributes:
        paths: its inputs, on this machine, as the system names them: not every name is text.
        settings: how.
        spool: directory for temporary files of this case.
    """

    paths: tuple[bytes, ...]
    settings: Settings
    spool: str


def judged(request: Request) -> Made:
    """The report of a case, and its rows. A limit of memory that is met anywhere ends it: half a report is none."""
    from forensics import pipeline  # noqa: PLC0415 - loaded by `load`, before the first case
    from forensics.fleet.rows import rows_of  # noqa: PLC0415 - as above
    from forensics.report.formats import rendered  # noqa: PLC0415 - as above

    with watching() as broken:
        try:
            with (
                run_within(Budget(dict(request.settings.limits))) as budget,
                pipeline.ingest(map(os.fsdecode, request.paths), 0, budget) as evidence,
            ):
                document = pipeline.analyze(evidence, request.settings.as_of).document
            text = rendered("json", document)
        except SpaceError as error:
            return Made(State.CRASHED, error.why)
        except UnreadableError as error:
            return Made(State.REFUSED, f"it cannot be read: {error.strerror}")
        except ForensicsError as error:
            return Made(State.REFUSED, getattr(error, "why", type(error).__name__))
    if any(one.memory for one in broken):
        return Made(State.MEMORY, "more memory was needed than the limit allows")
    if text is None:
        return Made(State.CRASHED, "the report could not be written as JSON")
    packed = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(text.encode())
    return Made(State.OK, report=packed, rows=rows_of(document, with_keys=request.settings.with_keys))


def load() -> None:
    """All that judging needs: what a second of processor is spent on, once a child."""
    from forensics import pipeline  # noqa: F401, PLC0415 - for the cases to come
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - as above

    catalogue()


def main(loads: Callable[[], None] = load) -> None:
    """Serve until standard input closes. `loads` comes before the first case."""
    answers = _answers_only()
    loads()
    gc.collect()
    gc.freeze()
    requests: SimpleQueue[Request] = SimpleQueue()
    Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        send(answers, _measured(requests.get()))


def _measured(request: Request) -> Made:
    before = _used()
    _confine(request.settings)
    os.environ["TMPDIR"] = request.spool
    tempfile.tempdir = None  # look again
    try:
        made = judged(request)
    except MemoryError:
        made = Made(State.MEMORY, "more memory was needed than the limit allows")
    except Exception as error:  # noqa: BLE001 - the last line of defence, as of the command: a row says what it was
        made = Made(State.CRASHED, f"an error of this program ({place_of(error)})")
    return msgspec.structs.replace(made, cpu=round(_used() - before, 4), peak=peak_memory())


def _used() -> float:
    """Seconds of processor, also of processes that this one started and that ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _confine(settings: Settings) -> None:
    """Bound what is private to this process. Evidence is mapped to be read, which RLIMIT_AS would count, too.

    The processor's limit ends a child that hangs where its parent was killed.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (settings.memory, most))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime + settings.deadline * _CPU_SHARE) + 1, most)
    )


def _answers_only() -> int:
    """Standard output, kept for answers: whatever prints goes nowhere."""
    sys.stdout.flush()
    answers = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return answers


def _listen(requests: SimpleQueue[Request]) -> None:
    """Take requests; a parent that is gone ends this process at once, whatever it does: its spool has no name."""
    try:
        while True:
            requests.put(receive(sys.stdin.fileno(), Request))
    except (ClosedError, OSError, msgspec.MsgspecError):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
