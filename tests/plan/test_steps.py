"""The products' steps, against what their own pages say (named beside each expectation)."""

from __future__ import annotations

import pytest

from forensics.ingest.products import PRODUCTS
from forensics.parsers.roles import Role
from forensics.plan.steps import Member, Situation, steps

MEMBERS = (Member(1, "10.0.0.1:1", Role.VOTER, "n1"), Member(2, "10.0.0.2:1", Role.VOTER, "n2"))


def commands(database: str, survivors: tuple[str, ...] = ("n2",)) -> str:
    """All commands of a product's plan."""
    situation = Situation("n1", "n1", (2, 340), MEMBERS, survivors)
    return "\n".join(command for step in steps(database, situation) for command in step.commands)


@pytest.mark.parametrize(
    ("database", "survivors", "typed"),
    [
        ("microcloud", ("n2",), "sudo microcloud cluster recover"),  # canonical/microcloud doc/how-to/recover.md
        ("microcloud", ("n2",), "/var/snap/microcloud/common/state/recovery_db.tar.gz"),  # the same
        ("incus", (), "sudo incus admin cluster recover-from-quorum-loss"),  # incus doc/howto/cluster_recover.md
        ("incus", ("n2",), "sudo incus admin cluster recover-from-quorum-loss"),  # the same: edit is for addresses
        ("lxd", (), "sudo lxd cluster recover-from-quorum-loss"),  # lxd doc/howto/cluster_recover.md
        ("lxd", ("n2",), "/var/snap/lxd/common/lxd/database/lxd_recovery_db.tar.gz"),  # lxd/cluster/recover.go
    ],
)
def test_documented(database: str, survivors: tuple[str, ...], typed: str) -> None:
    """The command of the product's own page is there."""
    assert typed in commands(database, survivors)


@pytest.mark.parametrize("database", ["microceph", "microovn", "sunbeam", "juju"])
def test_undocumented_is_said_and_nothing_is_invented(database: str) -> None:
    """MicroCloud's page points to open bugs for MicroOVN and MicroCeph; Juju's has no procedure."""
    situation = Situation("n1", "n1", (2, 340), MEMBERS, ("n2",))
    assert any("No documented recovery" in step.title for step in steps(database, situation))
    assert "recover " not in commands(database)
    assert ".reconfigure" not in commands(database)


@pytest.mark.parametrize("database", [product.database for product in PRODUCTS])
def test_each_backs_up_before_it_forces(database: str) -> None:
    """Stop, back up, then the rest: each with what to expect and when to stop."""
    made = steps(database, Situation("n1", "n1", (2, 340), MEMBERS, ("n2",)))
    assert "tar -czf" in made[1].commands[0]
    assert all(step.expect and step.stop for step in made)


def test_lxd_that_is_no_snap() -> None:
    """LXD's page (doc/howto/cluster_recover.md) names both paths of the tarball."""
    situation = Situation("n1", "n1/var/lib/lxd/database/global", (2, 340), MEMBERS, ("n2",))
    typed = "\n".join(command for step in steps("lxd", situation) for command in step.commands)
    assert "/var/lib/lxd/database/lxd_recovery_db.tar.gz" in typed
    assert "snap" not in typed
