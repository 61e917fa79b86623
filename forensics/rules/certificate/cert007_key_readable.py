"""CERT007: a private key that every user of the machine can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words

_OTHERS, _GROUP = 0o006, 0o060
_USUAL_GROUPS = ("root", "microk8s", "snap_microk8s", "lxd", "0")


@dataclass(frozen=True, slots=True)
class ReadableByAll:
    """Every user may read the key.

    Attributes:
        file: its name.
        mode: its permissions, octal: `0644`.
    """

    kind: ClassVar[str] = "readable-by-all"
    file: str
    mode: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"every user of the machine can read {self.file} (mode {self.mode})")


@dataclass(frozen=True, slots=True)
class ReadableByGroup:
    """An unusual group may read the key.

    Attributes:
        file: its name.
        mode: its permissions, octal: `0660`.
        group: the group.
    """

    kind: ClassVar[str] = "readable-by-group"
    file: str
    mode: str
    group: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the group {self.group} can read {self.file} (mode {self.mode})",
            ("No product gives its keys to this group.",),
            "Check on the node whether this group needs the key; if not, set the mode to 0600.",
        )


@rule(
    "CERT007",
    "private key that every user can read",
    Severity.LOW,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.KEYS,),
    fires_on=("certificate/readable-key", "certificate/key-of-another-group"),
    silent_on=("healthy/k8sd", "certificate/key-of-microk8s"),
)
def key_readable(node: Node) -> Iterator[Finding]:
    """## What it checks
    The permissions of `.key` files, as the archive or the listing has them: whether every user can read the key, or a
    group to which no product gives its keys.
    ## Why it matters
    Whoever has `cluster.key` is a member of the cluster, and can read and change every object in it.
    ## False alarm if
    The copy did not keep permissions, and shows its own. MicroK8s gives its group access (`-rw-rw---- root microk8s`):
    that is normal, and not reported. A group alone is the milder case.
    ## What to do
    Check the file on the node itself; it should have mode 0600 there. Protect the upload: it contains private keys.
    ## References
    canonical/microk8s microk8s-resources/wrappers/apiservice-kicker (ug+rwX); canonical/lxd shared/cert.go (0600);
    docs/reference/microcluster.md#state-directory; docs/reference/secrets.md#what-is-secret
    """
    for key_file in node.credentials.keys.values():
        file, mode = key_file.file, key_file.file.mode
        if mode is None:
            continue
        if mode & _OTHERS:
            yield Finding(ReadableByAll(file.name, f"{mode:04o}"), (file.at,), where=(file.name,))
        elif mode & _GROUP and (group := _strange_group(file.owner)):
            problem = ReadableByGroup(file.name, f"{mode:04o}", group)
            yield Finding(problem, (file.at,), Severity.INFO, effect=Effect.NONE, where=(file.name,))


def _strange_group(owner: str | None) -> str | None:
    """The group, where it is none that a product gives its keys to; None also where nothing tells it."""
    group = (owner or "").rpartition(":")[2]
    return group if group and group not in _USUAL_GROUPS else None
