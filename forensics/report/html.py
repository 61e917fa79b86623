"""The report as one self-contained HTML file: no network, no scripts from elsewhere, everything escaped."""

from __future__ import annotations

from pathlib import Path

import jinja2

from forensics.report.document import Document

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "templates", _HERE.parents[1] / "templates")  # in a wheel; in a checkout


def render_html(document: Document) -> str:
    """The whole page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in _FOLDERS]),
        autoescape=True,  # select_autoescape() would not see that report.html.j2 is HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(report=document)
