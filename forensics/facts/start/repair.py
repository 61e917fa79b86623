"""How a node that does not start, or drops entries, could be brought to start: bits set back, or files moved away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import BytesBlob
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.facts.start.simulated_files import simulated_files
from forensics.forecast.files import StateFile
from forensics.forecast.losses import Loss
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast, NoForecast
from forensics.forecast.segments import Log
from forensics.parsers.bitflip import BitFlip
from forensics.parsers.segment import EntryType


@dataclass(frozen=True, slots=True)
class Repair:
    """What is changed in a state directory, and the start after that.

    Attributes:
        node: by name.
        after: the forecast then.
        bits: to be set back: the name of the file, and the bit.
        moved: names of files to be moved out of the directory.
        lost: entries that are then no longer part of the log.
    """

    node: str
    after: NodeForecast
    bits: tuple[tuple[str, BitFlip], ...] = ()
    moved: tuple[str, ...] = ()
    lost: tuple[Loss, ...] = ()


def repairs_of(node: Node) -> list[Repair]:
    """Those after which the node starts and knows the members: what loses nothing first, bits before files."""
    made = node.forecast
    if not isinstance(made, NodeForecast):
        return []
    found = list(_with_bits(node, made))
    found += [
        Repair(node.name, _after(node, made, one.after), moved=one.files, lost=one.lost) for one in made.proposals
    ]
    return sorted((repair for repair in found if _starts(repair.after.said)), key=lambda repair: bool(repair.lost))


def _starts(said: Forecast) -> bool:
    if said.outcome is not Outcome.STARTS or said.started is None or not said.started.configuration:
        return False
    return said.loaded is not None and _is_placed(said.loaded.log)


def _is_placed(log: Log) -> bool:
    """Its entries have their indexes: entry 1 is the founder's configuration, of term 1.

    Source: docs/reference/raft.md#bootstrap-and-ids.
    """
    first = next((part.segment for part in log.parts if len(part.segment)), None)
    return log.start > 1 or first is None or (first.terms[0], first.types[0]) == (1, EntryType.CHANGE)


def _after(node: Node, made: NodeForecast, said: Forecast) -> NodeForecast:
    return NodeForecast(node.name, made.choice, said, ())


def _with_bits(node: Node, made: NodeForecast) -> Iterator[Repair]:
    files = simulated_files(node)
    if isinstance(files, NoForecast):
        return
    wanted: dict[str, list[BitFlip]] = defaultdict(list)
    for name, bit in _bits(node):
        wanted[name].append(bit)
    if wanted:
        mended = dict(files) | {name: _mended(files[name], bits) for name, bits in wanted.items() if name in files}
        said = forecast(mended, made.choice.library, node.id)
        bits = tuple((name, bit) for name, found in sorted(wanted.items()) for bit in found)
        yield Repair(node.name, _after(node, made, said), bits=bits, lost=said.lost)


def _bits(node: Node) -> Iterator[tuple[str, BitFlip]]:
    parts: list[ClosedSegment | OpenSegment] = [*node.log.closed, *node.log.open]
    for part in parts:
        damages = node.log.damage.get(part.segment.path, ()) if part.segment is not None else ()
        yield from ((part.file.name, damage.flip) for damage in damages if damage.flip is not None)
    for snapshot in node.snapshots:
        meta = snapshot.meta.value if snapshot.meta else None
        if meta is not None and meta.flip is not None and snapshot.meta_file is not None:
            yield snapshot.meta_file.name, meta.flip


def _mended(file: StateFile, bits: list[BitFlip]) -> StateFile:
    if file.blob is None:
        return file
    data = bytearray(file.blob.read())
    for bit in bits:
        data[bit.at.offset] = bit.corrected
    return StateFile(BytesBlob(file.blob.path, bytes(data)))
