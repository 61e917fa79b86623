"""CERT007: a private key that every user of the machine can read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_OTHERS_READ = 0o004


@rule(
    "CERT007",
    "private key readable by everyone",
    Severity.LOW,
    scope=Node,
    needs=(Needs.KEYS,),
    fires_on=("certificate/readable-key",),
    silent_on=("healthy/k8sd",),
)
def key_readable(node: Node) -> Iterator[Finding]:
    """## What it checks
    The permissions of `.key` files, as the archive or listing carries them.
    ## Why it matters
    Who has `cluster.key` is a member of the cluster: every object in it can be read and changed.
    ## When it is wrong
    A copy that was made without keeping permissions shows those of the copy. MicroK8s gives its group access: normal.
    ## What to do
    Check the file on the node itself; 0600 there. Handle the upload as what it is: a set of keys.
    ## References
    FACTS 8.1, 11
    """
    for key_file in node.credentials.keys.values():
        mode = key_file.file.mode
        if mode is not None and mode & _OTHERS_READ:
            yield Finding(f"{key_file.file.name} has mode {mode:04o}", (key_file.file.at,))
