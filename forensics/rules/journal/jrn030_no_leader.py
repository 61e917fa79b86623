"""JRN030: no leader: the members cannot form a majority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.parsers.journal_line import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_LEADER
from forensics.rules.log_lines import Cause, Milder, findings_of, log_rule


def _of_the_cluster(line: JournalLine) -> JournalLine:
    """Whom it was that answered so does not matter: no member knows a leader."""
    return replace(line, named={name: value for name, value in line.named.items() if name != "member"})


CAUSE = Cause(
    {
        "no-leader": "no leader could be found",
        "leader-awaited": "Juju's controllers and its dqlite cluster do not agree yet: the node waits for a leader",
        **kinds(Kind.NO_LEADER, Kind.NO_QUORUM),
    },
    milder={
        "leader-awaited": Milder(
            Severity.LOW,
            "Wait: entering HA takes a while. If it goes on, collect from every controller the state directory and the "
            "log, and count the voters that run.",
        )
    },
    transient=True,
    ended_by=A_LEADER,
    refine=_of_the_cluster,
)


@log_rule(
    "JRN030",
    "no leader: the members cannot form a majority",
    Severity.HIGH,
    fault=FaultKind.NO_LEADER,
    effect=Effect.BROKEN,
    consequence=True,
    fires_on=("journal/no-leader",),
)
def no_leader(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `no available dqlite leader server found`, `no known leader`, and the products' words for it. Juju's
    `unable to reconcile …` alone is `low`.
    ## Why it matters
    A client asked every address that it knows, and no node is leader. Causes, in the order to check them: fewer
    voters run than a majority of those in the configuration, where dead members count, too; the newest
    configuration has no voter; addresses or host names changed, so that members connect to nobody; certificates
    expired, or differ; a member was added and never came up; the process crashed, or is still loading.
    ## False alarm if
    Nodes were restarting: every start logs such lines until a leader is elected. Where the same service says
    afterwards that it has a leader or is up, or logs other things for more than 15 minutes and this no more, the
    finding is `info`.
    ## What to do
    Collect from every node: info.yaml, cluster.yaml, `ls -la` of the state directory, and the log. Count the voters
    that can run. If a majority is gone for good, recover on one node, the one with the highest last term and then
    the highest index, and give its directory to the others.
    ## References
    https://github.com/canonical/lxd/issues/6119; https://github.com/canonical/microk8s/issues/2898;
    docs/reference/raft.md#what-must-hold
    """
    return findings_of(case, CAUSE)
