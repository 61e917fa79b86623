"""An earlier report that was given along with a new upload: what the new evidence answers of it."""

from __future__ import annotations

from enum import StrEnum

from forensics.election.state import State
from forensics.report.document.part import Count, Evidence, Part


class QuestionKind(StrEnum):
    """What was open."""

    NOTHING = "nothing"
    ABSENT = "absent"
    GRADE = "grade"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    NOT_CHECKED = "not-checked"


class Question(Part):
    """Something that the earlier report left open.

    Attributes:
        kind: `nothing` (no state directory had arrived), `absent` (a member without evidence), `grade` (a node's
            evidence was not full), `refused` (a file that was not read), `undecided` (what a node's start comes to),
            `not-checked` (what rules could not tell).
        database: of which database, as the earlier report calls it; null for the case.
        nodes: whom it is about, as the earlier report calls them; a member without evidence by its address.
        code: of `not-checked`, why, stable; else empty.
        rules: of `not-checked`, which rules.
        what: what was open, in words.
        answer: what the new evidence says; null where it is still open.
    """

    kind: QuestionKind
    database: str | None
    nodes: tuple[str, ...] = ()
    code: str = ""
    rules: tuple[str, ...] = ()
    what: str
    answer: str | None = None


class NodeBefore(Part):
    """A node of which the new upload holds nothing: as an earlier report knew it. It is not judged anew.

    Attributes:
        database: as that report calls it.
        name: as that report calls it.
        id: the server's ID, as text.
        address: host and port.
        evidence: how much of it had arrived.
        last_term: of its last entry then.
        last_index: of its last entry then.
        state: what a start came to then; null where that report does not say.
        report: the report that saw it, by the name of its file.
        words: the same in words.
    """

    database: str
    name: str
    id: str | None
    address: str | None
    evidence: Evidence
    last_term: Count | None = None
    last_index: Count | None = None
    state: State | None = None
    report: str
    words: str


class Earlier(Part):
    """The earlier report, and what became of its questions.

    Attributes:
        name: of its file, without the path.
        sha256: of its file.
        related: it is of a cluster of this upload; false where ids show that it is not (then nothing is taken from
            it); null where nothing tells.
        answered: questions that the new evidence answers.
        still_open: those that it does not.
        nodes_seen_before: nodes that only the earlier report saw.
    """

    name: str
    sha256: str
    related: bool | None
    answered: tuple[Question, ...] = ()
    still_open: tuple[Question, ...] = ()
    nodes_seen_before: tuple[NodeBefore, ...] = ()
