"""What follows loading: the snapshot's content, the configuration, and the log of a node that is the only voter.

Sources: canonical/raft src/start.c (raft_start, restoreEntries, maybeSelfElect), src/snapshot.c, src/convert.c,
src/replication.c (replicationApply); docs/reference/start.md#after-loading.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.apply_commands import refusal
from forensics.forecast.configuration import VOTER, Member, decode_configuration
from forensics.forecast.errmsg import ErrorMessage
from forensics.forecast.load import Loaded
from forensics.forecast.reasons import Assumption, AssumptionKind
from forensics.forecast.restore import restore
from forensics.forecast.segments import Part
from forensics.forecast.simulation import Run
from forensics.parsers.segment import EntryType

_SNAPSHOT_THRESHOLD = 1024  # dqlite's default: so many applied entries take a snapshot, whose success hides a failure


@dataclass(frozen=True, slots=True)
class Started:
    """The node after its start.

    Attributes:
        configuration: the one that counts, and the entry that it came from.
        applied: last entry whose effect the databases hold at once; the rest waits for a leader.
    """

    configuration: tuple[Member, ...]
    configuration_index: int
    applied: int


def start(run: Run, loaded: Loaded, node_id: int | None) -> Started:
    """raft_start, after its load."""
    run.message = ErrorMessage()  # raft's own buffer, which none of these steps writes to
    members: tuple[Member, ...] = ()
    members_index = 0
    if loaded.snapshot is not None:
        run.reading = (loaded.snapshot.info.data_name,)
        restore(run, loaded.snapshot.content)
        run.reading = ()
        members, members_index = loaded.snapshot.configuration, loaded.snapshot.configuration_index
    elif loaded.log.parts:
        run.must(loaded.log.parts[0].segment.types[0] == EntryType.CHANGE, "entries[0].type == RAFT_CHANGE")
    _append_to_log(run, loaded)
    newest = _newest_change(run, loaded, members_index)
    if newest is not None:
        members_index, members = newest
    applied = _first_applied(loaded)
    if _is_sole_voter(run, members, node_id):
        applied = _apply(run, loaded, applied)
    return Started(members, members_index, applied)


def _append_to_log(run: Run, loaded: Loaded) -> None:
    """Taking the entries into the log in memory (src/raft/log.c: logStart, logAppend)."""
    snapshot = loaded.snapshot
    run.must(snapshot is None or not snapshot.index or snapshot.term != 0, "snapshot_index == 0 || snapshot_term != 0")
    for part in loaded.log.parts:
        run.must(0 not in part.segment.terms, "term > 0")


def _first_applied(loaded: Loaded) -> int:
    """Without a snapshot the first entry, the founder's configuration, counts as applied."""
    if loaded.snapshot is not None:
        return loaded.snapshot.index
    return 1 if loaded.log.parts else 0


def _newest_change(run: Run, loaded: Loaded, covered: int) -> tuple[int, tuple[Member, ...]] | None:
    """The last configuration change of the log; before raft 0.17 even one that is older than the snapshot's."""
    first = loaded.log.start
    found: tuple[int, Part, int] | None = None
    for part in loaded.log.parts:
        position = part.segment.types.rfind(EntryType.CHANGE)
        if position >= 0 and (first + position > covered or not run.library.tracks_committed_configuration):
            found = first + position, part, position
        first += len(part.segment)
    if found is None:
        return None
    index, part, position = found
    at, size = part.segment.offsets[position], part.segment.sizes[position]
    content = part.blob.read(at, part.segment.good_end - at)
    return index, decode_configuration(run, content[:size], content[size:])


def _is_sole_voter(run: Run, members: tuple[Member, ...], node_id: int | None) -> bool:
    voters = [member.id for member in members if member.role == VOTER]
    if len(voters) != 1:
        return False
    if node_id is None:
        run.assumed.append(Assumption(AssumptionKind.SOLE_VOTER, voters[0]))
    return node_id in (None, voters[0])


def _apply(run: Run, loaded: Loaded, applied: int) -> int:
    """Everything that is stored; the first command that is refused ends it."""
    before = applied
    index = loaded.log.start
    for part in loaded.log.parts:
        if index + len(part.segment) - 1 > applied:
            data = memoryview(part.blob.read(0, part.segment.good_end))
            rows = zip(part.segment.types, part.segment.offsets, part.segment.sizes, strict=True)
            for here, (kind, offset, size) in enumerate(rows, index):
                if here <= applied or kind != EntryType.COMMAND:
                    continue
                code = refusal(run, data[offset : offset + size])
                if code is not None:
                    return _refused(run, here, before, code)
        index += len(part.segment)
    return max(applied, loaded.log.last)


def _refused(run: Run, index: int, before: int, code: int) -> int:
    if index - 1 - before >= _SNAPSHOT_THRESHOLD:
        return index - 1
    raise run.fail(code)
