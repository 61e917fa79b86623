"""Cures of single findings, where a kind of fault has several. `{nodes}` is where; the rest as in the other tables."""

from __future__ import annotations

from forensics.case.cures.model import JOIN, JOURNAL, LISTING, REMOVE_AND_JOIN, Cure, Do, End, Where
from forensics.case.cures.of_certificates import CERTIFICATES
from forensics.case.cures.of_logs import LOGS
from forensics.case.cures.of_several import JOIN_AGAIN, STEP_BY_STEP, STILL_LISTED, TRUST
from forensics.plan.steps import StepKind

FINDINGS: dict[str, Cure] = {
    "CLU005": Cure(
        (
            Do(
                "Decide whether {nodes} is a cluster of its own on purpose. If not, write out what it holds before it "
                "is given up",
                ("dqlite-forensics extract UPLOAD -o data",),
                "It is known to which cluster each node belongs.",
                kind=StepKind.DECIDE,
                where=Where.UPLOAD,
            ),
            Do(
                "Start the members of the right cluster; {nodes} stays stopped",
                ("{begin}", "{status}"),
                "There is a leader within a minute.",
                kind=StepKind.START,
            ),
            Do(
                "Move the state of {nodes} away, and join it to the right cluster",
                JOIN,
                "The member list shows every node.",
                kind=StepKind.REJOIN,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU006": Cure(
        (
            Do(
                "Keep {nodes} stopped, and find out whose directory it is: they have one ID, and only one of them may "
                "ever run",
                ("{status}", "ip -brief address"),
                "It is known which machine the members call by this ID.",
                "No machine has the member's address: ask who copied the directory, and start neither.",
                StepKind.DECIDE,
            ),
            Do(
                "Start the node that has this ID by right, as it is. On the other one: if only info.yaml is wrong, put "
                "its own back; if the directory is a copy, move it away, and join that node as itself",
                REMOVE_AND_JOIN,
                "Every ID is in use once.",
                "It is not sure which of them is the copy: then move neither away. There is no leader: start the other "
                "members first.",
                StepKind.REJOIN,
                where=Where.PERHAPS,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU008": Cure(
        (
            Do(
                "Never start {nodes} with its old state again: it is no member. If it should be one, move the state "
                "away and join it as a new member",
                JOIN,
                "The member list shows it as a new member, or its service is disabled.",
                kind=StepKind.LEAVE_BEHIND,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "CLU016": Cure(
        (
            Do(
                "Find out how the directory of another database came to {nodes}, and put each one where it belongs",
                (LISTING,),
                "Each directory has the database of its product.",
                "The right directory is nowhere: take it from a backup, or let the node join again.",
            ),
        ),
        saves=True,
    ),
    "CTL001": Cure(
        (
            Do(
                "Move init.yaml of {nodes} out of the state directory: beside existing state it stops every start",
                ("sudo mv {directory}/init.yaml /root/",),
                "init.yaml is gone from the directory, and info.yaml is still there.",
                "The node was meant to be a new one: then move the old state away instead, and keep init.yaml.",
            ),
        ),
        saves=True,
    ),
    "CTL003": Cure(
        (
            Do(
                "Find out who wrote update.yaml on {nodes}. If its address is not wanted, move it away",
                (LISTING,),
                "The file is gone, or its address is the one that the machine has.",
                kind=StepKind.DECIDE,
            ),
        ),
        saves=True,
    ),
    "CTL004": Cure(
        (
            Do(
                "Correct tuning.yaml of {nodes}: numbers, by the names that k8s-dqlite reads, or move it away",
                ("sudo cat {directory}/tuning.yaml",),
                "The next start takes every value as it stands there.",
            ),
        ),
        early=False,
    ),
    "CTL006": JOIN_AGAIN,
    "CTL021": JOIN_AGAIN,
    "DB003": Cure(
        (
            Do(
                "Take {nodes} out of the cluster, and join it again as a new member: its snapshot has other data than "
                "the log leads to",
                REMOVE_AND_JOIN,
                "It gets its database from the leader.",
                "It is the leader, or the only node: let another one be elected first, or restore a backup.",
                StepKind.REJOIN,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    "LEFT020.pending-patch": Cure(
        (
            Do(
                "Read patch.global.sql on {nodes}: the next start runs it on the database of the whole cluster. Move "
                "it away unless it is wanted",
                ("sudo cat {directory}/patch.global.sql",),
                "It is known what the file changes, or it is gone.",
                kind=StepKind.DECIDE,
            ),
        ),
        saves=True,
    ),
    "MBR001": Cure(
        (
            Do(
                "Ask whether the members exist that nothing is heard of, and take out those that do not, on a node "
                "that runs",
                ("{members}", "{remove}"),
                "The member list has living members only.",
                "There is no leader: first start enough voters.",
            ),
        ),
        early=False,
        end=End.WATCH,
        asks_members=True,
    ),
    "MBR005": STILL_LISTED,
    "MCL002": TRUST,
    "MCL022": Cure(
        (
            Do(
                "See why the member is silent that no longer answers heartbeats, and start its service",
                (JOURNAL,),
                "Its service runs, and its journal has no new errors.",
                "It is gone for good: take it out of the cluster, on a node that runs.",
            ),
        ),
        end=End.WATCH,
    ),
    "MCL025": TRUST,
    "MCL026": Cure(
        (
            Do(
                "Rename recovery_db to database on {nodes}, and move recovery_db.tar.gz away: the last step of a "
                "recovery is missing",
                ("sudo mv {directory}/recovery_db {directory}/database",),
                "database/ is there, and daemon.yaml has the address of its info.yaml.",
                "database/ is there already, and was only left out of the copy: then change nothing.",
            ),
        ),
        saves=True,
    ),
    "SHP006": STEP_BY_STEP,
    "SHP012": TRUST,
}
"""By rule, or by rule and kind of finding."""

BY_FINDING = CERTIFICATES | LOGS | FINDINGS
"""Of all rules whose cure is not that of their kind of fault."""
