"""The tools that collect uploads: one module each, with the table of what it puts where (docs/reference/collectors.md).

`recognise` finds the collections among the files; inventory then places copies and listings into state
directories, and facts/machine/host.py reads the rest.
"""

from __future__ import annotations

from forensics.ingest.collectors import k8s_inspect, loose, microk8s_inspect, own, sos
from forensics.ingest.collectors.api import Collection, Collector, Place, Use
from forensics.ingest.collectors.recognise import is_loose_text, recognise

COLLECTORS: tuple[Collector, ...] = (
    own.COLLECTOR,
    sos.COLLECTOR,
    k8s_inspect.COLLECTOR,
    microk8s_inspect.COLLECTOR,
    loose.COLLECTOR,
)

__all__ = [
    "COLLECTORS",
    "Collection",
    "Collector",
    "Place",
    "Use",
    "is_loose_text",
    "recognise",
    "unit_of_log",
    "wanted_text",
]


def wanted_text(path: str) -> bool:
    """A text that a collector's table names, or that may have been added by hand."""
    return any(collector.wants(path) for collector in COLLECTORS) or is_loose_text(path)


def unit_of_log(path: str) -> str | None:
    """The unit of a log that a collector's table seems to name, which `recognise` decides; None for other files."""
    return next((unit for collector in COLLECTORS if (unit := collector.unit_of_log(path)) is not None), None)
