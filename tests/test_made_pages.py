"""The pages that are made from code are those of the code as it is. Else: `make catalogue`."""

from __future__ import annotations

from bench import field_page, rule_pages
from forensics.rules.engine import catalogue


def test_pages_of_rules_are_current() -> None:
    """One a topic, and their index."""
    written = {path.name: path.read_text() for path in rule_pages.FOLDER.glob("*.md")}
    assert written == rule_pages.pages(catalogue()), "run `make catalogue`"


def test_every_rule_has_its_heading() -> None:
    """`docs/rules/TOPIC.md#id` is what others may link to."""
    made = rule_pages.pages(catalogue())
    assert all(f"\n## {rule.id}\n" in made[f"{rule.topic}.md"] for rule in catalogue())


def test_page_of_fields_is_current() -> None:
    """From the JSON Schema."""
    assert field_page.PAGE.read_text() == field_page.page(field_page.schema()), "run `make catalogue`"


def test_a_field_in_words() -> None:
    """A reference, a list, a choice of words, and what may be null."""
    fields = {
        "to": {"anyOf": [{"$ref": "#/$defs/Word"}, {"type": "null"}], "description": "a | b"},
        "all": {"type": "array", "items": {"$ref": "#/$defs/Part"}, "description": "every one."},
    }
    parts = {"Part": {"description": "one.", "properties": fields}, "Word": {"enum": ["x", "y"]}}
    made = field_page.page({"description": "all.", "properties": {}, "$defs": parts})
    assert "| `to` | `x`, `y` or null | a \\| b |" in made
    assert "| `all` | list of [Part](#part) | every one. |" in made
    assert "## Word" not in made
