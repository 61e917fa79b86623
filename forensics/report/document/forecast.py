"""What dqlite would do if the node were started now. `forecast --format json` prints a list of these."""

from __future__ import annotations

from forensics.forecast.losses import LossCause
from forensics.forecast.reasons import AccidentKind, Outcome, Stage
from forensics.report.document.case import CaseNode
from forensics.report.document.part import Action, CopyKind, Count, Part


class Change(Part):
    """Something that a start does to the directory.

    Attributes:
        action: what it does.
        path: to which file, relative to the state directory; `*` stands for a wall clock in a name.
        to: a renamed file's new name.
        size: a truncated file's new length in bytes.
    """

    action: Action
    path: str
    to: str | None = None
    size: Count | None = None


class Lost(Part):
    """Entries that stop being part of the log.

    Attributes:
        first_index: the first; null where it cannot be known.
        last_index: the last; null where it cannot be known.
        cause: why, stable; null in a report of version 1.
        file: that they are in, by its name before the start.
        torn: only the last write of the log, which looks like one that the end of the process interrupted.
        reason: why, in words.
    """

    first_index: Count | None
    last_index: Count | None
    cause: LossCause | None = None
    file: str = ""
    torn: bool = False
    reason: str


class Renumbered(Part):
    """An open segment whose entries get other indexes than they had.

    Attributes:
        file: its name.
        cut: the open segment before it, which is cut.
    """

    file: str
    cut: str


class LoadedSnapshot(Part):
    """The snapshot that loading chooses.

    Attributes:
        term: of its last entry.
        index: of its last entry.
        configuration_index: of the configuration in it.
    """

    term: Count
    index: Count
    configuration_index: Count | None


class Proposal(Part):
    """Files that would have to be moved away for the node to start; nothing is carried out.

    Attributes:
        move_aside: their names.
        lost: entries that this gives up.
        last_index: where the log would end.
        entries: how many would be loaded.
        words: the same in a sentence.
    """

    move_aside: tuple[str, ...]
    lost: tuple[Lost, ...] = ()
    last_index: Count | None = None
    entries: Count | None = None
    words: str | None = None


class Forecast(Part):
    """What one version of dqlite would do with one state directory.

    Attributes:
        node: whose directory it is.
        dqlite_version: that this speaks for.
        outcome: what the start comes to.
        stage: how far it gets: `start` where it starts.
        code: the library's error; null where it starts, crashes or hangs.
        message: the library's own, without the prefixes that wrap it.
        term: that loading returns; this and what follows up to `snapshot` are null where loading does not return.
        voted_for: ID of the member that the node voted for, as text; `0` for none.
        start_index: index of the first entry.
        entries: how many are loaded.
        last_index: of the last entry.
        last_term: of the last entry.
        entries_digest: over all entries, to compare with the library's.
        snapshot: that loading chooses; null where there is none.
        changes: to the directory, in order.
        lost: entries that stop being part of the log.
        proposals: what could be moved away, where it does not start.
        words: the forecast in sentences.
        why: what happens in a crash or an endless loop.
        accident: what kind of crash or hang, stable; null for any other outcome.
        culprits: files that the start ends at; empty where it starts, or where no file is to blame.
        shifted: open segments whose entries get other indexes than they had, in sentences.
        renumbered: the same as data.
        bootstrap: changes that a founder makes before it loads; null where it does not bootstrap.
        applied: the index up to which it applies entries at once.
        assumed: what was taken for granted.
        undefined: why the outcome depends on what lies in memory.
        assumed_removed: files that were taken away for this forecast.
        assumed_lost: members, by name or address, that are taken for lost for good.
        together: what the start comes to, alone or beside the others, of `forecast` alone: in a report the case has it;
            null also for a second directory of the same node.
        copy_of: of `forecast` alone: the node whose raft ID this directory carries, too.
        copy_kind: what it is to that one.
        library: the name of the version.
        library_sign: what it is told by, stable; null in a report of version 1.
        library_reason: why this version.
        library_basis: how the version's behaviour is known.
    """

    node: str
    dqlite_version: str
    outcome: Outcome
    stage: Stage
    code: int | str | None
    message: str | None
    term: Count | None
    voted_for: str | None
    start_index: Count | None
    entries: Count | None
    last_index: Count | None
    last_term: Count | None
    entries_digest: Count | None
    snapshot: LoadedSnapshot | None
    changes: tuple[Change, ...]
    lost: tuple[Lost, ...]
    proposals: tuple[Proposal, ...]
    words: str | None = None
    why: str | None = None
    accident: AccidentKind | None = None
    culprits: tuple[str, ...] = ()
    shifted: tuple[str, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    bootstrap: tuple[Change, ...] | None = None
    applied: Count | None = None
    assumed: tuple[str, ...] = ()
    undefined: str | None = None
    assumed_removed: tuple[str, ...] = ()
    assumed_lost: tuple[str, ...] = ()
    together: CaseNode | None = None
    copy_of: str | None = None
    copy_kind: CopyKind | None = None
    library: str | None = None
    library_sign: str | None = None
    library_reason: str | None = None
    library_basis: str | None = None
