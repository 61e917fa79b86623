"""SHP005: a closed segment too small for the entries that its name promises."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.facts.shape import least_bytes
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "SHP005",
    "a closed segment too small for the entries that its name promises",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NODE_DOWN,
    fires_on=("shape/too-small",),
    silent_on=("shape/healthy-listing",),
)
def too_small(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A closed segment of n entries takes at least 8 + 16 + 24 n bytes. Judged on listings by name and size; where the
    content arrived, other rules read it.
    ## Why it matters
    The file was cut short, on disk or by a full file system: loading it fails, and a cut file is never repaired by
    the library itself.
    ## When it is wrong
    A listing made while the file was being written.
    ## What to do
    Copy the file before anything else; compare with the same range on the other members.
    ## References
    FACTS 1.5, 2.6
    """
    listed = [part for part in node.log.closed if part.segment is None and part.file.sized and not part.file.cut]
    if not listed and node.log.closed:
        yield NotChecked("the segments' content is here, or their sizes are not")
    for part in listed:
        entries = part.last - part.first + 1
        if entries > 0 and part.file.size_max < least_bytes(entries):
            needed = least_bytes(entries)
            message = f"{part.file.name} has {part.file.size_max} bytes, {entries} entries need {needed} or more"
            yield Finding(message, (part.file.at,))
