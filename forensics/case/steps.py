"""What to do first for one database, in an order that is safe, with the product's own commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.case.answer import Course, DatabaseAnswer, Wanted
from forensics.case.choosing import choose
from forensics.case.moves import given, look_again, rejoin, restore, save, start, stop_and_copy
from forensics.case.repair_steps import repair_steps, return_step
from forensics.case.second_upload import looks_at_both
from forensics.election.elections import held_by
from forensics.election.state import UNSEARCHED, Reason, State
from forensics.fault_kind import FaultKind
from forensics.forecast.losses import Loss
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.canonical_kubernetes import both, recovers_both
from forensics.plan.steps.place import on
from forensics.plan.steps.product_commands import ProductCommands, commands_of
from forensics.wording import entries, joined, listed

_ENDS = frozenset({State.REFUSES, State.LOSES, State.SPLITS})
_NOT_AS_THEY_LIE = UNSEARCHED | {Reason.DEPENDS_ON_MEMORY}  # beside a leader of others
_WITH_LOSSES = frozenset({Reason.DROPS_HELD_ELSEWHERE, Reason.DROPS_UNCOMMITTED, Reason.LOST_METADATA})
_LEFT_TO_THE_PLAN = frozenset({StepKind.STOP, StepKind.COPY, StepKind.LEAVE_BEHIND})


def course_steps(answer: DatabaseAnswer, troubled: Sequence[str], wanted: Sequence[Wanted]) -> list[Step]:
    """The steps of a course; none where nothing has to be done.

    Args:
        answer: what is decided.
        troubled: nodes that a fault of their log, snapshots or membership is about.
        wanted: what did not arrive of this database.
    """
    product = product_of(answer)
    made: Iterator[Step]
    match answer.course:
        case Course.NOTHING:
            made = _careful(answer, troubled, product)
        case Course.MEND:
            made = _mend(answer, product)
        case Course.REJOIN:
            made = _rejoin(answer, troubled, product)
        case Course.CHOOSE:
            made = choose(answer, product)
        case Course.ASK:
            made = _ask(answer, product, wanted)
        case Course.DEAD_END:
            made = _dead_end(answer, product)
        case Course.REPAIR:
            made = _repair(answer, product)
        case Course.RECOVER:
            made = _alone(answer, product) if answer.alone else _recover(answer)
    both = [] if answer.course is Course.ASK else looks_at_both(answer)
    return [*(_twice(step, answer) for step in made), *_of_unknown(answer, wanted), *both]


def _twice(step: Step, answer: DatabaseAnswer) -> Step:
    """With whose first start fails, where some of these are started as they are."""
    anew = {*answer.rebuilt, *(repair.node for repair in answer.repairs if repair.bits)}
    started = {*step.nodes, *step.then} - anew
    names = [one.node for one in answer.states if one.fails_once and one.node in started]
    if step.kind is not StepKind.START or not names:
        return step
    return replace(step, title=f"{step.title}. The first start of {listed(names)} fails: start it again")


def _of_unknown(answer: DatabaseAnswer, wanted: Sequence[Wanted]) -> Iterator[Step]:
    """What would tell of nodes of which nothing can be told, although the others can go on."""
    unknown = set(answer.named(State.UNKNOWN))
    missing = [one for one in wanted if unknown & set(one.nodes)]
    if missing and answer.course is not Course.ASK:
        yield from collects(missing)
        yield look_again()


def product_of(answer: DatabaseAnswer) -> ProductCommands:
    """Its commands, for the place that its directories have in the evidence."""
    path = answer.plan.situation.directory if answer.plan else ""
    return commands_of(answer.database, path)


def _careful(answer: DatabaseAnswer, troubled: Sequence[str], product: ProductCommands) -> Iterator[Step]:
    """All are safe; what some of them drop, or do not have, comes from the others, which are started first."""
    names = [one.node for one in answer.states if one.node in troubled]
    if not names:
        return
    if len(names) == len(answer.states):
        names = [one.node for one in answer.states if one.reason is not Reason.WHOLE] or names
    yield stop_and_copy(names, product)
    first = _enough(answer, names)
    yield start(first, [name for name in dict.fromkeys((*answer.start, *names)) if name not in first], product.start)


def _enough(answer: DatabaseAnswer, troubled: Sequence[str]) -> Sequence[str]:
    """Of those who can be started first: the ones without trouble, else without losses of their own, if they elect."""
    losing = {one.node for one in answer.states if one.reason in _WITH_LOSSES}
    sets = ([name for name in answer.start if name not in out] for out in (troubled, losing))
    return next((names for names in sets if held_by(answer.elections or (), names)), answer.start)


def _rejoin(answer: DatabaseAnswer, troubled: Sequence[str], product: ProductCommands) -> Iterator[Step]:
    """Whoever can be started first; then who gets what it lacks from them; the rest as new members."""
    left = _left(answer)
    whole = [one.node for one in answer.states if one.reason is Reason.WHOLE]
    careful = [name for name in answer.start if name not in whole and name in troubled]
    every = [one.node for one in answer.states]  # somebody may be the last to hold what the others lose
    loses = answer.named(State.LOSES, State.SPLITS)
    yield stop_and_copy(every if loses else sorted({*left, *answer.follow, *careful}), product)
    yield from _mends(answer, (*answer.mendable, *answer.follow))
    yield from _behind(answer, product, left)


def _behind(answer: DatabaseAnswer, product: ProductCommands, left: Sequence[str]) -> Iterator[Step]:
    """The start, and how those come back whom it leaves out: repaired where that can be, else as new members."""
    yield start(answer.start, answer.follow, product.start, stopped=left)
    yield from (return_step(repair, answer.database, product) for repair in answer.later)
    anew = [name for name in left if name not in {repair.node for repair in answer.later}]
    if anew:
        yield rejoin(anew, product, answer.start)


def _mend(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    """Only files of the product are in the way: they are mended, and everybody is started."""
    if any(step.cause is not FaultKind.CERTIFICATE for step in answer.mends):
        yield stop_and_copy(answer.mendable, product)
    yield from _mends(answer, answer.mendable)
    yield start(answer.start, (), product.start)


def _mends(answer: DatabaseAnswer, names: Sequence[str]) -> Iterator[Step]:
    yield from (step for step in answer.mends if set(step.nodes) & set(names))


def _repair(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    """As few files as possible are changed; then the others follow, and nothing is forced."""
    yield stop_and_copy([one.node for one in answer.states], product)
    yield from repair_steps(answer, product)
    yield from _mends(answer, (*answer.start, *answer.follow))
    yield from _behind(answer, product, _left(answer))


def _left(answer: DatabaseAnswer) -> list[str]:
    """Who is neither started first nor follows, and would do harm or nothing with its old state."""
    stay = {*answer.start, *answer.follow}
    return [
        one.node
        for one in answer.states
        if (one.state in _ENDS or one.reason in _NOT_AS_THEY_LIE) and one.node not in stay
    ]


def _recover(answer: DatabaseAnswer) -> Iterator[Step]:
    """The product's own steps, stop and copy as one."""
    if answer.plan is None:
        return
    made = answer.plan.steps
    prepared = [step for step in made if step.kind in (StepKind.STOP, StepKind.COPY)]
    names = [one.node for one in answer.states]
    copied = given(*(command for step in prepared for command in step.commands))
    guests = product_of(answer).stops_guests
    yield save(() if len(names) > 1 else names, copied, guests=guests)
    yield from _mends(answer, (answer.plan.node, *answer.plan.situation.survivors))
    yield from (step for step in made if step.kind not in _LEFT_TO_THE_PLAN)


def _ask(answer: DatabaseAnswer, product: ProductCommands, wanted: Sequence[Wanted]) -> Iterator[Step]:
    if answer.seen:
        yield from looks_at_both(answer)
        if wanted:
            yield from collects(wanted)
            yield look_again(earlier=True)
        return
    yield from answer.mends
    if answer.mends:
        yield start(sorted({name for step in answer.mends for name in step.nodes}), (), product.start)
    yield from collects(wanted)
    if not wanted:
        yield _again(answer, product)
    yield look_again()


def _again(answer: DatabaseAnswer, product: ProductCommands) -> Step:
    """A copy of all that is one moment; whoever did no harm is started again behind it."""
    names = [one.node for one in answer.states]
    harmless = all(one.state is State.SAFE or one.reason is Reason.TORN_COPY for one in answer.states)
    after = "" if harmless else ". Start none of them before it was looked at"
    return Step(
        StepKind.COLLECT,
        f"Copy the state directory of {listed(names)} again, while the service is stopped, and send the archive{after}",
        on(names, *stop_and_copy(names, product).commands, *(product.start if harmless else ())),
        "No file of the directory changes while it is copied.",
        nodes=tuple(names),
        what=("again", *names),
    )


def collects(wanted: Sequence[Wanted]) -> Iterator[Step]:
    """One step for all nodes that the same commands are run on."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in wanted:
        groups.setdefault(one.commands, []).extend(one.nodes)
    for commands, names in groups.items():
        nodes = tuple(dict.fromkeys(names))
        yield Step(
            StepKind.COLLECT,
            f"Collect what did not arrive of {listed(nodes)}: run this there, and send the archive",
            on(nodes, *commands),
            "Every command ends without an error, and the archive is not empty.",
            nodes=nodes,
            what=("missing", *nodes),
        )


def _dead_end(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    names = [one.node for one in answer.states]
    yield stop_and_copy(() if len(names) > 1 else names, product)
    yield restore()


def _alone(answer: DatabaseAnswer, product: ProductCommands) -> Iterator[Step]:
    """The only voter: nothing is to be forced, and nobody else has what it loses."""
    if answer.plan is None or answer.alone is None:
        return
    yield stop_and_copy((answer.alone,), product)
    yield restore()
    yield from _mends(answer, (answer.alone,))
    proposal = answer.plan.situation.proposal
    lost = proposal.lost if proposal else ()
    spans = [_span(one) for one in lost] or [entries(one.first_index, one.last_index) for one in answer.lost]
    away = f"move {listed(proposal.files, limit=None)} out of the directory, and " if proposal else ""
    what = f" of {joined(spans)}" if spans else ""
    yield Step(
        StepKind.ACCEPT_LOSS,
        f"Only if there is no other copy, and the owner of the data accepts the loss{what}: {away}start {answer.alone}",
        on((answer.alone,), *product.start),
        f"{answer.alone} is leader, and what is left of the data is there.",
        nodes=(answer.alone,),
    )


def _span(loss: Loss) -> str:
    return entries(loss.first, loss.last)


def joint_steps(databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """Where k8s-dqlite and k8sd of the same machines both have to be recovered, from one node: one command for both."""
    by_name = {one.database: one for one in databases if one.course is Course.RECOVER and not one.alone}
    one, other = by_name.get("k8s-dqlite"), by_name.get("k8sd")
    if one is None or other is None or one.plan is None or other.plan is None or one.recover_from != other.recover_from:
        return []
    situation, sibling = one.plan.situation, other.plan.situation
    if not (situation.loads and sibling.loads and recovers_both(situation.version)):
        return []
    made = both(situation)
    prepared = [step for step in made if step.kind in (StepKind.STOP, StepKind.COPY)]
    return [
        save((), given(*(command for step in prepared for command in step.commands))),
        *_mends(one, (situation.node, *situation.survivors)),
        *_mends(other, (sibling.node, *sibling.survivors)),
        *(step for plan in (one.plan, other.plan) for step in plan.steps if step.kind is StepKind.EXPORT),
        *(step for step in made if step.kind not in _LEFT_TO_THE_PLAN),
    ]
