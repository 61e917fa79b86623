"""What each output shows first, as a reader has it: without markup, and without the line breaks of a terminal."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping

from forensics.ingest.paths import printable
from forensics.report.document import Case, Document
from forensics.report.formats import FORMATS

_QUESTION = "What to do first?"
_NOTHING = "nothing has to be done"
_READ = 50_000  # characters behind the question: more than the longest step has


def unlike_the_case(document: Document, case: Case) -> Iterator[str]:
    """Outputs that show another headline than the case, or answer otherwise what to do first."""
    headline = _squeezed(printable(case.headline))
    first = _squeezed(printable(case.first[0].do if case.first else _NOTHING))
    for name, plain in _PLAIN.items():
        head, _, steps = plain(FORMATS[name].render(document)).partition(_squeezed(_QUESTION))
        if headline not in head:
            yield f"{name} lacks the headline {case.headline}"
        if not steps.startswith((first, f"1.{first}")):  # a browser makes the number of the list
            yield f"{name} says to do first {steps[: len(first)]}, the case {first}"
    written = json.loads(FORMATS["json"].render(document))["case"]
    if (written["headline"], [step["do"] for step in written["first"]]) != (case.headline, [s.do for s in case.first]):
        yield f"json has the headline {written['headline']}, and the first steps {written['first']}"


def _squeezed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


def _of_html(page: str) -> str:
    shown = page[page.index("<h1") : page.index(f">{_QUESTION}<") + _READ]
    return _squeezed(html.unescape(re.sub(r"<[^>]*>", "", shown)))


def _of_markdown(text: str) -> str:
    return _squeezed(re.sub(r"\\(.)", r"\1", html.unescape(text)).replace(f"**{_QUESTION}**", _QUESTION))


_PLAIN: Mapping[str, Callable[[str], str]] = {"html": _of_html, "markdown": _of_markdown, "text": _squeezed}
