"""The recovery plan: from which node, why, at what cost, and how. Nothing of it is executed."""

from __future__ import annotations

from forensics.case.answer import Course
from forensics.plan.steps import StepKind
from forensics.report.document.case import CaseStep
from forensics.report.document.history import Written
from forensics.report.document.part import CheckState, Count, Part
from forensics.report.document.runs import Run, Value


class Candidate(Part):
    """A node that could be recovered from.

    Attributes:
        rank: 1 is the best; equal candidates share a rank.
        node: its name.
        last_term: of its last entry.
        last_index: of its last entry.
        role: in the newest configuration.
        obstacle: why it cannot be recovered from as it is.
        obstacle_kind: the same, stable; null also in a report of version 1.
    """

    rank: Count
    node: str
    last_term: Count | None
    last_index: Count | None
    role: str | None = None
    obstacle: str | None = None
    obstacle_kind: str | None = None


class DocumentedChoice(Part):
    """What the products' own pages pick: the highest end of a closed segment's name.

    Attributes:
        highest_closed_end: that index.
        nodes: that have it.
        trap: following it loses something.
        source: who says so.
        source_kind: the same, stable; null in a report of version 1.
    """

    highest_closed_end: Count | None = None
    nodes: tuple[str, ...] = ()
    trap: bool = False
    source: str = ""
    source_kind: str | None = None


class IndexSpan(Part):
    """Entries in a row.

    Attributes:
        first_index: the first of them.
        last_index: the last of them.
    """

    first_index: Count
    last_index: Count


class ChoiceLoss(Part):
    """What recovering from one node loses of what another one holds.

    Attributes:
        node: recovered from.
        of: who holds what is lost.
        first_index: first entry that is lost; null where none is.
        last_index: last entry that is lost.
        committed_up_to: the last of them that provably is committed.
        written: what they wrote.
        last_written_by: when the last of them had been written, ISO 8601, by a file's time.
        compared: by content; else the names of files alone tell how far each goes.
        at_most: some of them may be in files of the node whose content did not arrive.
        entries: how many they are: not all from the first to the last need to be lost.
        intact_on: the nodes on which all of them can still be read.
        past_damage_on: those of these nodes whose next start does not read them: they lie past damage.
        nowhere: what of them can be read on no node that arrived.
        amount: how much is lost, in words.
        wrote: what that had written, in words; null where nobody looked.
        where: where they can still be read, in words, where that is not just on the other node.
        words: all of it in words.
    """

    node: str
    of: str = ""
    first_index: Count | None
    last_index: Count | None
    committed_up_to: Count | None = None
    written: Written = Written()
    last_written_by: str | None = None
    compared: bool = True
    at_most: bool = False
    entries: Count = 0
    intact_on: tuple[str, ...] = ()
    past_damage_on: tuple[str, ...] = ()
    nowhere: tuple[IndexSpan, ...] = ()
    amount: str = ""
    wrote: str | None = None
    where: str = ""
    words: str


class Precondition(Part):
    """Something to settle or to look at before.

    Attributes:
        state: `ok`, `look` (cannot be told from here), `stop` (go no further before it is settled).
        kind: what was found, stable; empty in a report of version 1.
        nodes: whom it is about.
        names: files, addresses or databases that it is about.
        index: of an entry.
        what: what was found, in words.
    """

    state: CheckState
    kind: str = ""
    nodes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    index: Count | None = None
    what: str


class PlannedMember(Part):
    """A member of the configuration that is forced.

    Attributes:
        id: 64 bits, as text.
        address: host and port.
        role: its role.
        node: its name, where its directory is at hand.
    """

    id: str | None = None
    address: str = ""
    role: str = ""
    node: str | None = None


class Step(Part):
    """One step of the plan.

    Attributes:
        kind: what it does, stable; null in an older report.
        title: what to do.
        commands: all that is typed, wherever.
        runs: the same, with where it is typed; empty in reports that know no places.
        values: what to put in the place of the words in capitals.
        expect: what must be seen then.
        stop: when to stop.
    """

    kind: StepKind | None = None
    title: str
    commands: tuple[str, ...]
    runs: tuple[Run, ...] = ()
    values: tuple[Value, ...] = ()
    expect: str | None
    stop: str | None


class Recovery(Part):
    """The plan of one database.

    Attributes:
        node: to recover from, if it must be; the first by name of the best.
        why: in words.
        reach: how far it goes, in words, without what stands against it.
        ranking: all candidates, best first.
        may_lead: who can be elected leader among the directories at hand, if nothing is forced.
        undecided: who may hold more than is known, in files whose content did not arrive.
        start_first: starting the members is enough, where the machines can run.
        start_advice: whether that is safe, stable; null in a report of version 1.
        instead: that, in words, or why it is not safe.
        official: what the products' pages pick.
        losses: what each other choice loses.
        own_loss: what this choice gives up.
        checks: what to settle or to look at before.
        members: the configuration that is forced.
        cluster_yaml: the same as the product's tool takes it; empty where it takes no list.
        left_behind: who must not be started with the directory that it has: nodes by name, lost members by address.
        steps: the product's.
        course: what the database needs, as the case has decided it; null in an older report.
    """

    node: str | None
    why: str | None
    reach: str = ""
    ranking: tuple[Candidate, ...]
    may_lead: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    start_first: bool = False
    start_advice: str | None = None
    instead: str | None = None
    official: DocumentedChoice = DocumentedChoice()
    losses: tuple[ChoiceLoss, ...] = ()
    own_loss: tuple[ChoiceLoss, ...] = ()
    checks: tuple[Precondition, ...] = ()
    members: tuple[PlannedMember, ...] = ()
    cluster_yaml: str = ""
    left_behind: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    course: Course | None = None


class ClusterPlan(Part):
    """What `plan --format json` prints of one database.

    Attributes:
        database: the word that findings and commands use.
        name: the same, with the founder where the input holds several clusters of it.
        product: for people.
        recovery: the plan; null where no log and no snapshot is at hand.
        assumed_lost: members that the user takes for lost for good.
        first: what to do first, in one order for all databases of the upload.
    """

    database: str
    name: str
    product: str
    recovery: Recovery | None
    assumed_lost: tuple[PlannedMember, ...] = ()
    first: tuple[CaseStep, ...] = ()
