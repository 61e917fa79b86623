"""META002: a metadata file that loading refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Parsed
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.files import Kind
from forensics.ingest.state_directory import StateFile
from forensics.masking.text import told_number
from forensics.on_disk import METADATA_BYTES
from forensics.parsers.metadata import Metadata
from forensics.rules.api import Finding, Needs, Problem, Severity, rule
from forensics.wording import Words, size

_DOES_NOT_START = "The node does not start, whatever the other metadata file holds."


@dataclass(frozen=True, slots=True)
class UnknownFormat:
    """A metadata file of a format that no release writes: its name, and the number that it begins with."""

    kind: ClassVar[str] = "unknown-format"
    file: str
    format: int | str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{self.file} has an unknown format"
        return Words(told, (f"It begins with {self.format} where 1 is expected.", _DOES_NOT_START))


@dataclass(frozen=True, slots=True)
class VersionZero:
    """A metadata file that counts no write; `file` is its name."""

    kind: ClassVar[str] = "version-zero"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} has version 0", ("Versions count from 1.", _DOES_NOT_START))


@dataclass(frozen=True, slots=True)
class TooLong:
    """A metadata file of more than 32 bytes: its name and size."""

    kind: ClassVar[str] = "too-long"
    file: str
    bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} has {size(self.bytes)} instead of {METADATA_BYTES}", (_DOES_NOT_START,))


@rule(
    "META002",
    "metadata file that stops the start",
    Severity.CRITICAL,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("metadata/format", "metadata/version-zero", "metadata/too-long"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def refused(node: Node) -> Iterator[Finding]:
    """## What it checks
    Format and version of both metadata files, and that neither is longer than 32 bytes; in a listing, the size.
    ## Why it matters
    One bad file is enough: raft stops before it looks at anything else, even where the other file is sound. No start
    repairs this.
    ## False alarm if
    Never, as far as is known. Format 2 belongs to test builds (DQLITE_NEXT of 1.16.5 to 1.16.7), and passes here.
    ## What to do
    Save the directory. If the other file is sound and has the higher version, raft itself would go on with it: on a
    copy, move the bad one away. If the bad one was the newer, a vote may be forgotten: then let this node come back
    once the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; docs/reference/metadata.md#metadata1-and-metadata2;
    docs/reference/snapshots.md#disk-format-2
    """
    for name, parsed in (("metadata1", node.metadata1), ("metadata2", node.metadata2)):
        file = node.state.file(name)
        if file is None or file.cut or file.kind is Kind.DIRECTORY:
            continue
        if parsed is not None:
            yield from _by_content(file, parsed)
        elif file.size_min > METADATA_BYTES:
            yield Finding(TooLong(name, file.size_min), (file.at,), where=(name,))


def _by_content(file: StateFile, parsed: Parsed[Metadata]) -> Iterator[Finding]:
    if parsed.value is None:  # META003
        return
    problems: dict[str, Problem] = {
        "metadata-format": UnknownFormat(file.name, told_number(parsed.value.format)),
        "metadata-version": VersionZero(file.name),
        "metadata-tail": TooLong(file.name, file.size_min),
    }
    for anomaly in parsed.anomalies:
        if (problem := problems.get(anomaly.code)) is not None:
            yield Finding(problem, (anomaly.at,), where=(file.name,))
