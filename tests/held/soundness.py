"""What the answers about nodes and losses must never say, held against the truth of the recording.

- Started alone or with any others that are called safe, no node called safe elects a leader that lacks what was
  committed.
- Starting a node called safe destroys no committed entry that no other directory has.
- What is called lost for good is readable nowhere in the upload; who is said to keep entries keeps them.
- What is called committed was committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.election.state import Reason, State
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.report.document import CaseLoss, CaseNode, Document
from tests.held.damage import Damaged
from tests.held.raft_world import TooManyStatesError, World, blocks
from tests.held.raw_log import COMMAND
from tests.held.rebuilt import Rebuilt
from tests.held.recording import Line, voters_at
from tests.held.truth import Truth, agree

_MISNAMES = ("renamed segment", "swapped segments")


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
        most = max((agree(own, history) for history in truth.damaged.base.histories.values()), default=0)
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
