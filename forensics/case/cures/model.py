"""The nouns of cures, and what several of them need."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.plan.steps import StepKind


@dataclass(frozen=True, slots=True, eq=False)
class Do:
    """One thing to do. A row of a table: it is the same as itself alone, whatever it says.

    Attributes:
        do: the sentence.
        commands: left out where a value that they name is not known of the product.
        expect, stop: as of a step.
        kind: as of a step.
    """

    do: str
    commands: tuple[str, ...] = ()
    expect: str = ""
    stop: str = ""
    kind: StepKind = StepKind.MEND


@dataclass(frozen=True, slots=True)
class Cure:
    """What removes a cause.

    Attributes:
        steps: in order.
        early: before anything is started.
        saves: files of the state directory are changed: a copy comes first.
        restarts: the service has to start again afterwards; else it is enough to watch.
    """

    steps: tuple[Do, ...]
    early: bool = True
    saves: bool = False
    restarts: bool = True


JOURNAL = "sudo journalctl -u {unit} --no-pager -n 300"
LISTING = "sudo ls -la {directory}"
REMOVE_AND_JOIN = ("{remove}", "{join}")
COLLECT_ALL = Do(
    "Collect the state directories of all members, and read them together: the log alone does not tell who holds what",
    ("sudo tar -czhf $(hostname)-{database}.tar.gz --exclude='*.key' --exclude='*.sock*' {directory}",),
    "Each archive can be read back.",
    kind=StepKind.COLLECT,
)
