"""For whom `repair` writes a directory: what a report can say beside a fault."""

from __future__ import annotations

from forensics.case.answer import Course, DatabaseAnswer
from forensics.facts.cluster.cluster import Cluster
from forensics.repair.choice import Choices, Refused
from forensics.repair.log import Wish
from forensics.repair.start import would_start

_ASKED = frozenset({Course.REPAIR, Course.RECOVER, Course.DEAD_END, Course.ASK})


def repairable(cluster: Cluster, answer: DatabaseAnswer) -> tuple[str, ...]:
    """Nodes by name, with the members as they are; whose result would start with everything that is promised."""
    if answer.course not in _ASKED:
        return ()
    choices = Choices(cluster, answer)
    found = ((node.name, choices.of(node.name, Wish())) for node in cluster.originals())
    return tuple(name for name, made in found if not isinstance(made, Refused) and would_start(made))
