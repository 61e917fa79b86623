"""SHP008: nothing was written for long before the upload was collected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from forensics.facts.node.file_statistics import last_write
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_SILENT_SECONDS = 24 * 3600.0


@rule(
    "SHP008",
    "nothing was written for long before the upload was collected",
    Severity.INFO,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NONE,
    fires_on=("shape/stopped-early",),
    silent_on=("shape/healthy-listing",),
)
def stopped_early(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The time of the newest raft file against the time of collection.
    ## Why it matters
    A running datastore writes every few seconds (Kubernetes renews leases). Older files say since when it has stood
    still: look into the journal at that moment.
    ## False alarm if
    LXD and microcluster write seldom; an idle cluster may be quiet for hours. Copies may carry the time of the
    copy.
    ## What to do
    Look at the journal around the time of the last write.
    ## References
    https://github.com/canonical/microk8s/issues/2667; FACTS 10.6
    """
    file = last_write(node)
    collected = node.state.collection.collected if node.state.collection else None
    if file is None or file.mtime is None or not file.mtime_year or collected is None:
        yield NotChecked("the time of collection, or that of the last write, is not known")
        return
    silent = collected - file.mtime
    if silent > _SILENT_SECONDS:
        moment = datetime.fromtimestamp(file.mtime, UTC).strftime("%Y-%m-%d %H:%M")
        yield Finding(
            f"the last write was on {moment} ({file.name}), {_span(silent)} before the collection", (file.at,)
        )


def _span(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
