"""The pages of docs/rules are those of the rules as they are."""

from __future__ import annotations

from bench.rule_pages import FOLDER, pages
from forensics.rules.engine import catalogue


def test_pages_are_current() -> None:
    """Else: `make catalogue`."""
    written = {path.name: path.read_text() for path in FOLDER.glob("*.md")}
    assert written == pages(catalogue()), "run `make catalogue`"


def test_every_rule_has_its_heading() -> None:
    """`docs/rules/TOPIC.md#id` is what others may link to."""
    made = pages(catalogue())
    assert all(f"\n## {rule.id}\n" in made[f"{rule.topic}.md"] for rule in catalogue())
