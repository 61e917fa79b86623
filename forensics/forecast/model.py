"""The start of a node, step by step, and what comes of it.

`forecast` is the procedure: probe, clean up, read the metadata (stage `init`), load (stage `load`), then what a running
node needs (stage `start`). docs/reference/start.md#order-of-events has the same list with its sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.forecast.after_loading import Started, start
from forensics.forecast.bootstrap import Bootstrap, bootstrap
from forensics.forecast.clean_up import maintain, probe
from forensics.forecast.files import Change, Directory, StateFile
from forensics.forecast.load import Loaded, load
from forensics.forecast.losses import Loss, Renumbered
from forensics.forecast.metadata import Metadata, load_metadata
from forensics.forecast.reasons import Accident, Assumption, Outcome, Stage, Undefined
from forensics.forecast.simulation import Crashed, Ended, Failed, Hung, Run, Undetermined
from forensics.forecast.versions import Library


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a start would do.

    Attributes:
        library: the version that this speaks for.
        outcome: unknown where files that are not at hand (`unseen`) decide.
        stage: where it ends.
        code, message: the library's own; None where it starts, crashes or hangs. To be compared, not to be shown.
        shown: the message without numbers that may be content of a file.
        accident: of a crash or hang, what happens.
        culprits: files that it ends at, by their names now; empty where it starts, or where no file is to blame.
        metadata, loaded: what loading returned; None where it did not return.
        started: the configuration and what is applied; None where the node is not up.
        bootstrap: what a founder without metadata does before it loads. All else here is about the directory as it is;
            where the bootstrap fails, it is what the start after that one finds, with term 1.
        changes: what the start does to the directory, in order.
        lost: entries that stop being part of the log.
        renumbered: open segments whose entries get other indexes.
        undefined: why the real outcome depends on what lies in memory, where it does; the rest is then a guess.
        undefined_loading: the same, as far as loading goes.
        assumed: what was taken for granted instead of being looked at.
        unseen: files whose content is not at hand and was taken for good. A start that fails nevertheless fails
            whatever they hold, if only with another message.
    """

    library: Library
    outcome: Outcome
    stage: Stage
    code: int | None
    message: str | None
    shown: str | None
    accident: Accident | None
    culprits: tuple[str, ...]
    metadata: Metadata | None
    loaded: Loaded | None
    started: Started | None
    bootstrap: Bootstrap | None
    changes: tuple[Change, ...]
    lost: tuple[Loss, ...]
    renumbered: tuple[Renumbered, ...]
    undefined: Undefined | None
    undefined_loading: Undefined | None
    assumed: tuple[Assumption, ...]
    unseen: tuple[str, ...]


def forecast(files: Mapping[str, StateFile], library: Library, node_id: int | None = None) -> Forecast:
    """Simulate one start.

    Args:
        files: the state directory, name to content.
        library: the version to speak for.
        node_id: the node's id, which decides whether it is the only voter; None where it is not known.
    """
    run = Run(library, Directory(files))
    stage = Stage.INIT
    metadata: Metadata | None = None
    loaded: Loaded | None = None
    started: Started | None = None
    again: Bootstrap | None = None
    undefined_loading: Undefined | None = None
    ended: Ended | None = None
    try:
        probe(run)
        maintain(run)
        metadata = load_metadata(run)
        again = None if run.unseen else bootstrap(frozenset(run.directory), metadata, node_id)
        run.reading = ()
        stage = Stage.LOAD
        loaded = load(run)
        undefined_loading = run.undefined
        if not run.unseen:
            stage = Stage.START
            started = start(run, loaded, node_id)
    except Ended as caught:
        ended = caught
    # Were an unseen segment damaged, self-repair might move away what the start fails at.
    undecided = bool(run.unseen) and (ended is None or not run.movable.isdisjoint(run.unseen))
    failed = ended if isinstance(ended, Failed) and not undecided else None
    return Forecast(
        library=library,
        outcome=Outcome.UNKNOWN if undecided else _outcome(ended),
        stage=stage,
        code=failed.code if failed else None,
        message=str(run.message) if failed else None,
        shown=run.message.shown if failed else None,
        accident=ended.why if isinstance(ended, Crashed | Hung) else None,
        culprits=() if ended is None else run.reading,
        metadata=metadata if loaded else None,
        loaded=loaded,
        started=started,
        bootstrap=again,
        changes=tuple(run.directory.changes),
        lost=_lost(run, loaded),
        renumbered=tuple(run.losses.renumbered),
        undefined=run.undefined,
        undefined_loading=undefined_loading if loaded else run.undefined,
        assumed=tuple(run.assumed),
        unseen=tuple(run.unseen),
    )


def _outcome(ended: Ended | None) -> Outcome:
    if ended is None:
        return Outcome.STARTS
    if isinstance(ended, Undetermined):
        return Outcome.UNKNOWN
    if isinstance(ended, Failed):
        return Outcome.FAILS
    return Outcome.CRASHES if isinstance(ended, Crashed) else Outcome.HANGS


def _lost(run: Run, loaded: Loaded | None) -> tuple[Loss, ...]:
    """Where loading does not return: what its changes to the directory have already taken from the log."""
    if loaded is None:
        return tuple(run.losses.dropped)
    covered = loaded.snapshot.index if loaded.snapshot else 0
    return run.losses.settle(covered, loaded.log.start, loaded.log.last)
