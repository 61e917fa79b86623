"""Cures of certificates, finding by finding."""

from __future__ import annotations

from forensics.case.cures.model import Cure, Do, Where
from forensics.case.cures.of_machine import MACHINE
from forensics.fault_kind import FaultKind as Kind

_DATES = "sudo openssl x509 -noout -subject -dates -in {certificates}/cluster.crt"
_OWN_DATES = "sudo openssl x509 -noout -subject -dates -in {certificates}/server.crt"
_SIGN_AGAIN = (
    "sudo openssl x509 -in {certificates}/cluster.crt -signkey {certificates}/cluster.key -days 3650 "
    "-out /root/{database}-cluster.crt.new"
)
_SIGN_OWN_AGAIN = (
    "sudo openssl x509 -in {certificates}/server.crt -signkey {certificates}/server.key -days 3650 "
    "-out /root/{database}-server.crt.new"
)
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
            "See first that the clock of {first} is right. Then renew the certificate there, with the key that it has, "
            "and copy it to every other member. Leave the database as it is: nothing is to be recovered",
            ("date", _DATES, _SIGN_AGAIN, "sudo scp /root/{database}-cluster.crt.new root@NODE:/root/"),
            "The new certificate is in date, and lies on every member.",
            "The clock is wrong: set the clock, and renew nothing. Or the product has a command of its own for this: "
            "then use that.",
            where=Where.FIRST,
        ),
        Do(
            "Put the new certificate in the place of the old one on every member, and stop the service there: its next "
            "start reads it",
            (
                "sudo cp -a {certificates}/cluster.crt /root/{database}-cluster.crt.before",
                "sudo cp /root/{database}-cluster.crt.new {certificates}/cluster.crt",
                "{stop}",
            ),
            "cluster.crt is the same file on every member.",
            where=Where.EVERY_NODE,
        ),
    ),
)
_RENEW_OWN = Cure(
    (
        Do(
            "See first that the clock is right. Then renew server.crt of {nodes}, with the server.key of the same "
            "node, and give the new certificate to the other members: they know each member by it. Leave the "
            "database as it is",
            (
                "date",
                _OWN_DATES,
                _SIGN_OWN_AGAIN,
                "sudo cp -a {certificates}/server.crt /root/{database}-server.crt.before",
                "sudo cp /root/{database}-server.crt.new {certificates}/server.crt",
            ),
            "It is in date, and the other members list the same certificate for this node.",
            "The clock is wrong: set the clock, and renew nothing. Or the product has a command of its own for this: "
            "then use that.",
        ),
    ),
)
_COPY_SHARED = Cure(
    (
        Do(
            "Copy cluster.crt and cluster.key to {nodes} from a member that has the renewed ones. Leave the database "
            "as it is: nothing is to be recovered",
            ("date", _DATES, "sudo sha256sum {certificates}/cluster.crt"),
            "cluster.crt is in date, and the same file on every member.",
            "No member has one that is in date: see that the clock is right, and renew it once for all.",
        ),
    ),
)

CERTIFICATES: dict[str, Cure] = {
    "CERT001": _PAIR,
    "CERT002": _PAIR,
    "CERT003": _RENEW,
    "CERT003.own-expired": _RENEW_OWN,
    "CERT003.not-renewed": _COPY_SHARED,
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
                where=Where.EVERY_NODE,
            ),
        ),
    ),
    "CERT010": _PAIR,
    "CERT011": _PAIR,
}
"""By rule, or by rule and kind of finding."""
