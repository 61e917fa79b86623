"""MicroCloud; and the microcluster products that ship no recovery command.

Sources: canonical/microcloud doc/how-to/recover.md and cmd/microcloud/cluster_members.go; canonical/microcluster
internal/recover/recover.go. MicroCloud's page names none for the others, but lp:2072377 (MicroOVN) and
canonical/microceph#380; neither `microovn cluster` nor `microceph cluster` has the subcommand in the sources read.
"""

from __future__ import annotations

from forensics.plan.steps.common import after, backup, leave_behind, names, spread, start, stop
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import on
from forensics.plan.steps.undocumented import undocumented

_STATE = "/var/snap/microcloud/common/state"


def microcloud(situation: Situation) -> list[Step]:
    """MicroCloud's steps; its LXD, MicroCeph and MicroOVN have databases of their own."""
    return [
        stop("sudo snap stop microcloud"),
        backup("microcloud", _STATE),
        Step(
            StepKind.FORCE,
            f"On {situation.node} only: force the new configuration",
            on((situation.node,), "sudo microcloud cluster recover"),
            "Write the members in the editor as `plan` gives them: lost members get the role spare; names, IDs and the "
            f"number of members stay. The command makes a backup, {_STATE}/db_backup.<time>.tar.gz, and writes "
            f"{_STATE}/recovery_db.tar.gz; database/ has {after(situation)}.",
            "The command says that the daemon is running, or it contacts a member (then that one is not stopped). Or a "
            "member is not in the editor: the command matches truststore and cluster.yaml by address, and drops what "
            "differs.",
            (situation.node,),
        ),
        *spread(
            situation,
            f"Copy the tarball to {names(situation)}",
            on((situation.node,), f"sudo scp {_STATE}/recovery_db.tar.gz root@NODE:{_STATE}/"),
            "The daemon unpacks it at its next start.",
            "A node that is to stay a member did not get it: do not start that node.",
        ),
        start(
            situation,
            "sudo snap start microcloud",
            "sudo microcloud cluster list",
            expect="Once a majority of the voters runs, the list is printed; recovery_db.tar.gz is gone.",
            stop="There is no leader, or the tarball is still there: stop all nodes, put db_backup back as `database`, "
            "and compare the directories (`diff`).",
        ),
        *leave_behind(situation, "sudo microcloud remove NAME --force"),
    ]


def microceph(situation: Situation) -> list[Step]:
    """None documented."""
    return undocumented(
        situation, "microceph", "MicroCeph", "sudo snap stop microceph", "/var/snap/microceph/common/state",
        "`microceph cluster` has no recover command (canonical/microceph#380). Ceph's own data is not in it.",
    )  # fmt: skip


def microovn(situation: Situation) -> list[Step]:
    """None documented."""
    return undocumented(
        situation, "microovn", "MicroOVN", "sudo snap stop microovn", "/var/snap/microovn/common/state",
        "`microovn cluster` has no recover command (lp:2072377). OVN's own databases are not in this one.",
    )  # fmt: skip


def sunbeam(situation: Situation) -> list[Step]:
    """None documented."""
    return undocumented(
        situation, "sunbeam", "Sunbeam", "sudo snap stop openstack", "/var/snap/openstack/common/state",
        "Its clusterd is a microcluster application; whether it has a recovery command of its own is not known here.",
    )  # fmt: skip
