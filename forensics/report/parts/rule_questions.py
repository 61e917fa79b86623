"""What rules could not tell in an earlier report, and whether they can now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forensics.report import document as doc
from forensics.report.document.earlier import Question, QuestionKind
from forensics.severity import Answer
from forensics.wording import count

Names = Mapping[tuple[str | None, str], tuple[str, str]]
"""(database, node) of the earlier report → the same of the new document."""


@dataclass(slots=True)
class _Group:
    """The rules that had no answer for one reason, of one database."""

    reason: str
    rules: dict[str, None] = field(default_factory=dict)
    nodes: dict[str, None] = field(default_factory=dict)


def rule_questions(before: doc.Document, document: doc.Document, names: Names) -> Iterator[Question]:
    """One a code, a database, and whether it is answered."""
    found: dict[tuple[str | None, str, bool], _Group] = {}
    answers = _Answers(document, names)
    for check in before.checks:
        for gap in check.gaps:
            nodes = gap.nodes or check.nodes
            group = found.setdefault((check.database, gap.code, answers.now(check, gap)), _Group(gap.reason))
            group.rules[check.rule] = None
            group.nodes |= dict.fromkeys(nodes)
    for (database, code, answered), group in found.items():
        rules = count(len(group.rules), "rule")
        yield Question(
            kind=QuestionKind.NOT_CHECKED,
            database=database,
            nodes=tuple(group.nodes),
            code=code,
            rules=tuple(group.rules),
            what=f"{rules} could not tell: {group.reason}",
            answer=f"{rules} could tell now" if answered else None,
        )


class _Answers:
    """What the rules answered of the new upload."""

    def __init__(self, document: doc.Document, names: Names) -> None:
        self._names = names
        self._databases: dict[str | None, set[str | None]] = defaultdict(set)
        for (old, _), (new, _) in names.items():
            self._databases[old].add(new)
        self._checks: dict[str, list[doc.Check]] = defaultdict(list)
        for check in document.checks:
            self._checks[check.rule].append(check)

    def now(self, check: doc.Check, gap: doc.CheckGap) -> bool:
        """The rule looked at all of these nodes, or at the whole subject, and had an answer."""
        databases = self._databases.get(check.database, {check.database}) if check.database else {None}
        rows = [row for row in self._checks[check.rule] if row.database in databases]
        nodes = gap.nodes or check.nodes
        if not nodes:
            return bool(rows) and all(_told(row, gap.code, None) for row in rows)
        renamed = [self._names.get((check.database, node)) for node in nodes]
        return all(
            node is not None
            and any(_told(row, gap.code, node[1]) for row in rows if node[1] in row.nodes or not row.nodes)
            for node in renamed
        )


def _told(row: doc.Check, code: str, node: str | None) -> bool:
    """A pass or a finding, and nothing that it could not tell of this node for that reason."""
    left = any(gap.code == code and (node is None or not gap.nodes or node in gap.nodes) for gap in row.gaps)
    return row.verdict in (Answer.PASS, Answer.FAIL) and not left
