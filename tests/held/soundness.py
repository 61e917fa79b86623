"""What the answers about nodes and losses must never say, held against the truth of the recording.

- Started alone or with any others that are called safe, no node called safe elects a leader that lacks what was
  committed.
- Starting a node called safe destroys no committed entry that no other directory has.
- What is called lost for good is readable nowhere in the upload; who is said to keep entries keeps them.
- What is called committed was committed.

Damage that looks like a shorter log that is sound in itself cannot be seen: raft takes it for granted that disks forget
nothing. Where a voter lost entries so, only what a majority still holds counts as committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.election.state import Reason, State
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Node
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast
from forensics.report.document import CaseLoss, CaseNode, Document
from tests.held.damage import PUT_BACK, Damaged
from tests.held.looks_sound import looks_sound
from tests.held.raft_world import TooManyStatesError, World, blocks
from tests.held.raw_log import COMMAND, Entry, entry, scan
from tests.held.rebuilt import Rebuilt
from tests.held.recording import Line, voters_at

_ALIEN = -1
_BITS_MAX = 4  # flipped one by one: what else was changed differs by more
_MISNAMES = ("renamed segment", "swapped segments")


class Truth:
    """One damaged recording beside what was said of it."""

    def __init__(self, damaged: Damaged, case: Case) -> None:
        self.damaged = damaged
        self.nodes: Mapping[str, Node] = {node.name: node for cluster in case.clusters for node in cluster.originals()}
        self.ids = self._ids()

    def _ids(self) -> dict[str, int]:
        known = self.damaged.base.ids
        return {name: known[name.removesuffix("-older")] for name in self.nodes if name.removesuffix("-older") in known}

    @cached_property
    def readable(self) -> Mapping[str, frozenset[Entry]]:
        """By directory: entries of whole batches, wherever they stand, and of those that one flipped bit damaged."""
        return {
            name: frozenset(
                one for stored in tree.values() for text in self._restored(name, stored.content) for one in scan(text)
            )
            for name, tree in self.damaged.trees.items()
        }

    def _restored(self, name: str, content: bytes) -> Iterator[bytes]:
        """A file as it is; and with each bit set back that is not what was recorded, under whatever name, where these
        are few.
        """
        yield content
        tree = self.damaged.base.trees.get(name.removesuffix("-older"), {})
        others = [one.content for one in tree.values() if len(one.content) == len(content)]
        if content in others:
            return
        stored = int.from_bytes(content)
        for recorded in others:
            flips = int.from_bytes(recorded) ^ stored
            for _ in range(flips.bit_count() if flips.bit_count() <= _BITS_MAX else 0):
                bit = flips & -flips
                flips ^= bit
                yield (stored ^ bit).to_bytes(len(content))

    @cached_property
    def covered(self) -> Mapping[str, int]:
        """By directory: the last index that a snapshot covers whose two files are as they were recorded."""
        found = {}
        for name, tree in self.damaged.trees.items():
            before = self.damaged.base.trees.get(name.removesuffix("-older"), {})
            whole = {file for file, one in tree.items() if file in before and before[file].content == one.content}
            pairs = [file for file in whole if f"{file}.meta" in whole]
            found[name] = max((int(file.split("-")[2]) for file in pairs), default=0)
        return found

    def started(self, name: str, repaired: Mapping[str, NodeForecast] = MappingProxyType({})) -> Line | None:
        """The history that a node has after its start, as it lies or repaired; None where it does not start."""
        made = repaired.get(name, self.nodes[name].forecast)
        if not isinstance(made, NodeForecast) or made.said.outcome is not Outcome.STARTS or made.said.loaded is None:
            return None
        loaded = made.said.loaded
        entries: list[Entry] = []
        for part in loaded.log.parts:
            content = bytes(part.blob.read(0, part.segment.good_end))
            rows = zip(part.segment.terms, part.segment.types, part.segment.offsets, part.segment.sizes, strict=True)
            entries += [entry(term, kind, content[at : at + size]) for term, kind, at, size in rows]
        snapshot = loaded.snapshot
        if snapshot is None:
            return tuple(entries)
        before = self._line_at(snapshot.index, snapshot.term)
        return (*before[: loaded.log.start - 1], *entries) if entries else before

    def line_of(self, made: Rebuilt) -> Line:
        """The history of a directory that was put together."""
        index, term = made.covered
        before = self._line_at(index, term)
        last = max([*made.log, index])
        return tuple(made.log[at] if at in made.log else before[at - 1] for at in range(1, last + 1))

    def founds(self, name: str) -> bool:
        """It would found the cluster again: so it was recorded."""
        made = self.nodes[name].forecast
        return isinstance(made, NodeForecast) and made.said.bootstrap is not None

    def _line_at(self, index: int, term: int) -> Line:
        """The history that a snapshot stands for; where the recording has none such, one of its own."""
        lines = self.damaged.base.lines.values()
        found = next((one for one in lines if len(one) >= index and one[index - 1].term in (0, term)), None)
        return found[:index] if found else tuple(Entry(_ALIEN, 0) for _ in range(index))

    @cached_property
    def silent(self) -> frozenset[str]:
        """Directories that lack what they held when they were recorded, and do not show it.

        Told by their bytes, never by what the tool makes of them. Those without any raft file; older copies of
        themselves, for what they forgot leaves no trace, whatever else befell them; and those that look sound, and of
        which nothing that their start lacks can be read. Where only the end is lacking, a damaged snapshot of what is
        before it shows nothing.
        """
        return frozenset(name for name in self.nodes if self._is_silent(name))

    def _is_silent(self, name: str) -> bool:
        if not self._has_raft_files(name) or name in self._put_back_now:
            return True
        line, plain = self.started(name), name.removesuffix("-older")
        held = self.damaged.base.lines.get(plain, ())
        if line is None or line[: len(held)] == held:
            return False
        lacking = [one for at, one in enumerate(held) if at >= len(line) or line[at] != one]
        unique = Counter(held)
        shown = any(self._holds(name, one, unique) for one in lacking)
        end = len(line) if line == held[: len(line)] else 0
        return not shown and looks_sound(self.damaged.trees[name], self.damaged.base.trees.get(plain, {}), end)

    @cached_property
    def _put_back_now(self) -> frozenset[str]:
        """Directories that are older copies of themselves, whatever else befell them."""
        return frozenset(name for one in self.damaged.faults if one.what == PUT_BACK for name in one.nodes)

    def is_true(self, line: Line) -> bool:
        """It is a beginning of what was committed."""
        return any(history[: len(line)] == line for history in self.damaged.base.histories.values())

    def same_cluster(self, one: str, other: str) -> bool:
        """They were founded as one."""
        lines = self.damaged.base.lines
        first, second = (lines.get(name.removesuffix("-older"), ())[:1] for name in (one, other))
        return first == second

    def _has_raft_files(self, name: str) -> bool:
        return any(file.startswith(("0", "open-", "snapshot-")) for file in self.damaged.trees[name])

    def committed(self, cluster: Cluster) -> Iterator[Line]:
        """The histories that every leader of this cluster has to have, as far as the upload can show them."""
        here = {node.name for node in cluster.nodes}
        founded = {line[0] for name in here if name in self.nodes if (line := self.started(name))}
        for holder, line in self.damaged.base.histories.items():
            if founded.isdisjoint(line[:1]):
                continue  # of another cluster, or of nobody who starts
            if holder not in self.damaged.trees:
                holders = [name for name, own in self.damaged.base.lines.items() if own[: len(line)] == line]
                if not here & set(holders):
                    continue
            elif holder not in here:
                continue
            voters = voters_at(line)
            forgot = {self.ids[name] for name in self.silent if name in self.ids} & voters
            unseen = self._put_back(line) and not any(line[-1] in found for found in self.readable.values())
            yield self._held(line, voters) if forgot or unseen else line

    def _put_back(self, line: Line) -> bool:
        """A directory was recorded after an older copy of itself was put back."""
        lines, ids = self.damaged.base.lines, self.damaged.base.ids
        return any(
            ids[name] == ids[older] and _agree(lines[older], line) > _agree(lines[name], line)
            for older in self.damaged.base.older
            for name in self.damaged.base.nodes
        )

    def _held(self, line: Line, voters: frozenset[int]) -> Line:
        """As far as a majority holds it after its start, or shows it behind damage."""
        shown = {self.ids[name]: self._shown(name, line) for name in self.nodes if name in self.ids}
        reach = sorted((length for voter, length in shown.items() if voter in voters), reverse=True)
        needed = len(voters) // 2 + 1
        return line[: reach[needed - 1]] if len(reach) >= needed else ()

    def _shown(self, name: str, line: Line) -> int:
        """How far a directory holds a history: after its start, and from there on wherever it can be read."""
        own = self.started(name)
        length = 0 if own is None else _agree(own, line)
        unique = Counter(line)
        behind = range(len(line), length, -1)
        return next((at for at in behind if self._holds(name, line[at - 1], unique)), length)

    def _holds(self, name: str, one: Entry, unique: Counter[Entry]) -> bool:
        """An entry that can be no other one can be read of it."""
        return one.kind == COMMAND and unique[one] == 1 and one in self.readable[name]


def violations(damaged: Damaged, case: Case, document: Document) -> Iterator[str]:
    """What was said and is not so; one line each."""
    truth, said = Truth(damaged, case), document.case
    if said is None:
        return
    answers = pipeline.decided(case)
    for cluster, answer in zip(case.clusters, answers, strict=True):
        states = [one for one in said.nodes if one.node in {node.name for node in cluster.originals()}]
        yield from _unsafe_together(truth, cluster, states)
        yield from _unsafe_order(truth, cluster, answer)
        yield from _rebuilt(truth, cluster, answer)
        yield from _needless(truth, cluster, answer)
        yield from _destroyed(truth, states)
        yield from _shifted(truth, states)
        yield from _not_committed(truth, cluster)
        yield from _runs(truth, states)
    for lost in said.lost:
        yield from _not_lost(truth, lost)


def _unsafe_together(truth: Truth, cluster: Cluster, states: list[CaseNode]) -> Iterator[str]:
    safe = [one.node for one in states if one.state is State.SAFE and one.node in truth.ids]
    kept = {name: line for name in safe if (line := truth.started(name)) is not None}
    for committed in truth.committed(cluster):
        try:
            if _can_lose(truth, kept, committed):
                reasons = ", ".join(f"{one.node} {one.reason}" for one in states if one.node in kept)
                yield f"safe nodes together can lose something of 1 to {len(committed)}: {reasons}"
        except TooManyStatesError:
            yield f"too many runs to try: {', '.join(kept)}"


def _unsafe_order(truth: Truth, cluster: Cluster, answer: DatabaseAnswer) -> Iterator[str]:
    """Who is to be started first elects a leader that has everything; and who follows changes nothing about that."""
    repaired = {repair.node: repair.after for repair in (*answer.repairs, *answer.later)}
    later = [repair.node for repair in answer.later]
    every = (*answer.start, *answer.follow, *later)
    kept = {name: line for name in every if (line := truth.started(name, repaired)) is not None}
    kept |= {name: truth.line_of(Rebuilt(cluster, answer, name)) for name in answer.rebuilt}
    first = {name: line for name, line in kept.items() if name in answer.start and name in truth.ids}
    yield from _elects(truth, cluster, first, answer)
    for committed in truth.committed(cluster):
        try:
            if first and _can_lose(truth, first, committed):
                yield f"to be started first, {', '.join(first)} can lose something of 1 to {len(committed)}"
            led = max(first.values(), key=lambda line: (line[-1].term if line else 0, len(line)), default=())
            for name in (*answer.follow, *later):
                after = dict.fromkeys(first, led) | {name: kept[name]}
                if name in truth.ids and _can_lose(truth, after, committed):
                    yield f"{name} follows {', '.join(first)}, and can lose something"
        except TooManyStatesError:
            yield f"too many runs to try: {', '.join(kept)}"


def _rebuilt(truth: Truth, cluster: Cluster, answer: DatabaseAnswer) -> Iterator[str]:
    """Each can be written, has the entries of one recorded history, and gives up none that can be read."""
    for name in answer.rebuilt:
        made = Rebuilt(cluster, answer, name)
        if made.contents is None:
            yield f"{name} is to be rebuilt, and is refused"
            continue
        line = truth.line_of(made)
        fitting = [own for own in truth.damaged.base.lines.values() if own[: len(line)] == line]
        if not fitting:
            yield f"{name} is rebuilt with entries that were not recorded so"
        yield from (f"{name} is rebuilt without {at}, which can be read" for at in _given_up(truth, made, fitting))


def _given_up(truth: Truth, made: Rebuilt, lines: list[Line]) -> Iterator[int]:
    """The first entry of each of these histories that a new directory lacks, as it says, and that can be read."""
    for line in lines:
        unique = Counter(line)
        lost = (at for first, last in made.lost for at in range(first, min(last, len(line)) + 1))
        mine = (at for at in lost if line[at - 1].kind == COMMAND and unique[line[at - 1]] == 1)
        yield from islice((at for at in mine if any(line[at - 1] in found for found in truth.readable.values())), 1)


def _elects(truth: Truth, cluster: Cluster, first: Mapping[str, Line], answer: DatabaseAnswer) -> Iterator[str]:
    """Who is started first elects somebody."""
    if answer.start and first:
        names = sorted(first)
        world = World((), 0, tuple(truth.ids[name] for name in names))
        logs = tuple(blocks([first[name] for name in names]))
        if next(world.winners(logs, frozenset(range(len(names)))), None) is None:
            yield f"to be started first, {', '.join(names)} cannot elect anybody ({cluster.name})"


def _needless(truth: Truth, cluster: Cluster, answer: DatabaseAnswer) -> Iterator[str]:
    """Where a majority is untouched and can lose nothing by itself, nothing is forced and nobody has to choose."""
    if answer.course not in (Course.RECOVER, Course.CHOOSE, Course.DEAD_END):
        return
    hit = {name for fault in truth.damaged.faults for name in fault.nodes}
    every = list(truth.committed(cluster))
    whole = {
        node.name: line
        for node in cluster.originals()
        if node.name not in hit and node.name in truth.ids and not truth.founds(node.name)
        if (line := truth.started(node.name)) is not None
    }
    if len(every) != 1 or not every[0]:
        return
    voters = voters_at(every[0])
    if len({truth.ids[name] for name in whole} & voters) > len(voters) // 2 and not _can_lose(truth, whole, every[0]):
        yield f"{answer.name}: {answer.course}, although {', '.join(whole)} are a majority that is well"


def _can_lose(truth: Truth, kept: Mapping[str, Line], committed: Line) -> bool:
    """Some run of these nodes elects a leader without all of it."""
    names = sorted(kept)
    *logs, target = blocks([*(kept[name] for name in names), committed])
    terms = max((block[0] for log in logs for block in log), default=0) + 2
    world = World(target, terms, tuple(truth.ids[name] for name in names))
    return world.can_lose(tuple(logs), frozenset(range(len(names))))


def _destroyed(truth: Truth, states: list[CaseNode]) -> Iterator[str]:
    """The start of a safe node drops what only its own files hold."""
    for one in states:
        if one.state is not State.SAFE or one.node not in truth.ids:
            continue
        line = truth.started(one.node)
        if line is None:
            continue
        for committed in truth.damaged.base.histories.values():
            own = truth.damaged.base.lines.get(one.node.removesuffix("-older"), ())
            if own[:1] != committed[:1]:
                continue
            unique = Counter(committed)
            gone = [
                index
                for index, entry_ in enumerate(committed, 1)
                if entry_.kind == COMMAND
                and unique[entry_] == 1
                and entry_ in truth.readable[one.node]
                and entry_ not in line
                and not any(
                    entry_ in found or truth.covered[name] >= index
                    for name, found in truth.readable.items()
                    if name != one.node
                )
            ]
            if gone:
                yield f"{one.node} is safe ({one.reason}), and its start drops {gone[0]} to {gone[-1]}"


def _not_committed(truth: Truth, cluster: Cluster) -> Iterator[str]:
    """What is proved to be committed was; not asked where a file's name lies, for names are proofs."""
    if cluster.commit is None:
        return
    misnamed = {name for fault in truth.damaged.faults if fault.what in _MISNAMES for name in fault.nodes}
    for name, proof in cluster.commit.proofs.items():
        own = truth.damaged.base.lines.get(name.removesuffix("-older"), ())
        most = max((_agree(own, history) for history in truth.damaged.base.histories.values()), default=0)
        if proof.index > most and name not in truth.silent | misnamed:
            yield f"{name}: {proof.index} is called committed ({proof.ground.value}), {most} is"


def _shifted(truth: Truth, states: list[CaseNode]) -> Iterator[str]:
    """The start of a safe node gives entries other indexes than another directory shows that they have: entries that it
    recorded once, for the same write may be in a log twice, and only the first one in a shorter log.
    """
    kept = {name: line for name in truth.nodes if (line := truth.started(name)) is not None}
    for one in states:
        if one.state is not State.SAFE or one.node not in kept:
            continue
        recorded = Counter(truth.damaged.base.lines.get(one.node.removesuffix("-older"), ()))
        for name, line in kept.items():
            if not truth.is_true(line) or not truth.same_cluster(name, one.node):
                continue
            unique = Counter(line)
            places = {
                entry_: index for index, entry_ in enumerate(line, 1) if unique[entry_] == 1 and recorded[entry_] < 2
            }
            wrong = [
                (index, places[entry_])
                for index, entry_ in enumerate(kept[one.node], 1)
                if entry_.kind == COMMAND and places.get(entry_, index) != index
            ]
            if wrong:
                yield f"{one.node} is safe ({one.reason}), and its {wrong[0][0]} is {wrong[0][1]} on {name}"


def _agree(one: Line, other: Line) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))


def _runs(truth: Truth, states: list[CaseNode]) -> Iterator[str]:
    """A run that is named loses something. Not asked of nodes whose own entries are wrong: they are not to run."""
    odd = {one.node for one in states if one.reason in (Reason.CONTRADICTS, Reason.RENUMBERS)}
    for one in states:
        names = {one.node, *one.with_}
        if one.reason not in (Reason.ELECTED_WITHOUT, Reason.SECOND_LEADER) or names & odd:
            continue
        kept = {name: line for name in (one.node, *one.with_) if (line := truth.started(name)) is not None}
        if not kept.keys() <= truth.ids.keys():
            continue
        try:
            if not any(_can_lose(truth, kept, committed) for committed in truth.damaged.base.histories.values()):
                yield f"{one.node} with {', '.join(one.with_)}: no run of them loses anything ({one.reason})"
        except TooManyStatesError:
            yield f"too many runs to try: {', '.join(kept)}"


def _not_lost(truth: Truth, lost: CaseLoss) -> Iterator[str]:
    """Nothing that is lost for good can be read, and who has it has it."""
    if lost.first_index is None or lost.last_index is None:
        return
    histories = [line for line in truth.damaged.base.histories.values() if len(line) >= lost.first_index]
    for line in histories:
        unique = Counter(line)
        wanted = {
            index: line[index - 1]
            for index in range(lost.first_index, min(lost.last_index, len(line)) + 1)
            if line[index - 1].kind == COMMAND and unique[line[index - 1]] == 1
        }
        there = sorted(
            index
            for index, one in wanted.items()
            if any(one in found or truth.covered[name] >= index for name, found in truth.readable.items())
        )
        if lost.certain and there:
            yield f"{lost.first_index} to {lost.last_index} are called lost, and {there[0]} to {there[-1]} can be read"
        for name in lost.also_on:
            own = truth.readable.get(name, frozenset())
            missing = [index for index, one in wanted.items() if one not in own and truth.covered.get(name, 0) < index]
            if missing and len(histories) == 1:
                yield f"{name} is said to hold {lost.first_index} to {lost.last_index}, and lacks {missing[0]}"
