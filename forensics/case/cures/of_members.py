"""Cures of who is a member. `{nodes}` is where; the other names are values of ProductCommands."""

from __future__ import annotations

from forensics.case.cures.model import LISTING, REMOVE_AND_JOIN, Cure, Do, End, Where
from forensics.fault_kind import FaultKind as Kind
from forensics.plan.steps import StepKind

MEMBERS: dict[Kind, Cure] = {
    Kind.IDENTITY_FILES: Cure(
        (
            Do(
                "Put {identity} of {nodes} back: from a backup, or with the ID and address that the other members know",
                (LISTING,),
                "ID and address are those of the member list.",
                "The ID is not known for certain: never invent one.",
            ),
        ),
        saves=True,
    ),
    Kind.IDENTITY: Cure(
        (
            Do(
                "Compare ID and address of {nodes} with the list of members, and find out whose directory it is",
                ("{status}", LISTING),
                "It is known whether the directory belongs to this member. If it does, the node can be started.",
                kind=StepKind.DECIDE,
            ),
            Do(
                "If it does not: take that member out of the cluster, move the directory away, and join again",
                REMOVE_AND_JOIN,
                "The member list shows it once, with one address.",
                "There is no leader: start the other members first.",
                StepKind.REJOIN,
                where=Where.PERHAPS,
            ),
        ),
        saves=True,
        end=End.WATCH,
    ),
    Kind.ADDRESS: Cure(
        (
            Do(
                "The other members know {nodes} at another address. Give the machine that address, or a name that "
                "leads to it, and write it into {identity}",
                ("ip -brief address",),
                "The machine and these files have the address that the other members know.",
                "The old address is gone for good: one recovery has to change the addresses of all members, as "
                "`dqlite-forensics plan UPLOAD` writes it.",
            ),
        ),
        saves=True,
    ),
    Kind.CERTIFICATE: Cure(
        (
            Do(
                "Find out which certificate of {nodes} is refused, and put a fitting pair in its place: cluster.crt "
                "and cluster.key as the other members have them, server.crt and server.key of the node itself",
                ("sudo openssl x509 -noout -subject -dates -ext subjectAltName -in {certificates}/cluster.crt",),
                "Certificate and key belong together, are in date, and are those of the other members.",
            ),
        ),
    ),
    Kind.MEMBER_RECORDS: Cure(
        (
            Do(
                "Compare the lists of members, and correct those that are wrong. Who is gone for good is taken out "
                "with the product's command, not by deleting a line in a file",
                ("{members}",),
                "Every list names the same members, with the same addresses.",
                "There is no leader: first start enough members.",
                if_gone=("{remove}",),
            ),
        ),
        early=False,
        end=End.WATCH,
        asks_members=True,
    ),
    Kind.ROLES: Cure(
        (
            Do(
                "See which members are alive, and why the others are not: the database needs a majority of its "
                "voters, and three voters to lose one",
                ("{status}",),
                "A majority of the voters runs, and it is known why the others do not.",
                "A member is down: collect its state directory, and look at it before it is started.",
            ),
            Do(
                "Take members that no longer exist out of the cluster, and join new ones until there are three voters",
                REMOVE_AND_JOIN,
                "The member list shows three voters.",
                "Only one voter is left: never take that one out.",
                StepKind.REJOIN,
                where=Where.PERHAPS,
            ),
        ),
        early=False,
        end=End.WATCH,
        asks_members=True,
    ),
    Kind.CONTROL_FILES: Cure(
        (
            Do(
                "Move the file that the next start of {nodes} would act on out of the state directory (init.yaml, "
                "join, update.yaml or tuning.yaml), unless it is wanted",
                (LISTING,),
                "The file is gone from the directory, and kept elsewhere.",
                "The node was meant to be a new one: then move the old state away instead, and keep the file.",
            ),
        ),
        saves=True,
    ),
}
