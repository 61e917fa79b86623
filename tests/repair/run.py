"""One random damage: what can be repaired of it, what `repair` makes of it, and what real dqlite then says."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.cli import main
from forensics.forecast.reasons import Outcome
from forensics.repair.offer import repairable
from tests.held.damage import damaged
from tests.held.raw_log import COMMAND, read_log
from tests.held.starts.library import builds
from tests.repair.judge import Judged
from tests.repair.real import Rows, earlier, recorded_rows
from tests.repair.starts import foretold, wrong_forecasts, wrong_rows

_GOES_ON = (Course.NOTHING, Course.REJOIN, Course.MEND)
_ALONE = "--alone"
_REASON = re.compile(r" is not repaired: (.*)")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one seed.

    Attributes:
        repairable: by the judge; None where nothing has to be repaired, or several histories were committed.
        repaired: how: the node, and what had to be asked for; empty where no result has all that was committed.
        said: why not.
        started: how many versions of real dqlite started the result, and its rows were compared.
        earlier: so it was with a result that ends at an earlier moment of the recording.
        wrong: everything that must not be.
    """

    title: str
    faults: tuple[str, ...]
    repairable: bool | None
    repaired: str = ""
    said: str = ""
    started: int = 0
    earlier: bool = False
    wrong: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        """Only as the only member."""
        return self.repaired.endswith(_ALONE)


def carry_out(seed: str) -> Result:
    """Damages, judges, repairs, starts."""
    made = damaged(seed)
    judged = Judged(made)
    result = Result(made.title, tuple(fault.what for fault in made.faults), judged.repairable)
    with tempfile.TemporaryDirectory(prefix="repair-") as scratch:
        upload = Path(scratch) / "upload.tar"
        upload.write_bytes(made.input())
        answers, offered = _answers(upload)
        if len(answers) != 1 or not judged.line or judged.majority_is_sound or answers[0].course in _GOES_ON:
            return replace(result, repairable=None, said=", ".join(one.course for one in answers))
        said = [str(answers[0].course)]
        for node, *options in _ways(answers[0]):
            out = Path(scratch) / node
            words = _repair(upload, node, out, options)
            if out.exists() and _kept(out)["last"] >= len(judged.line) + (_ALONE in options):
                return _judged(result, judged, upload, out, options)
            ends = f"{node} ends at {_kept(out)['last']} of {len(judged.line)}" if out.exists() else f"{node} {words}"
            said.append(ends)
            if not out.exists() and not options and node in _named(answers[0]) | offered:
                return replace(result, said="; ".join(said), wrong=(f"it is offered, and refused: {ends}",))
            shutil.rmtree(out, ignore_errors=True)
        return replace(result, said="; ".join(dict.fromkeys(said)))


def _judged(result: Result, judged: Judged, upload: Path, out: Path, options: Sequence[str]) -> Result:
    """What real dqlite says of a result, and of one that ends earlier."""
    wrong = [*_wrong_entries(judged, out), *_wrong_start(judged, upload, out, options)]
    then = earlier(judged.name, judged.line)
    if then is not None:
        before = out.with_name(f"{out.name}-before")
        wrong += _wrong_then(upload, before, *then)
    how = " ".join((out.name, *options))
    starts = sum(foretold(out, version) is Outcome.STARTS for version in builds())
    return replace(result, repaired=how, started=starts, earlier=then is not None, wrong=tuple(wrong))


def _wrong_then(upload: Path, out: Path, index: int, rows: Rows) -> Iterator[str]:
    """`--at` gives the rows of that moment."""
    node = out.name.removesuffix("-before")
    words = _repair(upload, node, out, ["--at", str(index)])
    if words:
        yield f"not repaired to {index}: {words}"
        return
    yield from (f"to {index}: {line}" for line in (*wrong_forecasts(out), *wrong_rows(out, rows)))


def _ways(answer: DatabaseAnswer) -> list[tuple[str, ...]]:
    """The nodes that the answer repairs, then all; then each alone."""
    first = sorted(_named(answer))
    every = list(dict.fromkeys([*first, *(state.node for state in answer.states)]))
    return [*((name,) for name in every), *((name, _ALONE) for name in every)]


def _named(answer: DatabaseAnswer) -> set[str]:
    """For whom the first steps count on a repair."""
    return {*answer.rebuilt, *(repair.node for repair in answer.repairs)}


def _answers(upload: Path) -> tuple[list[DatabaseAnswer], set[str]]:
    """What is decided of each database, and for whom the report offers a repair beside a fault."""
    with pipeline.ingest([str(upload)]) as evidence:
        case = pipeline.gather(evidence)
        answers = list(pipeline.decided(case))
        pairs = zip(case.clusters, answers, strict=True)
        return answers, {name for cluster, answer in pairs for name in repairable(cluster, answer)}


def _repair(upload: Path, node: str, out: Path, options: Sequence[str]) -> str:
    """What it said; the reason where it refused."""
    error, printed = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(error), contextlib.redirect_stdout(printed):
        main(["repair", str(upload), "--node", node, "-o", str(out), *options])
    found = _REASON.search(error.getvalue())
    return found[1] if found else error.getvalue().strip()


def _kept(out: Path) -> dict[str, int]:
    kept: dict[str, int] = json.loads((out / "repair.json").read_text("utf-8"))["kept"]
    return kept


def _wrong_entries(judged: Judged, out: Path) -> Iterator[str]:
    """Entries that are not those of the recording; and what is called kept, but is not there."""
    kept = _kept(out)
    log = read_log({path.name: path.read_bytes() for path in out.iterdir()})
    for index, one in enumerate(judged.line, 1):
        if index in log and log[index] != one and one.kind:
            yield f"entry {index} is {log[index]}, not {one}"
            return
    gone = [index for index in range(kept["first"], kept["last"] + 1) if index and index not in log]
    if gone:
        yield f"kept, but not there: entry {gone[0]}"


def _wrong_start(judged: Judged, upload: Path, out: Path, options: Sequence[str]) -> Iterator[str]:
    """It starts, or not, as the ledger says; then the node leads, with the recorded rows. Beside other voters, the same
    node alone stands for it.
    """
    yield from wrong_forecasts(out)
    if judged.voters > 1 and _ALONE not in options:
        alone = out.with_name(f"{out.name}-alone")
        if words := _repair(upload, out.name, alone, [*options, _ALONE]):
            yield f"not repaired alone: {words}"
            return
        out = alone
    log = read_log({path.name: path.read_bytes() for path in out.iterdir()})
    more = any(one.kind == COMMAND and index > len(judged.line) for index, one in log.items())
    yield from wrong_rows(out, {} if more else recorded_rows(judged.name))
