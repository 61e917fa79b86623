"""Cures of single findings, where a kind of fault has several. `{nodes}` is where; the rest as in the other tables."""

from __future__ import annotations

from forensics.case.cures.model import LISTING, REMOVE_AND_JOIN, Cure, Do
from forensics.case.cures.of_machine import MACHINE
from forensics.fault_kind import FaultKind as Kind
from forensics.plan.steps import StepKind

_DATES = "sudo openssl x509 -noout -subject -dates -in {certificates}/cluster.crt"
_PAIR = Cure(
    (
        Do(
            "Put certificate and key of {nodes} back as a pair: cluster.crt and cluster.key from a healthy member, "
            "server.crt and server.key from a backup of the node itself",
            ("sudo openssl x509 -noout -pubkey -in {certificates}/cluster.crt | sha256sum",),
            "The public key of the certificate is that of the key (openssl pkey -pubout).",
        ),
    ),
)
_RENEW = Cure(
    (
        Do(
            "Renew the expired certificates, on every member that has them, by the product's own way. Leave the "
            "database as it is: nothing is to be recovered",
            (_DATES,),
            "Every certificate is in date, and all members have the same cluster.crt.",
            "The clock of the machine is wrong: set the clock, and renew nothing.",
        ),
    ),
)
_JOIN_AGAIN = Cure(
    (
        Do(
            "See on a member that runs whether {nodes} was added there, and take it out if so",
            ("{status}", "{remove}"),
            "The member list does not show it.",
            "It is a member, and has been one for long: then its state is needed, so look for the missing files.",
            StepKind.DECIDE,
        ),
        Do(
            "Move the unfinished state of {nodes} away, and join it again",
            ("{join}",),
            "The member list shows it.",
            kind=StepKind.REJOIN,
        ),
    ),
    saves=True,
    restarts=False,
)
_TRUST = Cure(
    (
        Do(
            "Put the truststore of {nodes} back: its files from a member whose truststore is whole. Move away what is "
            "empty, or no entry of it",
            ("sudo ls -la {directory}/truststore",),
            "truststore/ has one file for each member, and no other file.",
        ),
    ),
    saves=True,
)
_STEP_BY_STEP = Cure(
    (
        Do(
            "Go back to the release that last worked here, and upgrade through the releases in between: the database "
            "is older than what this release reads",
            ("snap list {snap}", "snap info {snap}"),
            "The service starts with the release in between.",
            "No such release can be had: ask the product's support.",
        ),
    ),
    saves=True,
)

BY_FINDING: dict[str, Cure] = {
    "CERT001": _PAIR,
    "CERT002": _PAIR,
    "CERT003": _RENEW,
    "CERT003.not-yet-valid": MACHINE[Kind.CLOCK],
    "CERT004": Cure(
        (
            Do(
                "Copy cluster.crt and cluster.key to {nodes} from a member of the majority: all members share one pair",
                ("sudo sha256sum {certificates}/cluster.crt",),
                "cluster.crt is the same file on every member.",
                "No certificate is held by a majority: find out which one was made last.",
            ),
        ),
    ),
    "CERT005": Cure(
        (
            Do(
                "Make a new pair whose certificate has a DNS name, and put it on every member",
                ("sudo openssl x509 -noout -ext subjectAltName -in {certificates}/cluster.crt",),
                "The certificate has a DNS name, and all members have the same one.",
            ),
        ),
    ),
    "CERT010": _PAIR,
    "CERT011": _PAIR,
    "CLU005": Cure(
        (
            Do(
                "Decide whether {nodes} is a cluster of its own on purpose. If not, write out what it holds before it "
                "is given up",
                ("dqlite-forensics extract UPLOAD -o data",),
                "It is known to which cluster each node belongs.",
                kind=StepKind.DECIDE,
            ),
            Do(
                "Move the state of the node that is in the wrong cluster away, and join it to the right one",
                ("{join}",),
                "The member list shows every node.",
                kind=StepKind.REJOIN,
            ),
        ),
        saves=True,
        restarts=False,
    ),
    "CLU006": Cure(
        (
            Do(
                "Keep {nodes} stopped, and find out whose directory it is: they have one ID, and only one of them may "
                "ever run",
                ("{status}", "ip -brief address"),
                "It is known which machine the members call by this ID. That one can be started.",
                kind=StepKind.DECIDE,
            ),
            Do(
                "Move the directory away where it is a copy, and join that node as itself",
                REMOVE_AND_JOIN,
                "Every ID is in use once.",
                kind=StepKind.REJOIN,
            ),
        ),
        saves=True,
        restarts=False,
    ),
    "CLU008": Cure(
        (
            Do(
                "Never start {nodes} with its old state again: it is no member. If it should be one, move the state "
                "away and join it as a new member",
                ("{join}",),
                "The member list shows it as a new member, or its service is disabled.",
                kind=StepKind.LEAVE_BEHIND,
            ),
        ),
        saves=True,
        restarts=False,
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
    "CTL006": _JOIN_AGAIN,
    "CTL021": _JOIN_AGAIN,
    "JRN009": Cure(
        (
            Do(
                "Bring {nodes} to a release whose dqlite has no such limit, and find out what fills the database",
                ("snap list {snap}", "sudo snap refresh {snap}", "sudo du -sh {directory}"),
                "Writes succeed again.",
            ),
        ),
        saves=True,
    ),
    "JRN014": _STEP_BY_STEP,
    "JRN025": _STEP_BY_STEP,
    "JRN033": _TRUST,
    "JRN044": _JOIN_AGAIN,
    "MBR001": Cure(
        (
            Do(
                "Ask whether the members exist that nothing is heard of, and take out those that do not, on a node "
                "that runs",
                ("{status}", "{remove}"),
                "The member list has living members only.",
                "There is no leader: first start enough voters.",
            ),
        ),
        early=False,
        restarts=False,
    ),
    "MCL002": _TRUST,
    "MCL025": _TRUST,
    "SHP006": _STEP_BY_STEP,
    "SHP012": _TRUST,
}
"""By rule, or by rule and kind of finding."""
