"""STR010: the journal shows the error of the forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.model import Forecast
from forensics.forecast.result import NoForecast
from forensics.parsers.journal_line import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words

_SHOWN = 5
_START_CODES = ("segment-", "snapshot-", "gap-", "log-behind", "metadata", "start-failed")


@dataclass(frozen=True, slots=True)
class SameError:
    """Lines of the journal that carry the forecast's error.

    Attributes:
        message: the library's text.
        lines: how many lines carry it.
        last_time: of the last of them, as written; None where it has none.
    """

    kind: ClassVar[str] = "same-error"
    message: str
    lines: int
    last_time: str | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        where = "One line carries it" if self.lines == 1 else f"{self.lines} lines carry it, the last"
        when = f" at {self.last_time}" if self.last_time else " without a time"
        return Words(
            "the journal shows the error that the forecast predicts",
            (
                f"The error is: {self.message}.",
                f"{where}{when}.",
                "So these files, as they are, are what the node failed on.",
            ),
        )


@dataclass(frozen=True, slots=True)
class OtherError:
    """The journal carries errors of starts, but not the forecast's; `message` is the forecast's text."""

    kind: ClassVar[str] = "other-error"
    message: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the journal shows another error of a start than the forecast predicts",
            (
                f"The forecast predicts: {self.message}.",
                "The files were changed since, or another version runs the node.",
            ),
            "Find out what was done to the directory since the error in the journal, and which version runs the node.",
        )


@rule(
    "STR010",
    "journal shows the error of the forecast",
    Severity.INFO,
    fault=FaultKind.START_FAILED,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("start/journal-agrees",),
    silent_on=("healthy/killed-111",),
)
def journal_shows_forecast(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines of the journals that carry the text with which, by the forecast, the node's start fails.
    ## Why it matters
    This is the error that the customer saw: these files, as they are, cause it, and nothing has changed since. Where
    the journal carries another error of a start, the files were changed since, or another version runs.
    ## False alarm if
    The text is short, and stands in the journal because of another file. The finding quotes it.
    ## What to do
    Work on the cause: STR001 and the findings about the file that the error names tell it.
    ## References
    docs/reference/start.md#order-of-events; docs/reference/start.md#loading-segments
    """
    if not case.nodes():
        yield NotChecked("no state directory in the input", "no-state-directory")
    for node in case.nodes():
        made = node.forecast
        if not isinstance(made, NoForecast) and made.said.message:
            yield from _compare(case, node, made.said)


def _compare(case: Case, node: Node, said: Forecast) -> Iterator[Finding | NotChecked]:
    host = case.host_of(node)
    journals = host.journals if host else ()
    if not journals:
        yield NotChecked(f"no journal of {node.name}", "no-journal-of-node", (node.name,))
        return
    lines = [line for journal in journals for line in journal.lines]
    same = [line for line in lines if said.message and said.message in line.text]
    others = [line for line in lines if _is_of_a_start(line)]
    if same:
        problem = SameError(said.shown or "", len(same), same[-1].time)
        yield Finding(problem, tuple(line.at for line in same[:_SHOWN]), nodes=(node.name,))
    elif others:
        spans = tuple(line.at for line in others[-_SHOWN:])
        yield Finding(OtherError(said.shown or ""), spans, nodes=(node.name,))


def _is_of_a_start(line: JournalLine) -> bool:
    return line.code.startswith(_START_CODES)
