"""A cluster's history in lines of text: raft's own order first, and apart from it what files date."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.document import Cluster, TermRange

_SHOWN = 24  # configurations, and terms: the newest; the report has all


def history_lines(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """(index or range, what happened), not wrapped and not cleaned for a terminal."""
    for event in cluster.membership[-_SHOWN:]:
        forced = f" (forced: {event.forced})" if event.forced else ""
        yield f"{event.index}", f"{event.change}{forced}"
    timeline = cluster.timeline
    if not timeline:
        return
    for band in timeline.terms[-_SHOWN:]:
        yield f"{band.first_index}-{band.last_index}", f"term {band.term}, {_led(cluster, band)}"
    for run in timeline.restarts:
        where = f"{run.first_index}-{run.last_index}"
        yield where, f"{run.segments} segments of one entry each on {run.node}: it was restarted many times in a row"
    for boot in timeline.boots:
        yield "clock", f"{boot.node}'s host was booted at about {boot.time}, by a snapshot's file time and stamp"


def _led(cluster: Cluster, band: TermRange) -> str:
    if not band.leader:
        return band.how or "leader not known"
    names = (node.name for node in cluster.nodes if node.id == band.leader)
    return f"led by {next(names, band.leader)}: {band.how}"
