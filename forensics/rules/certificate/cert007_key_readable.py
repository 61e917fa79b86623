"""CERT007: a private key that every user of the machine can read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_OTHERS, _GROUP = 0o006, 0o060
_USUAL_GROUPS = ("root", "microk8s", "snap_microk8s", "lxd", "0")


@rule(
    "CERT007",
    "private key readable by everyone",
    Severity.LOW,
    scope=Node,
    needs=(Needs.KEYS,),
    fires_on=("certificate/readable-key", "certificate/key-of-another-group"),
    silent_on=("healthy/k8sd", "certificate/key-of-microk8s"),
)
def key_readable(node: Node) -> Iterator[Finding]:
    """## What it checks
    The permissions of `.key` files, as the archive or listing carries them: for everyone (low), and for a group that no
    product gives its keys to (info).
    ## Why it matters
    Who has `cluster.key` is a member of the cluster: every object in it can be read and changed.
    ## False alarm if
    A copy that was made without keeping permissions shows those of the copy. MicroK8s gives its group access
    (`-rw-rw---- root microk8s`): normal.
    ## What to do
    Check the file on the node itself; 0600 there. Handle the upload as what it is: a set of keys.
    ## References
    canonical/microk8s microk8s-resources/wrappers/apiservice-kicker (ug+rwX); canonical/lxd shared/cert.go (0600);
    FACTS 8.1, 11
    """
    for key_file in node.credentials.keys.values():
        file, mode = key_file.file, key_file.file.mode
        if mode is None:
            continue
        if mode & _OTHERS:
            yield Finding(f"{file.name} has mode {mode:04o}", (file.at,))
        elif mode & _GROUP and (group := _strange_group(file.owner)):
            message = f"{file.name} has mode {mode:04o}, and its group is {group}"
            yield Finding(message, (file.at,), Severity.INFO, effect=Effect.NONE)


def _strange_group(owner: str | None) -> str | None:
    """The group, where it is none that a product gives its keys to; None also where nothing tells it."""
    group = (owner or "").rpartition(":")[2]
    return group if group and group not in _USUAL_GROUPS else None
