"""The recovery plan for a terminal: a function of the document, as every rendering.

It is read at night and from the top: what to do first, what has to be settled, from which node, at what cost, how.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from forensics.report.case_lines import runs_of, values_of
from forensics.report.document import (
    CaseStep,
    CheckState,
    ChoiceLoss,
    ClusterPlan,
    DocumentedChoice,
    Precondition,
    Recovery,
    Step,
)
from forensics.report.view import recovery_head
from forensics.wording import listed

_WIDTH = 110
_COMMANDS = ("lxd-command", "incus-command")
_MARKS = {CheckState.OK: "ok  ", CheckState.LOOK: "look", CheckState.STOP: "STOP"}


def render_plans(plans: Iterable[ClusterPlan]) -> str:
    """What to do first, then every cluster's plan, whole."""
    every = list(plans)
    lines = list(_first(every))
    for cluster in every:
        lines += _cluster(cluster)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _first(plans: Sequence[ClusterPlan]) -> Iterator[str]:
    """One order for all databases: as the report has it."""
    steps = next((plan.first for plan in plans if plan.first), ())
    if not steps:
        return
    yield "What to do first"
    for number, step in enumerate(steps, 1):
        yield from _step(number, step.do, step)
    yield ""


def _cluster(cluster: ClusterPlan) -> Iterator[str]:
    plan = cluster.recovery
    yield f"{cluster.name}: {cluster.product}"
    if cluster.assumed_lost:
        yield f"  as if lost for good: {', '.join(one.node or one.address for one in cluster.assumed_lost)}"
    if plan is None:
        yield from _wrapped(
            "No log and no snapshot is at hand, so it cannot be told which node to recover from. Force nothing; "
            "collect the state directories of all nodes first (`analyze` has the commands). A listing of each "
            "(`ls -la`) is enough to rank them.",
            "  ",
        )
        return
    if plan.instead:
        yield ""
        yield from _wrapped(plan.instead, "  ")
    yield ""
    for check in _of_state(plan, CheckState.STOP):
        yield from _wrapped(f"{_MARKS[CheckState.STOP]}  {check.what}", "  ", "        ")
    yield f"  {recovery_head(plan).upper()} {plan.node}"
    yield from _wrapped(f"{plan.reach}.", "  ")  # a line of STOP has what stands against it
    yield ""
    yield from _ranking(plan)
    yield from _documented_choice(plan)
    yield from _costs(plan)
    yield ""
    yield "  Before you begin"
    for state in (CheckState.LOOK, CheckState.OK):
        for check in _of_state(plan, state):
            yield from _wrapped(f"{_MARKS[state]}  {check.what}", "    ", "          ")
    yield from _members(plan)
    yield ""
    yield "  Steps (nothing here was executed)"
    for number, step in enumerate(plan.steps, 1):
        yield from _step(number, step.title, step)


def _of_state(plan: Recovery, state: CheckState) -> Iterator[Precondition]:
    return (check for check in plan.checks if check.state is state)


def _ranking(plan: Recovery) -> Iterator[str]:
    yield f"  {'rank':6}{'node':24}{'last term':>10}{'last index':>12}  role"
    for row in plan.ranking:
        term, index = ("-" if value is None else value for value in (row.last_term, row.last_index))
        yield f"  {row.rank:<6}{row.node:24}{term:>10}{index:>12}  {row.role or '-'}"
        if row.obstacle:
            words = "STOP, above" if row.node == plan.node else row.obstacle
            yield from _wrapped(f"({words})", "        ")


def _documented_choice(plan: Recovery) -> Iterator[str]:
    """The loud part: the page's pick, and what it would cost."""
    official = plan.official
    if not official.trap:
        return
    lacking = {loss.node for loss in plan.losses if loss.first_index is not None or not loss.compared}
    others = [name for name in official.nodes if name in lacking]
    yield ""
    yield f"  !! {_picked(official, others, plan.node)}"
    yield from _wrapped(
        f"By the highest end of a closed segment's name, {official.highest_closed_end}, that is "
        f"{listed(official.nodes)}: so says {official.source}. That rule knows neither terms nor open "
        "segments nor snapshots. Do not follow it here:",
        "     ",
    )
    for words in _grouped(loss for loss in plan.losses if loss.node in others):
        yield from _wrapped(words, "     ")


def _picked(official: DocumentedChoice, others: list[str], node: str | None) -> str:
    """What the rule does wrong: it picks only others, or cannot tell them from the best."""
    by_command = official.source_kind in _COMMANDS
    teller = "THE TOOL'S BANNER" if by_command else "THE OFFICIAL PAGES"
    if len(others) < len(official.nodes):
        return f"{teller} {'DOES' if by_command else 'DO'} NOT TELL {', '.join(others)} FROM {node}"
    return f"{teller} {'POINTS TO' if by_command else 'PICK'} ANOTHER NODE"


def _costs(plan: Recovery) -> Iterator[str]:
    told = plan.official.nodes if plan.official.trap else []
    losses = [loss for loss in plan.losses if loss.node not in told]
    if len(plan.ranking) == 1 or (told and not losses and not plan.own_loss):
        return
    yield ""
    yield f"  What each {'other ' if told else ''}choice costs"
    for words in _grouped(losses):
        yield from _wrapped(words, "    ")
    for loss in plan.own_loss:
        yield from _wrapped(f"{plan.node} gives up what {loss.of} holds: {_whole(loss)}", "    ")
    if not losses and not plan.own_loss:
        yield "    every candidate holds the same"


def _grouped(losses: Iterable[ChoiceLoss]) -> Iterator[str]:
    """Each loss once, with all the nodes that have it."""
    groups: dict[tuple[object, ...], list[ChoiceLoss]] = {}
    for loss in losses:
        groups.setdefault(_same(loss), []).append(loss)
    for same in groups.values():
        names = ", ".join(loss.node for loss in same)
        yield f"{names} {'lacks' if len(same) == 1 else 'lack'} {_whole(same[0])}"


def _same(loss: ChoiceLoss) -> tuple[object, ...]:
    """What two nodes lose is the same where these are."""
    what = (loss.of, loss.first_index, loss.last_index, loss.committed_up_to)
    return *what, loss.last_written_by, loss.compared, loss.at_most, loss.where


def _whole(loss: ChoiceLoss) -> str:
    amount = f"{loss.amount}; {loss.where}" if loss.where else loss.amount
    return f"{amount}: {loss.wrote}" if loss.wrote else amount


def _members(plan: Recovery) -> Iterator[str]:
    """As the product's tool takes them; left out where it takes none."""
    lines = plan.cluster_yaml.splitlines()
    if not lines and plan.members:
        return
    yield ""
    yield "  The members afterwards"
    yield from (f"    {line}" for line in lines or ["not known: no raft configuration is at hand"])


def _step(number: int, title: str, step: Step | CaseStep) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{number}. {title}", "    ", "       ")
    for where, commands in runs_of(step):
        yield from _wrapped(where, "         ")
        for command in commands:
            yield f"           {command}"
    yield from _wrapped(values_of(step), "         ")
    if step.expect:
        yield from _wrapped(f"expect: {step.expect}", "       ", "         ")
    if step.stop:
        yield from _wrapped(f"stop if: {step.stop}", "       ", "         ")


def _wrapped(text: str, indent: str, following: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent if following is None else following,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
