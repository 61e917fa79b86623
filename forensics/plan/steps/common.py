"""Steps that every product shares."""

from __future__ import annotations

from forensics.plan.steps.model import Situation, Step

_NO_LEADER = "No leader, or a node ends with an error: stop all, and compare the directories again (`diff`)."
_NAMED = 6  # of those left behind; a cluster may have lost many


def names(situation: Situation) -> str:
    """The other nodes whose directories are at hand."""
    return ", ".join(situation.survivors) or "every other member that is to stay, if there is one"


def after(situation: Situation) -> str:
    """How a forced configuration looks in the directory (go-dqlite ReconfigureMembershipExt)."""
    if situation.goes_on:
        return "a new one-entry segment, term 1, behind the last entry of the open segments, which are closed then"
    term, index = situation.last
    if index is None:
        return "a new one-entry segment of term 1, behind the last entry"
    of = "" if term is None else f" of term {term}"
    return f"a new one-entry segment {_next(index)}, term 1, behind entry {index}{of}"


def _next(index: int) -> str:
    number = index + 1
    return f"{number:016d}-{number:016d}"


def backup(directory: str) -> Step:
    """Before anything is touched."""
    return Step(
        "On every node that is left: copy the whole directory away, before anything else touches it",
        (f"sudo tar -czf dqlite-before-recovery-$(hostname).tar.gz {directory}",),
        "One archive a node, off the machine, kept as secret as the data in it. Starting a node, and every recovery "
        "tool, changes the directory.",
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


def mend(situation: Situation) -> Step:
    """Before a tool can load a directory that does not load."""
    return Step(
        f"On {situation.node}: put aside what it stumbles over, outside of the directory",
        (),
        f"By the forecast, {situation.mend}. `forecast --assume-removed FILE` tries other choices on the upload.",
        "A committed entry would be lost that way (ranking and losses above): look for another directory first.",
    )


def dead_end(situation: Situation) -> Step:
    """No directory loads, and nothing that could be put aside helps."""
    return Step(
        f"Go no further: {situation.node} got furthest, and no tool can load its directory",
        (),
        "What helps now is another copy: a backup, a member that nobody has looked at, a disk that can still be read.",
        "Somebody wants to force a configuration all the same: it fails, and changes the directory.",
    )


def spread(situation: Situation, title: str, commands: tuple[str, ...], expect: str, stop: str) -> list[Step]:
    """How the others get what was recovered; nothing where there are no others."""
    return [Step(title, commands, expect, stop)] if situation.spreads else []


def start(situation: Situation, *commands: str, expect: str, stop: str = _NO_LEADER) -> Step:
    """The recovered node first."""
    others = ", then the others" if situation.spreads else ""
    return Step(f"Start {situation.node}{others}", commands, expect, stop)


def leave_behind(situation: Situation, *commands: str) -> list[Step]:
    """Last: those who still believe in the old members. None where everybody stays."""
    if not situation.left:
        return []
    more = len(situation.left) - _NAMED
    who = ", ".join(situation.left[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return [
        Step(
            f"Never start {who} with the old directory again; remove the member, wipe the machine's state, join anew",
            commands,
            "They are gone from the list of members, and come back as new ones.",
            "One of them was started: stop it. Old directories elect each other, or take a vote in the old "
            "configuration, and make a second history.",
        )
    ]
