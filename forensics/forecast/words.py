"""The forecast in words: "starts, and silently drops entries 2669 to 2708: …". The only English of this package.

What `message` holds is the library's own text, and is quoted whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.forecast.bootstrap import Bootstrap
from forensics.forecast.losses import BadBatch, Loss, LossCause, Renumbered
from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.reasons import Accident, AccidentKind, Assumption, AssumptionKind, Outcome, Stage, Undefined
from forensics.forecast.result import LibraryChoice, Missing, NoForecast, Sign
from forensics.parsers.segment import StopReason
from forensics.wording import entries, listed, segment, sentences, size

_ENDS = {
    Outcome.FAILS: "does not start",
    Outcome.CRASHES: "crashes",
    Outcome.HANGS: "hangs",
    Outcome.UNKNOWN: "may or may not start",
}
STAGES = {
    Stage.INIT: "before it loads its files",
    Stage.LOAD: "while it loads its files",
    Stage.START: "after it has loaded its files",
}
_ACCIDENTS = {
    AccidentKind.CONFIGURATION_FREED_TWICE: "the memory of a malformed configuration is freed twice",
    AccidentKind.UNINITIALISED_SNAPSHOT: "the library takes an uninitialised buffer for the snapshot's data",
    AccidentKind.SNAPSHOT_TOO_SHORT: "the snapshot's data ends before what its headers declare",
    AccidentKind.COPY_BEHIND_SNAPSHOT: "the library copies pages from behind the end of the snapshot's data",
    AccidentKind.ENDLESS_FRAME: "the snapshot's LZ4 frame has no end, and the library never stops reading it",
}
_UNDEFINED = {
    Undefined.COMMAND_PAGES: "a command claims more pages than it holds, so the library reads memory behind it",
    Undefined.CONFIGURATION_SERVERS: (
        "a configuration claims more servers than it holds, so the library reads memory behind it"
    ),
    Undefined.SNAPSHOT_SIZE: (
        "the snapshot's headers declare more data than there is, so the library reads memory behind it"
    ),
    Undefined.FRAME_SIZE: (
        "the snapshot's LZ4 frame declares no size, so the library takes an uninitialised buffer for its content"
    ),
    Undefined.WAL_PAGE: "the WAL leaves a page out, so the library follows an uninitialised pointer",
}
_SIGNS = {
    Sign.ASKED_FOR: "as asked for",
    Sign.LOCK_AND_WAL: "dqlite-lock and a snapshot with a WAL: written by dqlite 1.16.5 to 1.16.7",
    Sign.LOCK_AND_CHECKPOINTS: (
        "dqlite-lock, checkpoint commands and a snapshot without a WAL: written by dqlite 1.17.0 to 1.18.2"
    ),
    Sign.LOCK: "dqlite-lock: written by dqlite 1.16.5 or later; this is the newest version known",
    Sign.WAL: "a snapshot with a WAL and no dqlite-lock: written before dqlite 1.16.5",
    Sign.CHECKPOINTS: "checkpoint commands and no dqlite-lock: written before dqlite 1.16.5",
    Sign.NOTHING: "nothing tells the version; this is the newest version known",
}
_DEFECTS = {
    StopReason.NO_FORMAT: "is too short to hold anything",
    StopReason.FORMAT: "has an unknown format",
    StopReason.COUNT_ZERO: "announces no entries",
    StopReason.COUNT_HIGH: "announces more entries than a batch can hold",
    StopReason.HEADER_CHECKSUM: "fails its header checksum",
    StopReason.DATA_CHECKSUM: "fails its data checksum",
    StopReason.ENTRY_TYPE: "holds an entry of unknown type",
    StopReason.SHORT_PREAMBLE: "is cut in its preamble",
    StopReason.SHORT_HEADER: "is cut in its header",
    StopReason.SHORT_DATA: "is cut in its data",
}


def sentence(said: Forecast) -> str:
    """One or more sentences: what the start comes to, what it destroys, and because of what."""
    return " ".join((f"{clause(said)}.", *details(said)))


def message(said: Forecast) -> str:
    """As sentence, without a full stop where there is only one."""
    more = details(said)
    return " ".join((f"{clause(said)}.", *more)) if more else clause(said)


def clause(said: Forecast) -> str:
    """What the start comes to, without a full stop: `starts with entries 1 to 28`."""
    dropped = losses_words(said.lost)
    if said.outcome is Outcome.STARTS:
        return f"starts, and silently drops {dropped}" if dropped else f"starts{_with(said)}"
    why = said.shown if said.outcome is Outcome.FAILS else said.accident and accident_words(said.accident)
    no_text = "" if said.code is None else f", with code {said.code} and no text"
    return f"{_ENDS[said.outcome]}, {STAGES[said.stage]}{f': {why}' if why else no_text}"


def details(said: Forecast) -> tuple[str, ...]:
    """What else there is to say of it, in whole sentences."""
    dropped = "" if said.outcome is Outcome.STARTS else losses_words(said.lost)
    assumed = "; ".join(assumption_words(one) for one in said.assumed)
    return sentences(
        f"Until then it drops {dropped}." if dropped else "",
        *(f"{renumbered_words(one)}." for one in said.renumbered),
        bootstrap_words(said.bootstrap) if said.bootstrap else "",
        f"What really happens depends on what lies in memory: {_UNDEFINED[said.undefined]}." if said.undefined else "",
        "This follows from names and sizes alone: this version does not start the node, whatever the files that are "
        "not at hand hold."
        if said.unseen
        else "",
        f"Assumed and not checked: {assumed}." if assumed else "",
    )


def _with(said: Forecast) -> str:
    if said.loaded is None:
        return ""
    log = said.loaded.log
    if len(log):
        return f" with {entries(log.start, log.last)}"
    return f" with an empty log behind the snapshot at {log.last}" if said.loaded.snapshot else " with an empty log"


def accident_words(accident: Accident) -> str:
    """What happens at a crash or hang, as a clause."""
    if accident.kind is AccidentKind.ASSERTION:
        return f"assertion failed: {accident.text}"
    if accident.kind is AccidentKind.SEGMENT_FREED_TWICE:
        return f"the memory of a segment is freed twice, after the error: {accident.text}"
    if accident.kind is AccidentKind.PAGE_SIZE:
        return f"assertion failed: a database has pages of {accident.number} bytes, and dqlite's have 4096"
    if accident.kind is AccidentKind.WAL_SIZE:
        return f"assertion failed: {accident.number} bytes of WAL are no whole number of frames"
    return _ACCIDENTS[accident.kind]


def undefined_words(undefined: Undefined) -> str:
    """Why the real outcome depends on what lies in memory, as a clause."""
    return _UNDEFINED[undefined]


def assumption_words(one: Assumption) -> str:
    """What was taken for granted, as a clause."""
    if one.kind is AssumptionKind.SLOW_QUICK_CHECK:
        return f"a database passes quick_check, which did not end in its {one.number} seconds and memory here"
    if one.kind is AssumptionKind.LARGE_DATABASE:
        return f"database {one.database} ({size(one.number)}) passes quick_check"
    return f"this node is server {one.number}, the only voter of its configuration"


def losses_words(lost: Iterable[Loss]) -> str:
    """`entry 21, because …; entries 22 to 25, because …`."""
    return "; ".join(f"{span(one)}, because {loss_words(one)}" for one in lost)


def span(one: Loss) -> str:
    """`entries 5 to 9`, `entry 5`, `entries from 5 on`, `entries up to 9`."""
    return entries(one.first, one.last)


def loss_words(one: Loss) -> str:
    """Why these entries are left out, as a clause."""
    if one.cause is LossCause.CUT and one.batch is not None:
        what = "it is the last write, which may have been interrupted" if one.torn else "the file is cut there"
        return f"{_batch(one.batch, one.file)}: {what}"
    if one.cause is LossCause.MOVED_AWAY:
        return f"the start moves {segment(one.file)} away: {one.message}"
    if one.cause is LossCause.NOT_LOADED:
        return (
            f"{segment(one.file)} does not join the newest chain of closed segments: it stays on disk and is not loaded"
        )
    if one.cause is LossCause.HALF_SNAPSHOT:
        return f"{one.file} is not used: its other half is missing or empty"
    return f"{segment(one.file)} is moved away"


def _batch(batch: BadBatch, file: str) -> str:
    return f"batch {batch.number} of {segment(file)}, at byte {batch.offset}, {_DEFECTS[batch.reason]}"


def renumbered_words(one: Renumbered) -> str:
    """Which entries get other indexes, as a clause."""
    return f"{one.file}'s entries get lower indexes than they were written with, because {one.cut} before it is cut"


def bootstrap_words(again: Bootstrap) -> str:
    """What a founder without metadata does before it loads, in whole sentences."""
    writes = listed([change.path for change in again.changes], limit=None)
    first = "The node has the ID of a founder and no metadata, so it first bootstraps again"
    if again.fails:
        return (
            f"{first}: it writes {writes} and fails once, with an empty `raft_bootstrap():`. The start after that one "
            "goes as told here, with term 1 and no vote."
        )
    return f"{first} and writes {writes}."


def choice_words(choice: LibraryChoice) -> str:
    """What tells the version, as a clause."""
    if choice.sign is Sign.SNAP:
        return f"snap k8s {choice.snap} ships dqlite {choice.library.dqlite}"
    if choice.sign in (Sign.WAL, Sign.CHECKPOINTS):
        return f"{_SIGNS[choice.sign]}, by raft {'0.17.1 or later' if choice.barriers else 'before 0.17'}"
    return _SIGNS[choice.sign]


def no_forecast_words(none: NoForecast) -> str:
    """Why there is no forecast, as a clause."""
    file = none.files[0] if none.files else "a file"
    return {
        Missing.NOT_TRIED: "no start was simulated",
        Missing.BROKEN: "an error of this program ended the simulation",
        Missing.NAMES: "its listing or the input was cut, so files of it may be missing here",
        Missing.CONTENT: f"{file} did not arrive whole, and files after it may be missing",
        Missing.TOO_LARGE: f"{file} is larger than any segment that dqlite writes ({size(none.size or 0)})",
        Missing.RAFT_FILES: "no raft file arrived",
        Missing.DECISIVE_CONTENT: (
            f"from names and sizes alone nothing rules out a start; the content of {listed(none.files, 3)} is not at "
            "hand"
        ),
    }[none.missing]


def proposal_sentence(one: Proposal) -> str:
    """What moving these files away would do. A proposal: nothing of it is carried out."""
    lost = "; ".join(span(loss) for loss in one.lost)
    return f"with {listed(one.files, limit=None)} moved away, it {clause(one.after)}" + (
        f" (lost then: {lost})" if lost else ""
    )
