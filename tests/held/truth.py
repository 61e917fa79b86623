"""The truth of a damaged recording: what its nodes' starts keep, what can be read of them, what was committed.

Damage that looks like a shorter log that is sound in itself cannot be seen: raft takes it for granted that disks forget
nothing. Where a voter lost entries so, only what a majority still holds counts as committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Node
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast
from tests.held.damage import PUT_BACK, Damaged
from tests.held.looks_sound import looks_sound
from tests.held.raw_log import COMMAND, Entry, entry, scan
from tests.held.rebuilt import Rebuilt
from tests.held.recording import Line, voters_at

_ALIEN = -1
_BITS_MAX = 4  # flipped one by one: what else was changed differs by more


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
            ids[name] == ids[older] and agree(lines[older], line) > agree(lines[name], line)
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
        length = 0 if own is None else agree(own, line)
        unique = Counter(line)
        behind = range(len(line), length, -1)
        return next((at for at in behind if self._holds(name, line[at - 1], unique)), length)

    def _holds(self, name: str, one: Entry, unique: Counter[Entry]) -> bool:
        """An entry that can be no other one can be read of it."""
        return one.kind == COMMAND and unique[one] == 1 and one in self.readable[name]


def agree(one: Line, other: Line) -> int:
    """How many entries two logs have in common from the first on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))
