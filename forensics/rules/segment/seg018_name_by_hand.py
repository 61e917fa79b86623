"""SEG018: names of segments that today's raft reads but would not write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_SHOWN = 5  # names given as evidence


@rule(
    "SEG018",
    "segment names made by hand, or by a raft of 2019",
    Severity.INFO,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NONE,
    fires_on=("segment/name-by-hand",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def name_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names of closed segments have 16 digits each, those of open ones no padding. Told by names.
    ## Why it matters
    Raft reads numbers generously (`1-2`, `open-01`) and loads such files, so this harms nothing by itself; but it does
    not write them: somebody renamed or wrote files here.
    ## False alarm if
    Raft before 0.9.10 (2019: LXD 3.15 to 3.18) wrote closed segments without padding. Such files stay until a snapshot
    makes them superfluous, which takes long on a server that is little used.
    ## What to do
    Where many names are of that kind, nothing. Otherwise ask what was done to this directory.
    ## References
    FACTS 1.10; canonical/raft 3326419; https://github.com/canonical/lxd/issues/6439; https://github.com/lxc/lxc/issues/3482
    """
    closed = [part.file for part in node.log.closed if not part.name.canonical]
    plain = [file for file in closed if re.fullmatch(r"[1-9]\d*-[1-9]\d*", file.name)]
    if plain:
        more = f" and {len(plain) - 1} more names" if len(plain) > 1 else ""
        text = f"{plain[0].name!r}{more} without padding: by a raft before 0.9.10 (2019), or by hand"
        yield Finding(text, tuple(file.at for file in plain[:_SHOWN]))
    for file in (*closed, *(part.file for part in node.log.open if not part.name.canonical)):
        if file not in plain:
            yield Finding(f"raft would not write the name {file.name!r}", (file.at,))
