"""What a rule is, and the only module that a rule imports of the engine.

A rule is one function in one file: it takes a subject (a Node, a Cluster, or the Case) and yields findings. Its
docstring, under fixed headings, is the catalogue page and the text of the report.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.severity import Answer, Effect, Severity
from forensics.wording import Words

__all__ = [
    "HEADINGS",
    "Answer",
    "Check",
    "Effect",
    "Finding",
    "Needs",
    "NotChecked",
    "Problem",
    "Rule",
    "Severity",
    "Subject",
    "rule",
    "sections",
]

Subject = Node | Cluster | Case
Check = Callable[..., Iterator["Finding | NotChecked"]]

HEADINGS = ("What it checks", "Why it matters", "False alarm if", "What to do", "References")


class Needs(Enum):
    """Evidence that a rule cannot do without. Values are what the report says is missing."""

    NAMES = "the names of all raft files (a cut listing or input is not enough)"
    SOME_NAMES = "the names of raft files, at least some"
    SEGMENTS = "the content of segments"
    SNAPSHOTS = "the content of snapshots"
    METADATA = "the content of metadata1 or metadata2"
    INFO = "info.yaml"
    CLUSTER = "cluster.yaml"
    CONFIGURATION = "a raft configuration"
    SEVERAL_NODES = "more than one node of the cluster"
    CERTIFICATES = "certificate files"
    KEYS = "private key files (compared through their public halves only)"
    DATABASES = "databases that can be rebuilt: a usable snapshot, or the log from index 1"
    MICROCLUSTER = "the microcluster state directory around the database"


class Problem(Protocol):
    """What is wrong, as data: a frozen dataclass of a rule, whose fields are the values that its words are made from.

    Fields are numbers, texts, enums, times in UTC, None, tuples, mappings, and dataclasses of these: they go into
    report.json as `values`, but for those that `repr` leaves out. Ids of servers are texts, for they are larger than a
    JSON number safely holds.
    """

    @property
    def kind(self) -> str:
        """What is wrong, without where: stable, kebab-case, unique in the rule. Mostly a class variable."""
        ...

    def words(self, severity: Severity) -> Words:
        """What is said of it at this severity: the one place where this finding's sentences are made."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (or, at `info`, worth knowing), here.

    Attributes:
        problem: what is wrong, as data.
        evidence: where it shows, most telling first; never empty.
        where: what tells this finding from others of its kind on the same nodes (a file's name, an index, an address),
            so that its key is the same in a later report. Never a count, never a sentence.
        severity: where it differs from the rule's own.
        nodes: where it differs from the subject's.
        effect: what it means for the cluster, where that differs from the rule's own.
        database: which it is about, where the rule's subject is the whole case and does not tell.
    """

    problem: Problem
    evidence: tuple[Span, ...]
    severity: Severity | None = None
    nodes: tuple[str, ...] = ()
    effect: Effect | None = None
    where: tuple[str | int, ...] = ()
    database: str = ""

    def __post_init__(self) -> None:
        """A finding that shows nothing is a bug of its rule."""
        if not self.evidence:
            raise ValueError("a finding needs evidence")


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The rule could not tell, and why.

    Attributes:
        reason: for people: one clause, made from values here and taken apart nowhere.
        code: why, stable and kebab-case. Answers are grouped by it and by `nodes`: one code has one reason, but for
            what it says of the nodes.
        nodes: of which nodes, where not of the whole subject; always where the reason depends on them.
    """

    reason: str
    code: str
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the engine and the catalogue see it.

    Attributes:
        id: stable, never reused, e.g. `SEG001`.
        title: the problem in a few words.
        severity: of its findings, unless one says otherwise.
        fault: the cause that its findings belong to: the report merges them by it.
        scope: what it takes: Node, Cluster or Case.
        needs: without these it is not checked.
        products: databases it applies to; empty for all.
        check: the function.
        text: the docstring's sections by heading. `What to do` is what its findings say at the rule's own severity;
            at any other the problem's words have their own steps.
        fires_on, silent_on: fixtures, checked by a test.
        effect: what its findings do to the database; None for what their severity and scope suggest (`effect_of`).
        consequence: its findings may follow from others' (a log that begins too late, because a snapshot is gone):
            of equal severity they come behind those, for the first finding should be the cause.
    """

    id: str
    title: str
    severity: Severity
    fault: FaultKind
    scope: type[Subject]
    needs: tuple[Needs, ...]
    products: tuple[str, ...]
    check: Check
    text: dict[str, str] = field(repr=False)
    fires_on: tuple[str, ...] = ()
    silent_on: tuple[str, ...] = ()
    effect: Effect | None = None
    consequence: bool = False

    @property
    def references(self) -> tuple[str, ...]:
        """Each source by itself."""
        return tuple(" ".join(part.split()) for part in self.text.get("References", "").split(";") if part.strip())

    @property
    def topic(self) -> str:
        """The folder that it lies in."""
        return self.check.__module__.split(".")[-2]


def rule(  # noqa: PLR0913 - the decorator is the rule's header; all by name
    rule_id: str,
    title: str,
    severity: Severity,
    *,
    fault: FaultKind,
    scope: type[Subject],
    needs: Iterable[Needs] = (),
    products: Iterable[str] = (),
    fires_on: Iterable[str] = (),
    silent_on: Iterable[str] = (),
    effect: Effect | None = None,
    consequence: bool = False,
) -> Callable[[Check], Rule]:
    """Make a rule of a function. See Rule for the arguments."""

    def wrap(check: Check) -> Rule:
        return Rule(
            rule_id,
            title,
            severity,
            fault,
            scope,
            tuple(needs),
            tuple(products),
            check,
            sections(_page(check)),
            tuple(fires_on),
            tuple(silent_on),
            effect,
            consequence,
        )

    return wrap


def _page(check: Check) -> str:
    """The docstring; from the source, where Python was told to leave docstrings out (-OO)."""
    if check.__doc__ is not None:
        return inspect.getdoc(check) or ""
    made = ast.parse(textwrap.dedent(inspect.getsource(check))).body[0]
    return (ast.get_docstring(made) if isinstance(made, ast.FunctionDef) else None) or ""


def sections(docstring: str) -> dict[str, str]:
    """`## Heading` sections of a rule's docstring, each as one text."""
    found: dict[str, str] = {}
    heading = ""
    for line in docstring.splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            found[heading] = ""
        elif heading:
            found[heading] += line + "\n"
    return {name: text.strip() for name, text in found.items()}
