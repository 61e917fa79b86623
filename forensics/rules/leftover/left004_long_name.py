"""LEFT004: a file name that is too long for raft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.limits import FILE_NAME_CHARS_MAX
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words

_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class LongName:
    """A name that raft's clean-up does not accept.

    Attributes:
        file: the name.
        bytes: its length.
        limit: the longest that raft accepts, in bytes.
    """

    kind: ClassVar[str] = "long-name"
    file: str
    bytes: int
    limit: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the file name {self.file[:_SHOWN_CHARACTERS]}… is too long: dqlite 1.16.3 and later abort at start",
            (f"It has {self.bytes} bytes; raft accepts {self.limit}.",),
        )


@rule(
    "LEFT004",
    "file name longer than raft accepts",
    Severity.CRITICAL,
    fault=FaultKind.FILE_NAMES,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("leftover/long-name",),
    silent_on=("healthy/trimmed-111", "leftover/longest-name"),
)
def long_name(node: Node) -> Iterator[Finding]:
    """## What it checks
    No name in the directory has more than 127 bytes, whatever the file is. File names are enough for this.
    ## Why it matters
    At start, raft's clean-up checks the length of every name by an assertion. With raft inside dqlite (1.16.3 and
    later) the process aborts over a long name, however harmless the file is. Older versions ignore it.
    ## False alarm if
    The node runs with stand-alone raft (dqlite up to 1.16.2).
    ## What to do
    Move the file out of the directory.
    ## References
    canonical/dqlite src/raft/uv_fs.c; docs/reference/files.md#how-names-are-parsed;
    docs/reference/start.md#failures-before-loading
    """
    for name, file in sorted(node.state.files.items()):
        length = len(name.encode())
        if length > FILE_NAME_CHARS_MAX:
            yield Finding(LongName(name, length, FILE_NAME_CHARS_MAX), (file.at,), where=(name,))
