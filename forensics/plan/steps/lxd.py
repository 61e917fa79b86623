"""LXD and Incus: one procedure, other names.

Sources: canonical/lxd doc/howto/cluster_recover.md, lxd/cluster/recover.go, lxd/main_cluster.go; lxc/incus
doc/howto/cluster_recover.md (linuxcontainers.org/incus/docs/main/howto/cluster_recover); the term of cowsql: FACTS 9.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.plan.steps.common import after, backup, names, stop
from forensics.plan.steps.model import Situation, Step


@dataclass(frozen=True, slots=True)
class _Names:
    """What the two call things.

    Attributes:
        cluster: the command that recovers.
        client: the command that lists the members.
        tarball: that `edit` writes for the other members; empty where its pages name none.
        forced_term: a forced entry has term 1 (canonical/raft), or the last entry's (cowsql).
    """

    cluster: str
    client: str
    stop: str
    start: str
    directory: str
    tarball: str
    forced_term: bool


_LXD = _Names(
    "lxd cluster", "lxc", "sudo snap stop lxd", "sudo snap start lxd",
    "/var/snap/lxd/common/lxd/database", "lxd_recovery_db.tar.gz", True,
)  # fmt: skip
_INCUS = _Names(
    "incus admin cluster", "incus", "sudo systemctl stop incus.service incus.socket", "sudo systemctl start incus",
    "/var/lib/incus/database", "", False,
)  # fmt: skip


def lxd(situation: Situation) -> list[Step]:
    """LXD's steps."""
    return _steps(situation, _LXD)


def incus(situation: Situation) -> list[Step]:
    """Incus' steps."""
    return _steps(situation, _INCUS)


def _steps(situation: Situation, words: _Names) -> list[Step]:
    if not situation.survivors:
        force = [_alone(situation, words)]
    elif words.tarball:
        force = [_edit_once(situation, words), _copy(situation, words)]
    else:
        force = [_edit_everywhere(words)]
    start = Step(
        f"Start {situation.node}, then the others",
        (words.start, f"sudo {words.client} cluster list"),
        "The database answers; members that are lost show as offline and can be removed with --force.",
        "`no available dqlite leader server found` (`cowsql` for Incus) for more than a minute.",
    )
    return [stop(words.stop), backup(words.directory), *force, start]


def _alone(situation: Situation, words: _Names) -> Step:
    made = after(situation) if words.forced_term else "a new one-entry segment, of the last entry's term (cowsql)"
    return Step(
        f"On {situation.node}, the only database member that is left: make it the only member",
        (f"sudo {words.cluster} recover-from-quorum-loss",),
        f"It backs the database up by itself; in global/ {made}. No row is deleted.",
        f"Another database member may come back: then `{words.cluster} edit` is the way.",
    )


def _edit_once(situation: Situation, words: _Names) -> Step:
    return Step(
        f"On {situation.node}, and on no other: edit the members",
        (f"sudo {words.cluster} edit",),
        "Addresses and roles can be changed, members neither added nor removed; lost members become spare. It "
        f"writes {words.directory}/{words.tarball}. Its line `Latest dqlite segment ID` knows neither terms nor open "
        "segments: do not choose by it.",
        "It is run on a second member: that makes a second history (canonical/lxd#13524).",
    )


def _copy(situation: Situation, words: _Names) -> Step:
    return Step(
        f"Copy the tarball to {names(situation)}",
        (f"sudo scp {words.directory}/{words.tarball} NODE:{words.directory}/",),
        "It is unpacked at the next start.",
        "A member that is to be kept did not get it: do not start it.",
    )


def _edit_everywhere(words: _Names) -> Step:
    """The page of Incus: the same edit on every member, with no tarball to carry the database over."""
    return Step(
        "On every member that is left: make the same edit",
        (f"sudo {words.cluster} edit",),
        "Addresses and roles can be changed, members neither added nor removed; lost members become spare. The page "
        "describes this for changed addresses, each member keeping its own log.",
        "The logs of the members differ (ranking above): an edit puts its entry behind whatever the log ends with, and "
        "makes a second history. The page has no step for that: keep the backups, and ask the Incus maintainers.",
    )
