"""Steps that every product shares."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.forecast.proposals import Proposal
from forensics.forecast.words import proposal_sentence
from forensics.plan.steps.model import Situation, Step, StepKind
from forensics.plan.steps.place import Runs, on, running, with_upload
from forensics.wording import listed

_NO_LEADER = "There is no leader, or a node ends with an error: stop all nodes, and compare the directories (`diff`)."
_NAMED = 6  # of those that must not be started; a cluster may have lost many


def names(situation: Situation) -> str:
    """The other nodes whose directories are at hand."""
    return ", ".join(situation.survivors) or "every other member that is to stay, if there is one"


def after(situation: Situation) -> str:
    """How a forced configuration looks in the directory (go-dqlite ReconfigureMembershipExt)."""
    if situation.goes_on:
        return "a new segment of one entry, term 1, behind the last entry of the open segments, which are then closed"
    term, index = situation.last
    if index is None:
        return "a new segment of one entry, term 1, behind the last entry"
    of = "" if term is None else f" of term {term}"
    return f"a new segment of one entry, {_next(index)}, term 1, behind entry {index}{of}"


def _next(index: int) -> str:
    number = index + 1
    return f"{number:016d}-{number:016d}"


def put_in_place(raft: str, repaired: str) -> tuple[str, ...]:
    """Commands: another directory in the place of the state directory, which is kept; owner, modes and keys are its."""
    place = raft or "DIRECTORY"
    old = f"{place}.before"
    return (
        f"sudo mv {place} {old}",
        f"sudo cp -r {repaired} {place}",
        f"sudo find {old} -maxdepth 1 -name '*.key' -exec cp -p {{}} {place}/ ';'",
        f"sudo chown -R --reference={old} {place}",
        f"sudo chmod --reference={old} {place}",
        f"sudo sh -c 'cd {old}; for f in *; do test ! -f {place}/$f || chmod --reference=$f {place}/$f; done'",
    )


def copy_command(database: str, directory: str) -> str:
    """Makes an archive of one directory, named after machine and database."""
    return f"sudo tar -czf $(hostname)-{database}-before-repair.tar.gz {directory}"


def backup(database: str, directory: str) -> Step:
    """Before anything is touched; of an unknown application's directory nobody knows where it is."""
    return Step(
        StepKind.COPY,
        "On every remaining node: copy the whole directory to another place, before anything else touches it",
        on((), copy_command(database, directory)) if directory else (),
        "One archive for each node, stored on another machine, kept as secret as the data in it. Starting a node "
        "changes the directory, and so does every recovery tool.",
        "An archive cannot be made, or cannot be read back.",
    )


def stop(*commands: str) -> Step:
    """Before anything is copied."""
    return Step(
        StepKind.STOP,
        "On every node: stop the services, and make sure that lost nodes cannot come back",
        on((), *commands),
        "No process uses the directory. After a clean stop there are no `open-*` files.",
        "A member that was believed lost answers: then force nothing while it can run.",
    )


def export(database: str, nodes: Sequence[str], title: str = "") -> Step:
    """What is given up, as files: with this tool, on the upload."""
    of = f"--database {database} " if database in ("k8s-dqlite", "k8sd") else ""
    alone = f"Write out what {listed(nodes)} {'holds' if len(nodes) == 1 else 'hold'} before it is given up"
    return Step(
        StepKind.EXPORT,
        title or alone,
        with_upload(*(f"dqlite-forensics extract UPLOAD --node {name} {of}-o data-of-{name}" for name in nodes)),
        "The owner of the data has the files.",
        "Nobody knows yet what is in them: give nothing up.",
        tuple(nodes),
        what=(bool(title), *nodes),
    )


def move_away(situation: Situation, proposal: Proposal) -> Step:
    """Before a tool can load a directory that does not load."""
    return Step(
        StepKind.MOVE_AWAY,
        f"On {situation.node}: move {listed(proposal.files, limit=None)} to a place outside of the directory",
        (),
        f"By the forecast, {proposal_sentence(proposal)}. `forecast --assume-removed FILE` tries other choices on the "
        "upload.",
        "A committed entry would be lost that way (see ranking and losses above): look for another directory first.",
        (situation.node,),
    )


def dead_end(situation: Situation) -> Step:
    """No directory loads, and nothing that could be moved away helps."""
    return Step(
        StepKind.DEAD_END,
        f"Go no further: {situation.node} has the newest log, and no tool can load its directory",
        (),
        "What helps now is another copy: a backup, a member that nobody has looked at, a disk that can still be read.",
        "Somebody still wants to force a configuration: that fails, and changes the directory.",
        (situation.node,),
    )


def spread(situation: Situation, title: str, runs: Runs, expect: str, stop: str) -> list[Step]:
    """How the others get what was recovered; nothing where there are no others."""
    return [Step(StepKind.SPREAD, title, runs, expect, stop, situation.survivors)] if situation.spreads else []


def start(situation: Situation, *commands: str, expect: str, stop: str = _NO_LEADER) -> Step:
    """The recovered node first."""
    others = ", then the others" if situation.spreads else ""
    title = f"Start {situation.node}{others}"
    runs = (*on((situation.node,), *commands), *(on(situation.survivors, *commands) if situation.spreads else ()))
    return Step(StepKind.START, title, runs, expect, stop, (situation.node,), situation.survivors)


def leave_behind(situation: Situation, *commands: str) -> list[Step]:
    """Last: those who have the old configuration. None where everybody stays."""
    if not situation.never_start:
        return []
    who = listed(situation.never_start, _NAMED)
    return [
        Step(
            StepKind.LEAVE_BEHIND,
            f"Never start {who} with the old data again: remove the member, delete the machine's state, join it again",
            running(*commands),
            "They are gone from the list of members, and come back as new ones.",
            "One of them was started: stop it. Nodes with old data elect each other, or vote in the old "
            "configuration, and make a second history.",
        )
    ]
