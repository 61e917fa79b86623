"""Why a start stops at a recovery tarball that lies beside a database: microcluster, LXD and Incus unpack it first.

Sources: canonical/microcluster internal/recover/recover.go (MaybeUnpackRecoveryTarball); canonical/lxd
lxd/cluster/recover.go; docs/reference/microcluster.md#state-directory; docs/reference/products.md#lxd.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Tarball, Trouble, read_tarball
from forensics.ingest.state_directory import StateFile

MICROCLUSTER_TARBALL, LXD_TARBALL = "recovery_db.tar.gz", "lxd_recovery_db.tar.gz"
GLOBAL_PATCH = "patch.global.sql"
_LXD_MEMBER_LIST = "raft_nodes.yaml"


class Refusal(Enum):
    """Why a start stops at a recovery tarball."""

    NOT_AN_ARCHIVE = "not-an-archive"
    BROKEN = "broken"
    CUT = "cut"
    UNSAFE_NAME = "unsafe-name"
    NO_MEMBER_LIST = "no-member-list"
    NOT_A_MEMBER = "not-a-member"
    MEMBERS_MISSING = "members-missing"
    NOT_TRUSTED = "not-trusted"
    NO_DATABASE = "no-database"
    PATCH_BESIDE = "patch-beside"


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal.

    Attributes:
        names: what the reason is about: members, an id, a file, a code of the archive's reader; empty where nothing.
    """

    reason: Refusal
    names: tuple[str, ...] = ()


_BY_TROUBLE = {
    Trouble.NOT_AN_ARCHIVE: Refusal.NOT_AN_ARCHIVE,
    Trouble.BROKEN: Refusal.BROKEN,
    Trouble.CUT: Refusal.CUT,
}


def tarball_of(node: Node) -> StateFile | None:
    """The tarball that the next start of the node's product unpacks; an LXD that is in no cluster leaves it alone."""
    if node.state.product.database in ("lxd", "incus"):
        alone = node.local is not None and node.local.cluster_address is None
        return None if alone else node.state.file(LXD_TARBALL)
    return node.state.file(MICROCLUSTER_TARBALL) if node.state.in_microcluster else None


def refusal_of(node: Node) -> Refused | None:
    """Why the next start stops at the node's tarball; None where there is none, it is taken, or that is not known."""
    file = tarball_of(node)
    if file is None:
        return None
    tarball = read_tarball(file)
    if file.name == LXD_TARBALL:
        return refused_by_lxd(node, tarball)
    return None if tarball is None else refused_by_microcluster(node, tarball)


def is_taken(node: Node) -> bool:
    """The next start replaces the node's database; also where the tarball is known by name alone."""
    file = tarball_of(node)
    if file is None or refusal_of(node) is not None:
        return False
    tarball = read_tarball(file)
    return tarball is None or (tarball.members is not None and tarball.members.value is not None)


def unpacking_refused(tarball: Tarball) -> Refused | None:
    """It cannot be unpacked."""
    if tarball.trouble is None:
        return None
    return Refused(_BY_TROUBLE[tarball.trouble], (tarball.trouble_code,) if tarball.trouble_code else ())


def refused_by_microcluster(node: Node, tarball: Tarball) -> Refused | None:
    """In the order in which the daemon meets it."""
    if refused := unpacking_refused(tarball):
        return refused
    if any(".." in name for name in tarball.names):
        return Refused(Refusal.UNSAFE_NAME)
    members = tarball.members.value if tarball.members else None
    if members is None:
        return None
    if node.id is not None and all(member.id != node.id for member in members):
        return Refused(Refusal.NOT_A_MEMBER, (str(node.id),))
    trusted = _trusted(node)
    strangers = tuple(sorted(str(member.name) for member in members if member.name not in trusted))
    if trusted and strangers:
        return Refused(Refusal.NOT_TRUSTED, strangers)
    return None if tarball.has_raft else Refused(Refusal.NO_DATABASE)


def refused_by_lxd(node: Node, tarball: Tarball | None) -> Refused | None:
    """In the order in which LXD meets it; of a tarball that is known by name alone, by what lies beside it."""
    refused = None if tarball is None else _of_lxd_content(node, tarball)
    patched = node.state.file(GLOBAL_PATCH) is not None
    return Refused(Refusal.PATCH_BESIDE, (GLOBAL_PATCH,)) if refused is None and patched else refused


def _of_lxd_content(node: Node, tarball: Tarball) -> Refused | None:
    if refused := unpacking_refused(tarball):
        return refused
    if tarball.members is None or tarball.members.value is None:
        return Refused(Refusal.NO_MEMBER_LIST, (_LXD_MEMBER_LIST,))
    in_tarball = {(member.id, member.name) for member in tarball.members.value}
    known = node.local.nodes if node.local else ()
    missing = tuple(local.name or str(local.id) for local in known if (local.id, local.name) not in in_tarball)
    if missing:
        return Refused(Refusal.MEMBERS_MISSING, missing)
    return None if tarball.has_raft else Refused(Refusal.NO_DATABASE)


def _trusted(node: Node) -> set[str | None]:
    """Names in the truststore; none where not all of its entries can be read."""
    entries = node.microcluster.entries() if node.microcluster else []
    whole = node.microcluster is not None and len(entries) == len(node.microcluster.truststore)
    return {entry.name for entry in entries} if whole else set()
