"""One random damage: what can be repaired of it, what `repair` makes of it, and what real dqlite then says."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.case.decide import decide_databases
from forensics.cli import main
from tests.held.damage import damaged
from tests.held.raw_log import read_log
from tests.repair.judge import Judged

_GOES_ON = (Course.NOTHING, Course.REJOIN, Course.MEND)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one seed.

    Attributes:
        repairable: by the judge; None where nothing has to be repaired, or two histories were committed.
        repaired: the node that got a directory with all that was committed; None where none did.
        said: why not.
        wrong: everything that must not be.
    """

    title: str
    repairable: bool | None
    repaired: str | None
    said: str
    wrong: tuple[str, ...] = ()


def carry_out(seed: str) -> Outcome:
    """Damages, judges, repairs, starts."""
    made = damaged(seed)
    judged = Judged(made)
    with tempfile.TemporaryDirectory(prefix="repair-") as scratch:
        upload = Path(scratch) / "upload.tar"
        upload.write_bytes(made.input())
        answers = _answers(upload)
        if len(answers) != 1 or not judged.line or judged.majority_is_sound or answers[0].course in _GOES_ON:
            return Outcome(made.title, None, None, ", ".join(one.course for one in answers))
        said = []
        for node, *options in _wanted(answers[0]):
            out = Path(scratch) / "-".join((node, *options))
            done, words = _repair(upload, node, out, *options)
            if done and (ledger := json.loads((out / "repair.json").read_text("utf-8")))["kept"]["last"] >= len(
                judged.line
            ):
                return Outcome(made.title, judged.repairable, node, "", tuple(_wrong(judged, out)))
            said.append(words.strip() if not done else f"{node} ends at {ledger['kept']['last']} of {len(judged.line)}")
        return Outcome(made.title, judged.repairable, None, f"{answers[0].course}: " + "; ".join(said))


def _wanted(answer: DatabaseAnswer) -> list[tuple[str, ...]]:
    """Those that the answer repairs, then all; then each alone."""
    first = [repair.node for repair in answer.repairs]
    every = list(dict.fromkeys([*first, *(state.node for state in answer.states)]))
    return [*((name,) for name in every), *((name, "--alone") for name in every)]


def _answers(upload: Path) -> list[DatabaseAnswer]:
    with pipeline.ingest([str(upload)]) as evidence:
        return list(decide_databases(pipeline.gather(evidence)))


def _repair(upload: Path, node: str, out: Path, *options: str) -> tuple[bool, str]:
    error, printed = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(error), contextlib.redirect_stdout(printed):
        code = main(["repair", str(upload), "--node", node, "-o", str(out), *options])
    return code == 0, error.getvalue()


def _wrong(judged: Judged, out: Path) -> Iterator[str]:
    """Entries that are not those of the recording."""
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    log = read_log(files)
    for index, one in enumerate(judged.line, 1):
        if index in log and log[index] != one and one.kind:
            yield f"entry {index} is {log[index]}, not {one}"
            return
