"""SHP021: files of which the collector took the beginning and the end alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, are, count, listed, size

_NAMED = 5  # files that a finding names


@dataclass(frozen=True, slots=True)
class PartOfFile:
    """What arrived of one file.

    Attributes:
        file: its name.
        bytes: of the whole file.
        head, tail: bytes of its beginning and of its end that are read.
        sha256: of the whole file, as it was computed on the machine; None where it was not.
    """

    file: str
    bytes: int
    head: int
    tail: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class EndsAlone:
    """Files that are larger than what was collected of them.

    Attributes:
        files: in the order of their names.
        last_index, last_term: the last entry that the end of the newest closed one shows; None where it shows none.
    """

    kind: ClassVar[str] = "ends-alone"
    files: tuple[PartOfFile, ...]
    last_index: int | None
    last_term: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        number = len(self.files)
        named = listed([one.file for one in self.files[:_NAMED]])
        kept = sum(one.head + one.tail for one in self.files)
        whole = size(sum(one.bytes for one in self.files))
        told = [
            f"{'Among them:' if number > _NAMED else 'These are'} {named}.",
            f"{size(kept)} of {whole} were collected, for collect.sh had reached its --max-size.",
            "What lies between is not known, and nothing is said against it.",
        ]
        if self.last_index is not None:
            told.append(
                f"The end of the newest closed segment shows entry {self.last_index}, of term {self.last_term}."
            )
        return Words(f"only the beginning and the end of {count(number, 'file')} {are(number)} here", tuple(told))


@rule(
    "SHP021",
    "only beginning and end of files were collected",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/ends-alone",),
    silent_on=("shape/copy-and-listing",),
)
def ends_alone(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether collect.sh took some segments or snapshots whole, or their first and last 64 KiB alone.
    ## Why it matters
    Batches between the two are not known: whether the node starts, and what its log holds, cannot be told. The names
    say which entries there are, the beginning has the format and the first batches, and the end of a closed segment has
    the last ones, with their terms and configurations.
    ## False alarm if
    Never: the collector's own archive says it.
    ## What to do
    Run the collector again with a larger `--max-size`, or ask for these files. Their SHA-256 is in the report, and in
    `digests.txt` of the archive.
    ## References
    docs/reference/collectors.md#collectsh
    """
    found = sorted((file for file in node.state.files.values() if file.ends is not None), key=lambda file: file.name)
    parts = [PartOfFile(f.name, f.size_max, f.ends.head, f.ends.tail, f.ends.sha256) for f in found if f.ends]
    if not parts:
        return
    newest = max((part for part in node.log.closed if part.file.ends), key=lambda part: part.last, default=None)
    term = node.log.term_at(newest.last) if newest is not None else None
    last = newest.last if newest is not None and term is not None else None
    yield Finding(EndsAlone(tuple(parts), last, term), tuple(file.at for file in found[:_NAMED]))
