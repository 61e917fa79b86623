"""Logs that were not searched to their end: what would be told of them may stand behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.budget import of_run
from forensics.facts.machine.host import Host
from forensics.ingest.files import Refusal


def unsearched_logs(hosts: Iterable[Host]) -> Iterator[Refusal]:
    """One for each, by the limit of the run that was met."""
    for host in hosts:
        for journal in host.journals:
            if journal.ended_by is not None:
                why = f"{of_run().why(journal.ended_by)}; the rest of this log is not searched"
                yield Refusal(journal.path, journal.ended_by, why)
