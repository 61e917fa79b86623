"""SEG007: a closed segment ends inside a batch, or before its first one."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.parsers.segment import StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.start_words import weigh

_SHORT = {
    StopReason.NO_FORMAT: "has only {stored} bytes, less than the format word",
    StopReason.SHORT_PREAMBLE: "ends {stored} bytes into the preamble of batch {batch}",
    StopReason.SHORT_HEADER: "ends {stored} of {computed} bytes into the entry headers of batch {batch}",
    StopReason.SHORT_DATA: "ends {stored} of {computed} bytes into the payloads of batch {batch}",
}
_ENTRY_BYTES_MIN = 24  # 16 of header and, for the smallest entry that dqlite writes, 8 of payload
_FRAME_BYTES = 8 + 16  # the format word and one batch's preamble


@rule(
    "SEG007",
    "closed segment that ends too early",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/cut", "segment/cut-in-format"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "segment/one-entry-short"),
)
def cut(node: Node) -> Iterator[Finding]:
    """## What it checks
    A closed segment ends with a whole batch; from a listing: it is not smaller than the entries in its name need
    (24 bytes a batch and entry at the least).
    ## Why it matters
    Raft cuts a segment to its used length before it renames it, so this never comes from a crash of dqlite alone: the
    file system lost the end, or a copy did. Loading fails with a short read (code 18), which self-repair does not act
    on, not even for the last segment.
    ## False alarm if
    An upload that was cut off; the report lists such members apart, and this rule passes over them.
    ## What to do
    Compare size and digest with the file on the host. If it is short there too, recover from another node.
    ## References
    canonical/dqlite src/raft/uv_segment.c; FACTS 2.6
    """
    for part in node.log.closed:
        if part.file.cut or part.first > part.last:
            continue
        if part.segment is None:
            yield from _by_size(node, part)
        elif part.segment.stop.reason in _SHORT:
            stop = part.segment.stop
            what = _SHORT[stop.reason].format(stored=stop.stored, computed=stop.computed, batch=stop.batch)
            weight = weigh(node, part, repairable=False)
            message = f"{part.file.name} {what}; {len(part.segment)} entries can be read; {weight.words}"
            yield Finding(message, (part.segment.stop_span(),), weight.severity, effect=weight.effect)


def _by_size(node: Node, part: ClosedSegment) -> Iterator[Finding]:
    entries = part.last - part.first + 1
    needed = _FRAME_BYTES + _ENTRY_BYTES_MIN * entries
    if 0 < part.file.size_max < needed:
        weight = weigh(node, part, repairable=False)
        message = f"{part.file.name}: at most {part.file.size_max} bytes, but {entries} entries need {needed} or more"
        yield Finding(f"{message}; {weight.words}", (part.file.at,), weight.severity, effect=weight.effect)
