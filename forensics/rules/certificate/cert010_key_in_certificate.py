"""CERT010: a private key inside a certificate's file, which everyone may read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.parsers.certificates import BESIDE_KEY
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CERT010",
    "private key in a certificate's file",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    effect=Effect.ATTENTION,
    fires_on=("certificate/key-in-certificate",),
    silent_on=("healthy/k8sd",),
)
def key_in_certificate(node: Node) -> Iterator[Finding]:
    """## What it checks
    Certificate files that hold a private key beside their certificate.
    ## Why it matters
    TLS passes over the key, so everything works; but certificates are readable by everyone (0644), are sent around, and
    are in every upload. The key has left the machine already.
    ## False alarm if
    In a file that is meant to hold both, and is readable by its owner only.
    ## What to do
    Make a new pair and put it on all members that share it. Delete the copies of this upload.
    ## References
    golang/go src/crypto/tls/tls.go (X509KeyPair passes over blocks of other types); FACTS 8.1, 11
    """
    for held in node.credentials.certificates.values():
        for anomaly in held.parsed.anomalies if held.parsed else ():
            if anomaly.code == BESIDE_KEY:
                yield Finding(f"{held.file.name}: {anomaly.detail}", (anomaly.at,))
