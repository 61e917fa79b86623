"""Every format that a document can be rendered in: name, suffixes, renderer. Renderers are imported when asked for.

This is the one list: flags, choices and tests are made from it (docs/contributing/output-format.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.barrier import stage
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.report.document import Document


def _html(document: Document) -> str:
    from forensics.report.html import render_html  # noqa: PLC0415 - jinja2 only where HTML is asked for

    return render_html(document)


def prepare(names: Iterable[str]) -> None:
    """What rendering in these formats will need, ahead of time."""
    if "html" in names:
        from forensics.report.html import prepare as prepare_html  # noqa: PLC0415 - as above

        prepare_html()


def _json(document: Document) -> str:
    from forensics.report.json_text import render_json  # noqa: PLC0415 - as above

    return render_json(document)


def _markdown(document: Document) -> str:
    from forensics.report.markdown import render_markdown  # noqa: PLC0415 - as above

    return render_markdown(document)


def _sarif(document: Document) -> str:
    from forensics.report.sarif import render_sarif  # noqa: PLC0415 - as above

    return render_sarif(document)


def _junit(document: Document) -> str:
    from forensics.report.junit import render_junit  # noqa: PLC0415 - as above

    return render_junit(document)


def _text(document: Document) -> str:
    from forensics.report.text import render_text  # noqa: PLC0415 - as above

    return render_text(document)


@dataclass(frozen=True, slots=True)
class Format:
    """One rendering: document → text."""

    name: str
    suffixes: tuple[str, ...]
    render: Callable[[Document], str]


FORMATS = {
    format_.name: format_
    for format_ in (
        Format("html", (".html", ".htm"), _html),
        Format("json", (".json",), _json),
        Format("markdown", (".md", ".markdown"), _markdown),
        Format("sarif", (".sarif", ".sarif.json"), _sarif),
        Format("junit", (".xml",), _junit),
        Format("text", (".txt",), _text),
    )
}
WRITTEN = tuple(name for name in FORMATS if name != "text")  # `analyze` has a flag for each; a terminal gets the text


@stage("writing the report", lambda name, _: name, lambda *_: None, needed=True)
def rendered(name: str, document: Document) -> str | None:
    """The document in a format; None where making it breaks."""
    return FORMATS[name].render(document)


def format_for(path: str, name: str | None = None) -> Format:
    """By name, else by the path's suffix. Raises UsageError where neither tells."""
    if name is not None:
        return FORMATS[name]
    suffixes = {suffix: format_ for format_ in FORMATS.values() for suffix in format_.suffixes}
    fitting = [suffix for suffix in suffixes if path.lower().endswith(suffix)]
    if not fitting:
        raise UsageError(
            f"{path}: no format known by that suffix (known: {', '.join(suffixes)}); name one with --format"
        )
    return suffixes[max(fitting, key=len)]
