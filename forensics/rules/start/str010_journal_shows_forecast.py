"""STR010: the journal shows the error of the forecast."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import Node
from forensics.forecast.of_node import NodeForecast, forecast_of
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_SHOWN = 5
_START_CODES = ("segment-", "snapshot-", "gap-", "log-behind", "metadata", "start-failed")


@rule(
    "STR010",
    "journal shows the error of the forecast",
    Severity.INFO,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("start/journal-agrees",),
    silent_on=("healthy/killed-111",),
)
def journal_shows_forecast(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines of the journals that carry the text with which the forecast says the node's start fails.
    ## Why it matters
    This is the error that the customer saw: these files, as they are, cause it, and nothing has changed since. Where
    the journal carries another error of a start, the files were changed since, or another version runs.
    ## False alarm if
    A short text may stand in a journal for another file's sake; the finding quotes it.
    ## What to do
    Work on the cause that STR001 and the rules about the named file tell.
    ## References
    FACTS 2.1, 2.6
    """
    failing = [(node, made) for node in case.nodes() if isinstance(made := forecast_of(node), NodeForecast)]
    failing = [(node, made) for node, made in failing if made.said.message]
    if not failing:
        return
    for node, made in failing:
        yield from _match(case, node, made)


def _match(case: Case, node: Node, made: NodeForecast) -> Iterator[Finding | NotChecked]:
    host = case.host_of(node)
    journals = host.journals if host else []
    if not journals:
        yield NotChecked(f"no journal of {node.name}")
        return
    lines = [line for journal in journals for line in journal.lines]
    same = [line for line in lines if made.said.message and made.said.message in line.text]
    if same:
        when = f", last at {same[-1].time}" if same[-1].time else ""
        times = f"{len(same)} lines" if len(same) > 1 else "one line"
        yield Finding(
            f"this is the error that the journal shows ({times}{when}): “{made.said.message}”",
            tuple(line.at for line in same[:_SHOWN]),
            nodes=(node.name,),
        )
        return
    others = [line for line in lines if _is_of_a_start(line)]
    if others:
        yield Finding(
            f"the journal shows another error of a start than the forecast (“{made.said.message}”): "
            "the files were changed since, or another version runs",
            tuple(line.at for line in others[-_SHOWN:]),
            nodes=(node.name,),
        )


def _is_of_a_start(line: JournalLine) -> bool:
    return line.code.startswith(_START_CODES)
