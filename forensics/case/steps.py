"""What to do first for one database, in an order that is safe, with the product's own commands."""

from __future__ import annotations

from forensics.case.answer import Course
from forensics.case.mending import mended
from forensics.election.state import State
from forensics.election.states import ClusterStates
from forensics.facts.cluster.cluster import Cluster
from forensics.plan.plan import Plan
from forensics.plan.steps import Step
from forensics.plan.steps.product_commands import ProductCommands, commands_of
from forensics.wording import listed


def course_steps(cluster: Cluster, course: Course, states: ClusterStates, plan: Plan | None) -> tuple[Step, ...]:
    """Two to five steps; none where nothing has to be done."""
    commands = commands_of(cluster.product.database)
    if course is Course.MEND:
        return (*mended(cluster, commands, states.mendable), _start(commands, states))
    if course is Course.REJOIN:
        return _rejoin(cluster, commands, states)
    if course is Course.RECOVER and plan is not None:
        return (*mended(cluster, commands, (plan.node,)), *plan.steps)
    if course is Course.ASK:
        return mended(cluster, commands, states.named(State.REFUSES))
    if course is Course.CHOOSE:
        return _choose(commands, states, plan)
    if course is Course.DEAD_END:
        return _keep(commands, states)
    return ()


def _start(commands: ProductCommands, states: ClusterStates) -> Step:
    """The safe nodes, and those that are once what their product lacks was mended."""
    return Step(
        f"Start {listed(sorted({*states.named(State.SAFE), *states.mendable}))}, and wait for a leader. Force nothing",
        commands.start,
        "There is a leader within a minute.",
        "There is no leader: stop, and collect the journals.",
    )


def _rejoin(cluster: Cluster, commands: ProductCommands, states: ClusterStates) -> tuple[Step, ...]:
    """The safe nodes first; the others only once these have a leader."""
    away = states.named(State.REFUSES, State.LOSES, State.SPLITS)
    others = listed(name for name in away if name not in states.mendable)
    return (
        Step(
            f"Do not start {others}. Stop the service there, and copy the directory to another machine",
            _given(commands.stop, _copy(commands)),
            "The copy can be read back.",
        ),
        *mended(cluster, commands, states.mendable),
        _start(commands, states),
        Step(
            f"Take {others} out of the cluster, delete the old state there, and join it again as a new member",
            _given(commands.remove, commands.join),
            "The member list shows it again, and its log grows.",
        ),
    )


def _choose(commands: ProductCommands, states: ClusterStates, plan: Plan | None) -> tuple[Step, ...]:
    sides = listed(states.named(State.SPLITS))
    return (
        Step(f"Stop {sides} now, and keep them stopped", _given(commands.stop), "No client writes any more."),
        Step(
            "Copy every node's directory to another machine before anything else",
            _given(_copy(commands)),
            "The copies can be read back.",
        ),
        Step(
            "Decide with the owner of the data which history goes on. Export what the other one wrote first",
            (f"dqlite-forensics plan UPLOAD  # what each side wrote, {sides}",) if plan else (),
            "Somebody has decided, and has the other side's rows.",
            "Nobody has decided: start nothing.",
        ),
    )


def _keep(commands: ProductCommands, states: ClusterStates) -> tuple[Step, ...]:
    names = listed(one.node for one in states.states)
    return (
        Step(
            f"Start nothing. Copy the directories of {names} to another machine",
            _given(commands.stop, _copy(commands)),
            "The copies can be read back.",
        ),
        Step("Look for another copy: a backup, a member that nobody has looked at, a disk that can still be read"),
    )


def _copy(commands: ProductCommands) -> str:
    return f"sudo tar -czf dqlite-before-repair-$(hostname).tar.gz {commands.directory}"


def _given(*commands: str) -> tuple[str, ...]:
    return tuple(command for command in commands if command)
