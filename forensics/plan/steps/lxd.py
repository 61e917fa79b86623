"""LXD and Incus: one procedure, other names.

Sources: canonical/lxd doc/howto/cluster_recover.md, lxd/cluster/recover.go, lxd/main_cluster.go (validateNewConfig), at
the tags: the tarball and the backup by itself came with 5.21.3 and 6.2; before them its page was as Incus' is, where
`edit` is for changed addresses alone, and every lost quorum is for `recover-from-quorum-loss`;
lxc/incus doc/howto/cluster_recover.md, internal/server/cluster/recover.go (no backup); the term of cowsql:
docs/reference/products.md#incus.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.roles import Role
from forensics.plan.steps.common import after, backup, leave_behind, names, start, stop
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import on


@dataclass(frozen=True, slots=True)
class _Names:
    """What the two call things.

    Attributes:
        database: the product's word for it.
        cluster: the command that recovers.
        client: the command that lists the members.
        tarball: that `edit` writes for the other members; empty where no version writes one.
        forced_term: a forced entry has term 1 (canonical/raft); else that of the last entry (cowsql).
        engine: of the database, as its messages call it.
    """

    database: str
    cluster: str
    client: str
    stop: str
    start: str
    directory: str
    tarball: str
    forced_term: bool
    engine: str


_LXD = _Names(
    "lxd", "lxd cluster", "lxc", "sudo snap stop lxd", "sudo snap start lxd",
    "/var/snap/lxd/common/lxd/database", "lxd_recovery_db.tar.gz", True, "dqlite",
)  # fmt: skip
_LXD_PACKAGED = _Names(  # by a distribution, not by snap: the page names its path beside the snap's
    "lxd", "lxd cluster", "lxc",
    "sudo systemctl stop lxd.service lxd.socket", "sudo systemctl start lxd.socket lxd.service",
    "/var/lib/lxd/database", "lxd_recovery_db.tar.gz", True, "dqlite",
)  # fmt: skip
_INCUS = _Names(
    "incus", "incus admin cluster", "incus", "sudo systemctl stop incus.service incus.socket",
    "sudo systemctl start incus.socket incus.service", "/var/lib/incus/database", "", False, "cowsql",
)  # fmt: skip


def lxd(situation: Situation) -> list[Step]:
    """LXD's steps."""
    packaged = "var/lib/lxd/database" in situation.directory
    return _steps(situation, _LXD_PACKAGED if packaged else _LXD, by_edit=edits("lxd", situation))


def incus(situation: Situation) -> list[Step]:
    """Incus' steps."""
    return _steps(situation, _INCUS, by_edit=False)


def edits(database: str, situation: Situation) -> bool:
    """`edit` once, and a tarball; else `recover-from-quorum-loss`: also where `edit` refuses for want of two voters."""
    voters = sum(member.role is Role.VOTER for member in situation.members)
    refused = len(situation.members) > 2 and voters < 2
    return database == "lxd" and _writes_tarball(situation.version) and bool(situation.survivors) and not refused


def _writes_tarball(version: tuple[int, ...] | None) -> bool:
    return version is None or (5, 21, 3) <= version < (6,) or version >= (6, 2)


def _steps(situation: Situation, words: _Names, *, by_edit: bool) -> list[Step]:
    force = [_edit_once(situation, words), _copy(situation, words)] if by_edit else [_alone(situation, words)]
    begin = start(
        situation,
        words.start,
        f"sudo {words.client} cluster list",
        expect="The list is printed, with the lost members as offline.",
        stop=f"`no available {words.engine} leader server found` for more than a minute: stop all nodes, and compare "
        "the directories (`diff`).",
    )
    last = leave_behind(situation, f"sudo {words.client} cluster remove --force NAME")
    return [stop(words.stop), backup(words.database, words.directory), *force, begin, *last]


def _alone(situation: Situation, words: _Names) -> Step:
    made = after(situation) if words.forced_term else "a new segment of one entry, with the last entry's term (cowsql)"
    return Step(
        StepKind.FORCE,
        f"On {situation.node} only: make it the only database member",
        on((situation.node,), f"sudo {words.cluster} recover-from-quorum-loss"),
        f"global/ has {made}. No row is deleted. The other remaining servers stay members; start them after it.",
        "The remaining servers are a majority of the voters: then start them, and nothing is lost. Or the command says "
        "that the server has no database role: its address is not in raft_nodes of local.db. Or only addresses have "
        f"changed: then use `{words.cluster} edit`.",
        (situation.node,),
    )


def _edit_once(situation: Situation, words: _Names) -> Step:
    older = (
        "" if situation.version else " LXD before 5.21.3, and 6.1, write none: use `recover-from-quorum-loss` there."
    )
    return Step(
        StepKind.FORCE,
        f"On {situation.node} only: edit the members",
        on((situation.node,), f"sudo {words.cluster} edit"),
        "Write the members as `plan` gives them: addresses and roles can change; members cannot be added or removed. "
        "Lost members become spares; a spare cannot become a voter. The command makes a backup, "
        "db_backup.<time>.tar.gz beside "
        f"database/, and writes {words.directory}/{words.tarball}; global/ has {after(situation)}.{older}",
        "The command is run on a second member: that makes a second history (canonical/lxd#13524).",
        (situation.node,),
    )


def _copy(situation: Situation, words: _Names) -> Step:
    return Step(
        StepKind.SPREAD,
        f"Copy the tarball to {names(situation)}",
        on((situation.node,), f"sudo scp {words.directory}/{words.tarball} root@NODE:{words.directory}/"),
        "LXD unpacks it at its next start.",
        "A server that is to stay a member did not get it: do not start that server.",
        situation.survivors,
    )
