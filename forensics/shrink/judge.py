"""Whether an input still shows what it has to show: asked by a whole run, in this process."""

from __future__ import annotations

import time
from collections.abc import Sequence

from forensics import pipeline
from forensics.check.build import pack
from forensics.check.tree import Tree
from forensics.errors import InputError
from forensics.evidence import BytesBlob
from forensics.ingest.archive import archive_kind
from forensics.ingest.source import Source
from forensics.report.document import Document, Finding
from forensics.severity import Severity

_LARGE_BYTES = 1 << 20  # of less the time tells nothing about more


class Judge:
    """Asks about inputs that become smaller and smaller.

    Args:
        how: how the input is packed: `tar`, or `text` for one file.
        seconds: after so long nothing more is tried: every further question is answered with no. So is one that
            would take longer than is left, as long as the slowest run took for as many bytes.

    Attributes:
        runs: how many there were.
        held: the report of the last input that held.
    """

    def __init__(self, how: str, seconds: float) -> None:
        self.runs = 0
        self._how = how
        self._until = time.monotonic() + seconds
        self.held: Document | None = None
        self._over = False
        self._seconds_a_byte = 0.0
        self._wanted: frozenset[tuple[str | None, Severity]] = frozenset()

    def want(self, findings: Sequence[Finding]) -> None:
        """What an input must show from now on, as bad as it was."""
        self._wanted = frozenset((finding.key, finding.severity) for finding in findings)

    @property
    def is_over(self) -> bool:
        """Its time is over."""
        return self._over or time.monotonic() > self._until

    def holds(self, tree: Tree) -> bool:
        """Whether these files show all that is wanted."""
        if self.is_over or not tree:
            return False
        if time.monotonic() + self._seconds_a_byte * size_of(tree) > self._until:
            self._over = True
            return False
        document = self.document(tree)
        if document is None or not self._wanted <= {(one.key, one.severity) for one in document.findings}:
            return False
        self.held = document
        return True

    def document(self, tree: Tree) -> Document | None:
        """The report; None where there is nothing that can be read."""
        self.runs += 1
        start = time.monotonic()
        document = self._document(tree)
        if (size := size_of(tree)) >= _LARGE_BYTES:
            self._seconds_a_byte = max(self._seconds_a_byte, (time.monotonic() - start) / size)
        return document

    def _document(self, tree: Tree) -> Document | None:
        blob = BytesBlob(f"case.{'txt' if self._how == 'text' else self._how}", pack(tree, self._how))
        source = Source(blob.path, archive_kind(blob) or "text", blob.size, blob, blob.path)
        try:
            with pipeline.take([source]) as evidence:
                return pipeline.analyze(evidence).document
        except InputError:
            return None


def size_of(tree: Tree) -> int:
    """Bytes of all files."""
    return sum(len(file.content) for file in tree.values())


def chosen(findings: Sequence[Finding], asked: Sequence[str]) -> list[Finding]:
    """The findings that are asked for, by key, kind or rule; else those at medium and above, or all where none is."""
    if asked:
        return [one for one in findings if {one.key, one.kind, one.rule} & set(asked)]
    bad = [one for one in findings if one.severity.rank <= Severity.MEDIUM.rank]
    return bad or list(findings)
