"""SHP013: the same upload, given twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class GivenTwice:
    """An input, or a state directory in one, with the very files of another one.

    Attributes:
        input: its name, or its path.
        same_as: the other one, which alone was used.
    """

    kind: ClassVar[str] = "given-twice"
    input: str
    same_as: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.input} holds the same files as {self.same_as}",
            ("All names, sizes and contents are equal, so it was counted once.",),
        )


@rule(
    "SHP013",
    "the same upload was given twice",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("shape/given-twice",),
    silent_on=("healthy/stopped-111",),
)
def given_twice(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether all files of one input, or of one state directory of the same host, equal those of another one, however the
    two are packed.
    ## Why it matters
    Nothing is wrong: the second one tells nothing new. If another upload was meant, it is still missing.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Nothing, unless another upload was meant.
    ## References
    docs/reference/collectors.md#listings
    """
    if not case.nodes() and not case.repeats:
        yield NotChecked("no state directory in the input", "no-state-directory")
    for name, original in case.repeats:
        yield Finding(GivenTwice(name, original), (Span(name),), where=(name,))
