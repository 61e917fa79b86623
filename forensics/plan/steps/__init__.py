"""The steps of a recovery, product by product, as text. Nothing is executed.

A product's file names its sources. Where no page of the product says how, the steps say that, and invent nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forensics.plan.steps.canonical_kubernetes import k8s_dqlite, k8sd
from forensics.plan.steps.common import dead_end, export, move_away
from forensics.plan.steps.generic import generic
from forensics.plan.steps.juju import juju
from forensics.plan.steps.k3s import k3s
from forensics.plan.steps.lxd import incus, lxd
from forensics.plan.steps.members import members_text
from forensics.plan.steps.microcluster import microceph, microcloud, microovn, sunbeam
from forensics.plan.steps.microk8s import microk8s
from forensics.plan.steps.model import Member, Situation, Step, StepKind

__all__ = ["KEEPS_MEMBERS", "Member", "Situation", "Step", "StepKind", "members_text", "steps"]

KEEPS_MEMBERS = frozenset({"k8s-dqlite", "k8sd", "lxd", "incus", "microceph", "microovn", "microcloud", "sunbeam"})
"""Their tools neither add nor remove members: who is lost becomes a spare."""

_PREPARATIONS = 2  # stop, back up
_MAKERS: dict[str, Callable[[Situation], list[Step]]] = {
    "incus": incus,
    "juju": juju,
    "k3s": k3s,
    "k8s-dqlite": k8s_dqlite,
    "k8sd": k8sd,
    "lxd": lxd,
    "microceph": microceph,
    "microcloud": microcloud,
    "microk8s": microk8s,
    "microovn": microovn,
    "sunbeam": sunbeam,
}


def steps(database: str, situation: Situation, given_up: Sequence[str] = ()) -> list[Step]:
    """The product's steps; for an unknown application those of go-dqlite itself.

    Args:
        database: the product's word.
        situation: what the steps depend on.
        given_up: nodes that hold what the node to recover from does not: that is written out before.

    Every tool loads the directory before it forces anything. Where that fails, files have to be moved away first; where
    that does not help either, nothing does.
    """
    made = _MAKERS.get(database, generic)(situation)
    prepared, rest = made[:_PREPARATIONS], made[_PREPARATIONS:]
    if given_up:
        prepared.append(export(database, given_up))
    if situation.loads:
        return [*prepared, *rest]
    if situation.proposal is None:
        return [*prepared, dead_end(situation)]
    return [*prepared, move_away(situation, situation.proposal), *rest]
