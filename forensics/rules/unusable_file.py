"""A small file that its reader refuses, or that is empty: shared by the rules that find one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from forensics.evidence import Anomaly, Span
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, Severity
from forensics.wording import Words, joined


@dataclass(frozen=True, slots=True)
class EmptyFile:
    """A file of zero bytes that must hold something.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "empty-file"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} is empty (0 bytes)")


@dataclass(frozen=True, slots=True)
class UnusableFile:
    """A file whose content its reader refuses.

    Attributes:
        file: its name.
        codes: what is wrong with it, by the codes of its parser.
        reasons: the same, as its parser words it; no value.
    """

    kind: ClassVar[str] = "unusable-file"
    file: str
    codes: tuple[str, ...]
    reasons: tuple[str, ...] = field(repr=False)

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} cannot be used: {joined(self.reasons)}")


def unusable(file: StateFile, anomalies: Iterable[Anomaly], *, stops: bool = False) -> Iterator[Finding]:
    """One finding where the file is empty or its content is refused; of a cut file nothing is said.

    Args:
        file: from a listing, or with its content.
        anomalies: those of its content that its reader stops at.
        stops: the product ends its start at the file, so that the node is down.
    """
    wrong = () if file.cut else tuple(anomalies)
    effect = Effect.NODE_DOWN if stops else None
    spans = tuple(dict.fromkeys(_shown(file, anomaly.at) for anomaly in wrong))
    if file.size_max == 0 and (file.listed or wrong):
        yield Finding(EmptyFile(file.name), spans or (file.at,), effect=effect, where=(file.name,))
    elif wrong:
        codes, reasons = (tuple(anomaly.code for anomaly in wrong), tuple(anomaly.detail for anomaly in wrong))
        yield Finding(UnusableFile(file.name, codes, reasons), spans, effect=effect, where=(file.name,))


def _shown(file: StateFile, at: Span) -> Span:
    """The place in the file; the whole file where the place has no bytes."""
    return at if at.length else file.at
