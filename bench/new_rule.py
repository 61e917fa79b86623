"""A new rule from bench/rule_template.py: `python -m bench.new_rule SEG099 segment "two segments hold one index"`.

It passes `make lint` and `make types` at once. tests/test_catalogue.py names what is missing until every TODO in it is
replaced and its fixtures are named. docs/contributing/rule.md goes on from there.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import forensics.rules
from forensics.rules.engine import catalogue

_TEMPLATE = Path(__file__).with_name("rule_template.py")
_FOLDER = Path(forensics.rules.__path__[0])
_TITLE = "what is wrong, in a few words"
_SMALL = frozenset(
    ["a", "an", "and", "are", "at", "by", "has", "have", "in", "is", "its", "of", "on", "or", "the", "to", "with"]
)
_SLUG_WORDS = 3


def main(arguments: list[str] | None = None, folder: Path = _FOLDER) -> int:
    """Write the rule below `folder`, and print its path; 2 where the arguments do not fit what is there."""
    parser = argparse.ArgumentParser(prog="python -m bench.new_rule", description="Write a new rule from a template.")
    parser.add_argument("id", metavar="ID", help="capitals and three digits (SEG099), never used before")
    parser.add_argument("topic", metavar="TOPIC", help="a folder of forensics/rules")
    parser.add_argument("title", metavar="TITLE", help="the problem in a few words, without a full stop")
    options = parser.parse_args(arguments)
    if wrong := problem(options.id, options.topic, options.title):
        parser.print_usage(sys.stderr)
        sys.stderr.write(f"{wrong}\n")
        return 2
    path = folder / options.topic / f"{options.id.lower()}_{slug(options.title)}.py"
    path.write_text(text(options.id, options.title), encoding="utf-8")
    print(path)
    return 0


def problem(rule_id: str, topic: str, title: str) -> str:
    """Why there can be no such rule; empty where there can."""
    topics = {rule.id.rstrip("0123456789"): rule.topic for rule in catalogue()}
    prefix = rule_id.rstrip("0123456789")
    taken = sorted(rule.id for rule in catalogue() if rule.id.startswith(prefix))
    if not re.fullmatch(r"[A-Z]{2,5}\d{3}", rule_id):
        return f"{rule_id} is not an ID: capitals and three digits"
    if rule_id in taken:
        return f"{rule_id} is taken; the last of its kind is {taken[-1]}"
    if topic not in topics.values():
        return f"there is no topic {topic}: {', '.join(sorted(set(topics.values())))}"
    if topics.get(prefix) != topic:
        return f"rules about {topic} are {', '.join(p for p, name in sorted(topics.items()) if name == topic)}…"
    if topic == "journal":
        return "a rule about logs is a table of messages: docs/contributing/journal-message.md"
    if not slug(title) or not re.fullmatch(r'[^"\\\n]{9,79}[^".\\\n]', title):
        return "the title is 10 to 80 characters, without quotes and without a full stop"
    return ""


def slug(title: str) -> str:
    """The first words that carry meaning, as a Python name."""
    words = [word for word in re.findall(r"[a-z0-9]+", title.lower()) if word not in _SMALL]
    return "_".join(words[:_SLUG_WORDS])


def text(rule_id: str, title: str) -> str:
    """The template as this rule: its names follow from the title."""
    name = slug(title)
    made = _TEMPLATE.read_text(encoding="utf-8").replace("TPL000", rule_id).replace(_TITLE, title)
    made = made.replace('"template"', f'"{name.replace("_", "-")}"')
    made = re.sub(r"\bTemplate\b", "".join(map(str.capitalize, name.split("_"))), made)
    return re.sub(r"\btemplate\b", name, made)


if __name__ == "__main__":
    sys.exit(main())
