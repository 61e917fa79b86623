"""The catalogue of rules as pages: `python -m bench.rule_pages` writes docs/rules/, a page a topic and an index.

The rules themselves say it all: a page is never edited by hand. tests/test_made_pages.py tells when one is old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from forensics.check.manifest import load
from forensics.rules.api import Rule
from forensics.rules.engine import catalogue

_FIXTURES = Path(__file__).parents[1] / "fixtures"
FOLDER = Path(__file__).parents[1] / "docs" / "rules"
_MARKUP = re.compile(r"`[^`]*`|[*<]")
_SECTION = re.compile(r"docs/(reference/[\w-]+\.md(?:#[\w-]+)?)")
_MADE = "<!-- written by `python -m bench.rule_pages` from forensics/rules; do not edit -->"
_HEAD = f"""{_MADE}

# Rules

What the tool checks. `dqlite-forensics rules list` and `rules show ID` print the same; how a rule is added is in
[CONTRIBUTING](../../CONTRIBUTING.md).
"""


def main() -> None:
    """Write every page, and remove what no topic has any more."""
    FOLDER.mkdir(exist_ok=True)
    made = pages(catalogue())
    for old in set(FOLDER.glob("*.md")) - {FOLDER / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)


def pages(rules: Iterable[Rule]) -> dict[str, str]:
    """File name and text of each page, the index among them."""
    by_topic = groupby(sorted(rules, key=lambda rule: (rule.topic, rule.id)), key=lambda rule: rule.topic)
    topics = {topic: list(members) for topic, members in by_topic}
    index = "\n".join([_HEAD, *(_index(topic, members) for topic, members in topics.items())])
    return {"README.md": index} | {f"{topic}.md": _page(topic, members) for topic, members in topics.items()}


def page_of(rule: Rule) -> str:
    """A page of one rule alone, for the site: what the topic's page has of it, and its examples."""
    lines = [f"# {rule.id}: {_text(rule.title)}", "", *list(_rule(rule))[4:], "## Examples", ""]
    for name in rule.fires_on:
        manifest = load(_FIXTURES / name)
        lines += [f"**{_text(manifest.title)}** ({_text(manifest.why)})", ""]
        lines += [f"- {_text(change.what)}" for change in manifest.changes]
        lines += ["", "```text", f"dqlite-forensics check --build . fixtures/{name}", "```", ""]
    return "\n".join(lines)


def _index(topic: str, rules: list[Rule]) -> str:
    rows = (
        f"| [{rule.id}]({topic}.md#{rule.id.lower()}) | {rule.severity.value} | {_text(rule.title)} |" for rule in rules
    )
    return "\n".join([f"## {topic.capitalize()}", "", "| rule | severity | problem |", "|---|---|---|", *rows, ""])


def _page(topic: str, rules: list[Rule]) -> str:
    return "\n".join([_MADE, "", f"# Rules: {topic}", "", *(line for rule in rules for line in _rule(rule))])


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f"## {rule.id}", "", f"**{_text(rule.title)}**", "")
    yield from ("; ".join(_facts(rule)) + ".", "")
    for heading, text in rule.text.items():
        if heading == "References":
            yield from (f"**{heading}**", "", *(f"- {_reference(part)}" for part in text.split(";")), "")
        else:
            yield from (f"**{heading}** {_text(text)}", "")


def _facts(rule: Rule) -> Iterator[str]:
    yield f"Severity {rule.severity.value}"
    yield f"judges each {rule.scope.__name__.lower()}"
    if rule.needs:
        yield f"needs {', '.join(need.value for need in rule.needs)}"
    if rule.products:
        yield f"only for {', '.join(rule.products)}"


def _reference(text: str) -> str:
    """A source: sections of the reference as links, the web as it is."""
    return _SECTION.sub(r"[\g<0>](../\1)", _text(" ".join(text.split())))


def _text(text: str) -> str:
    """Prose of a rule: what Markdown would take for markup is escaped, but for code."""
    return _MARKUP.sub(lambda found: found[0] if found[0].startswith("`") else f"\\{found[0]}", text)


if __name__ == "__main__":
    main()
