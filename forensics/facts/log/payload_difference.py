"""Two payloads of what should be one entry: how they differ."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.node.node import Node


@dataclass(frozen=True, slots=True)
class Alteration:
    """How one entry differs between two nodes.

    Attributes:
        sizes: of the two payloads, in bytes.
        first, last: the bytes that differ, counted from the payload's start; of payloads of one size.
        bits: how many bits differ; 0 where the sizes do, or the payloads are equal (then the term or type differs).
    """

    sizes: tuple[int, int]
    first: int = 0
    last: int = 0
    bits: int = 0


def alteration(one: Node, other: Node, index: int) -> Alteration | None:
    """How the payloads of one index differ; None where one of them is not at hand."""
    payloads = [_payload(node, index) for node in (one, other)]
    a, b = payloads
    if a is None or b is None:
        return None
    if len(a) != len(b):
        return Alteration((len(a), len(b)))
    different = int.from_bytes(a, "big") ^ int.from_bytes(b, "big")
    if not different:
        return Alteration((len(a), len(b)))
    size, lowest = len(a), (different & -different).bit_length() - 1
    return Alteration(
        (size, size), size - (different.bit_length() + 7) // 8, size - 1 - lowest // 8, different.bit_count()
    )


def _payload(node: Node, index: int) -> bytes | None:
    blobs = node.log.blobs()
    for entry, segment in node.log.entries(index, index):
        return blobs[segment.path].read(entry.offset, entry.size)
    return None
