from __future__ import annotations

import pytest

from forensics.report.prose import html_of, lines_of, steps_of

TEXT = (
    "Do not start it. Keep\nthe `copy`.\n\n"
    "1. First <b>.\n2. Second,\n   on two lines.\n\n"
    "    dqlite --x\n      deeper\n\n- a\n- b"
)


def test_html() -> None:
    assert html_of(TEXT) == (
        "<p>Do not start it. Keep the <code>copy</code>.</p>"
        "<ol><li>First &lt;b&gt;.</li><li>Second, on two lines.</li></ol>"
        "<pre>dqlite --x\n  deeper</pre>"
        "<ul><li>a</li><li>b</li></ul>"
    )


def test_lines() -> None:
    assert lines_of(TEXT, 24) == [
        "Do not start it. Keep",
        "the `copy`.",
        "1. First <b>.",
        "2. Second, on two lines.",
        "    dqlite --x",
        "      deeper",
        "- a",
        "- b",
    ]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", ()),
        ("Keep v1.18.6 of it. Then\nanother.", ("Keep v1.18.6 of it. Then another.",)),
        ("1. Stop it.\n2. Copy it.", ("Stop it.", "Copy it.")),
        ("Then:\n- Stop it\n- Copy it", ("Stop it", "Copy it")),
        ("One.\n\n    a command\n\nTwo.", ("One.", "Two.")),
        (TEXT, ("Do not start it. Keep the `copy`.", "First <b>.", "Second, on two lines.", "a", "b")),
    ],
)
def test_steps_are_paragraphs_and_items(text: str, steps: tuple[str, ...]) -> None:
    """A full stop ends nothing: it is no structure."""
    assert steps_of(text) == steps


def test_markup_in_prose_is_text() -> None:
    assert html_of("`<script>` & <img src=x>") == "<p><code>&lt;script&gt;</code> &amp; &lt;img src=x&gt;</p>"
