"""The page: whole without script, closed to the network, and everything of the evidence is text in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from forensics.report.document import Document
from forensics.report.formats import FORMATS
from tests import hostile
from tests.fixtures import known, report
from tests.report.documents import changed, damaged, finding, healthy, hostile_report, samples

VOID = frozenset({"meta", "input", "br", "img", "link", "hr"})
OUR_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "script",
        "body",
        "a",
        "header",
        "div",
        "section",
        "nav",
        "ul",
        "ol",
        "li",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "pre",
        "span",
        "strong",
        "small",
        "code",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "svg",
        "defs",
        "desc",
        "pattern",
        "rect",
        "path",
        "line",
        "text",
        "use",
        "circle",
        "mark",
        "g",
        "figcaption",
        "figure",
        "article",
        "details",
        "summary",
        "label",
        "input",
        "button",
        "dl",
        "dt",
        "dd",
        "footer",
        "br",
    ]
)


class Page(HTMLParser):
    """Tags, attributes and text; complains about tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str]] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value or "") for name, value in attrs}
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value or "") for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(document: Document) -> Page:
    return Page(FORMATS["html"].render(document))


@pytest.mark.parametrize("name", [*samples(), "hostile"])
def test_no_tag_and_no_attribute_comes_from_the_evidence(name: str) -> None:
    got = page(hostile_report() if name == "hostile" else report(name))
    assert got.tags <= OUR_TAGS
    assert not {
        row for row in got.attributes if row[1].startswith("on") or row[1] in ("style", "src", "srcset", "action")
    }
    links = {value for _, name, value in got.attributes if name in ("href", "xlink:href")}
    assert {link for link in links if not re.match(r"#|https?://", link)} == set()


def test_hostile_strings_are_shown_as_text() -> None:
    text = page(hostile_report()).text
    for wanted in (hostile.IMAGE, hostile.SCRIPT, hostile.QUOTES):
        assert wanted in text
    assert "\\u202egpj.exe" in text
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_no_key_material() -> None:
    for format_ in FORMATS.values():
        assert "c2VjcmV0" not in format_.render(hostile_report())


def test_the_policy_admits_nothing_but_our_own_style_and_script() -> None:
    got = page(damaged())
    (policy,) = {
        value for tag, name, value in got.attributes if (tag, name) == ("meta", "content") and "default-src" in value
    }
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules["script-src"])
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules["style-src"])


def test_the_page_asks_for_nothing() -> None:
    html = FORMATS["html"].render(damaged())
    assert not re.search(r"@import|url\((?!#)|<link|<img|<iframe|<object|fetch\(|XMLHttpRequest|import\(", html)


def test_the_page_tells_the_answers_the_picture_the_nodes_and_then_the_rest() -> None:
    html = FORMATS["html"].render(damaged())
    order = ["<h1", "What to do first?", "<figure", 'class="nodes"', 'id="given"', 'id="findings"', 'id="checks"']
    places = [html.index(mark) for mark in order]
    assert places == sorted(places)


def test_a_finding_shows_member_offset_and_bytes() -> None:
    document = damaged()
    entry = document.findings[0].evidence[0]
    text = page(document).text
    assert entry.path in text
    assert f"byte {entry.offset}, {entry.length} bytes" in text
    for field in known(entry.fields):  # a row each: the hex is cut where its fields end
        assert field.hex in text
        assert known(field.stored) in text


def test_digests_and_yaml_are_in_the_page() -> None:
    document = healthy()
    text = page(document).text
    assert all(file.sha256 in text for file in document.files if file.sha256)
    assert all(line.text.strip() in text for one in document.texts for line in one.lines)


def test_a_link_that_is_no_web_address_is_text() -> None:
    linked = finding(references=("javascript:alert(1)", "https://example.org/a?b=1&c=<2>"))
    got = page(changed(damaged(), findings=(linked,)))
    assert ("a", "href", "https://example.org/a?b=1&c=<2>") in got.attributes
    assert "javascript:alert(1)" in got.text
    assert not [row for row in got.attributes if row[2].startswith("javascript")]
