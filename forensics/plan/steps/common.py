"""Steps that every product shares."""

from __future__ import annotations

from forensics.plan.steps.model import Situation, Step


def names(situation: Situation) -> str:
    """The other nodes whose directories are at hand."""
    return ", ".join(situation.survivors) or "every other member that is to stay, if there is one"


def after(situation: Situation) -> str:
    """How a forced configuration looks in the directory (go-dqlite ReconfigureMembershipExt)."""
    term, index = situation.last
    of = "" if term is None else f" of term {term}"
    return f"a new one-entry segment {_next(index)}, term 1, behind entry {index}{of}"


def _next(index: int | None) -> str:
    number = (index or 0) + 1
    return f"{number:016d}-{number:016d}"


def backup(directory: str) -> Step:
    """Before anything is touched."""
    return Step(
        "On every node that is left: copy the whole directory away, before anything else touches it",
        (f"sudo tar -czf dqlite-before-recovery-$(hostname).tar.gz {directory}",),
        "One archive a node, off the machine. Starting a node, and every recovery tool, changes the directory.",
        "An archive cannot be made or read back.",
    )


def stop(command: str) -> Step:
    """Before anything is copied."""
    return Step(
        "On every node: stop the services, and make sure that lost nodes cannot come back",
        (command,),
        "No process holds the directory; on a clean stop `open-*` files are gone.",
        "A member that is believed lost answers: then nothing must be forced while it can run.",
    )
