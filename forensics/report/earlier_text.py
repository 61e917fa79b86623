"""What became of an earlier report's questions, in a few lines: for the terminal, Markdown and the page alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.report.document import Document, Question, QuestionKind
from forensics.wording import count, listed

_SHOWN = 4  # of each kind of line; report.json has all


def earlier_lines(document: Document, shown: int = _SHOWN) -> Iterator[tuple[str, str]]:
    """(`earlier`, `answered`, `open` or `before`, what to say); nothing without an earlier report."""
    earlier = document.earlier
    if earlier is None:
        return
    if earlier.related is False:
        yield "earlier", f"{earlier.name} is of another cluster, by the IDs of its nodes: nothing was taken from it"
        return
    answered, still_open = (
        [_words(one) for one in side if one.kind is not QuestionKind.NOT_CHECKED]
        for side in (earlier.answered, earlier.still_open)
    )
    total = len(answered) + len(still_open)
    told = f"; {_answered(len(answered), total)}" if total else ""
    yield "earlier", f"{earlier.name} left {count(total, 'question')} on nodes and files open{told}"
    yield from (("answered", text) for text in _some([*answered, *_rules(earlier.answered)], shown))
    yield from (("open", text) for text in _some(still_open, shown))
    yield from (("before", text) for text in _some([node.words for node in earlier.nodes_seen_before], shown))
    if earlier.nodes_seen_before:
        names = listed(node.name for node in earlier.nodes_seen_before)
        yield "before", f"what it said of {names} is as of then: give the earlier upload along to judge all as one"


def _answered(number: int, total: int) -> str:
    if not number or total == 1:
        return f"this upload {'answers it' if number else 'does not answer ' + ('it' if total == 1 else 'any of them')}"
    return "this upload answers all of them" if number == total else f"this upload answers {number} of them"


def _rules(questions: Iterable[Question]) -> list[str]:
    """In one line. Those that still cannot tell stand with everything that this report did not check."""
    found = [one for one in questions if one.kind is QuestionKind.NOT_CHECKED]
    names = dict.fromkeys(rule for one in found for rule in one.rules)
    codes = listed(dict.fromkeys(one.code for one in found))
    return [f"{count(len(names), 'rule')} that could not tell can now ({codes})"] if names else []


def _words(question: Question) -> str:
    of = f" ({question.database})" if question.database not in (None, "unknown") else ""
    return f"{question.what}{of}: {question.answer}" if question.answer is not None else f"{question.what}{of}"


def _some(lines: list[str], shown: int) -> list[str]:
    more = len(lines) - shown
    return lines if more <= 0 else [*lines[:shown], f"and {more} more, in report.json"]
