"""SHP011: files that the listing names are missing from the copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import RAFT_ROLES
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, are, count, listed, size

_NAMED = 5  # missing files that a finding names


@dataclass(frozen=True, slots=True)
class FilesMissing:
    """Raft files that only the listing shows.

    Attributes:
        number: how many.
        files: names of the first five.
    """

    kind: ClassVar[str] = "files-missing"
    number: int
    files: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{count(self.number, 'file')} of the listing {are(self.number)} not in the copy",
            (f"{'Among them' if self.number > len(self.files) else 'Missing'}: {listed(self.files)}.",),
        )


@dataclass(frozen=True, slots=True)
class ShorterCopy:
    """A file that is shorter than the listing says.

    Attributes:
        file: its name.
        copied_bytes: in the copy.
        listed_bytes: in the listing, at least.
    """

    kind: ClassVar[str] = "shorter-copy"
    file: str
    copied_bytes: int
    listed_bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the copy of {self.file} is shorter than the listing says",
            (f"It has {size(self.copied_bytes)}; the listing says {size(self.listed_bytes)}.",),
        )


@rule(
    "SHP011",
    "copy lacks files that the listing shows",
    Severity.LOW,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("shape/copy-differs",),
    silent_on=("shape/copy-and-listing",),
)
def copy_differs(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Where both a copy and a listing of one directory arrived: every raft file in the listing is in the copy, with the
    same size.
    ## Why it matters
    The copy is not all that was there, and what is missing may be what matters. A copy that is shorter than the listing
    says was cut on its way.
    ## False alarm if
    The node was running while it was copied: it renamed and deleted files between the two.
    ## What to do
    Ask for the missing files.
    ## References
    docs/reference/collectors.md#plugins-of-sos
    """
    told = _raft_files(node.state.listed)
    copied = {name: file for name, file in _raft_files(node.state.files).items() if not file.listed}
    if not told or not copied:
        yield NotChecked("the upload does not have both a listing and a copy", "missing-listing-or-copy")
        return
    missing = [file for name, file in sorted(told.items()) if name not in copied]
    if missing:
        problem = FilesMissing(len(missing), tuple(file.name for file in missing[:_NAMED]))
        yield Finding(problem, (missing[0].at,))
    for name in sorted(copied.keys() & told.keys()):
        file, shown = copied[name], told[name]
        if shown.sized and file.size_max < shown.size_min:
            yield Finding(ShorterCopy(name, file.size_max, shown.size_min), (file.at,), where=(name,))


def _raft_files(files: Mapping[str, StateFile]) -> dict[str, StateFile]:
    return {name: file for name, file in files.items() if file.role in RAFT_ROLES}
