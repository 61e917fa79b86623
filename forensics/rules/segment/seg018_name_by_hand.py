"""SEG018: names of segments that today's raft reads but would not write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, count

_SHOWN = 5  # names given as evidence


@dataclass(frozen=True, slots=True)
class Unpadded:
    """Closed segments whose names lack the leading zeros: how many `files`, and one `example`."""

    kind: ClassVar[str] = "unpadded"
    files: int
    example: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        verb = "has a name" if self.files == 1 else "have names"
        return Words(
            f"{count(self.files, 'closed segment')} {verb} without leading zeros, such as {self.example!r}",
            ("A raft before 0.9.10 (2019) wrote it so, or somebody did by hand.",),
        )


@dataclass(frozen=True, slots=True)
class OddName:
    """A name that raft reads but never writes; `file` is it."""

    kind: ClassVar[str] = "odd-name"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{self.file!r} is a name that raft reads but never writes"
        return Words(told, ("Somebody renamed or wrote this file by hand.",))


@rule(
    "SEG018",
    "segment names made by hand, or by a raft of 2019",
    Severity.INFO,
    fault=FaultKind.FILE_NAMES,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NONE,
    fires_on=("segment/name-by-hand",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def name_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names of closed segments have 16 digits on each side, those of open segments no leading zeros. File names are enough
    for this.
    ## Why it matters
    Raft reads numbers generously (`1-2`, `open-01`) and loads such files, so this does no harm by itself. But raft does
    not write such names: somebody renamed or wrote files here.
    ## False alarm if
    A raft before 0.9.10 (2019: LXD 3.15 to 3.18) wrote the closed segments: its names have no leading zeros. Such files
    stay until a snapshot makes them superfluous, which takes long on a server with few writes.
    ## What to do
    Where many names lack their leading zeros, nothing needs doing. Otherwise ask what was done to this directory.
    ## References
    canonical/raft 3326419; https://github.com/canonical/lxd/issues/6439; https://github.com/lxc/lxc/issues/3482;
    docs/reference/files.md#how-names-are-parsed
    """
    closed = [part.file for part in node.log.closed if not part.name.canonical]
    plain = [file for file in closed if re.fullmatch(r"[1-9]\d*-[1-9]\d*", file.name)]
    if plain:
        yield Finding(Unpadded(len(plain), plain[0].name), tuple(file.at for file in plain[:_SHOWN]))
    for file in (*closed, *(part.file for part in node.log.open if not part.name.canonical)):
        if file not in plain:
            yield Finding(OddName(file.name), (file.at,), where=(file.name,))
