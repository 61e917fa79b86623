"""The report as one self-contained HTML file: no network, no code but its own inline script, everything escaped."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from forensics.case.state_words import start_words
from forensics.limits import FINDINGS_ON_PAGE
from forensics.report import check_rows, growth, node_rows, switches, view
from forensics.report.case_lines import (
    answers_of_case,
    faults_with_findings,
    headline_of,
    runs_of,
    start_tone,
    told_first,
    values_of,
)
from forensics.report.document import Document
from forensics.report.earlier_text import earlier_lines
from forensics.report.machine_words import machine_words, machines
from forensics.report.node_grid import grid_of
from forensics.report.picture import picture_of
from forensics.report.picture_time import time_picture_of
from forensics.report.prose import html_of, inline_of
from forensics.report.seen_text import seen_lines
from forensics.report.yaml_rows import side_by_side
from forensics.severity import Severity
from forensics.wording import capital

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "templates", _HERE.parents[1] / "templates")  # in a wheel; in a checkout


def render_html(document: Document) -> str:
    """The whole page."""
    return render_page("report.html.j2", report=document)


def render_page(template: str, **values: Any) -> str:
    """A page of our own style, script and policy, from a template and its values."""
    environment = _environment()
    style, script = (_source(environment, name) for name in ("report.css", "report.js"))
    return environment.get_template(template).render(
        **values,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
    )


def prepare() -> None:
    """Compile the templates ahead of time."""
    environment = _environment()
    for name in environment.list_templates(extensions=("j2",)):
        environment.get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in _FOLDERS]),
        autoescape=True,  # select_autoescape() would not see that report.html.j2 is HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        machines=machines,
        machine_words=machine_words,
        picture_of=picture_of,
        time_picture_of=time_picture_of,
        findings_of=view.findings_of,
        fact_of=view.fact_of,
        places_of=view.places_of,
        identity_of=node_rows.identity_of,
        grid_of=grid_of,
        growth=growth,
        tally=view.tally,
        about_of=switches.about_of,
        switches_of=switches.switches_of,
        advice_homes_of=view.advice_homes_of,
        findings_shown=FINDINGS_ON_PAGE,
        packed=_packed,
        answers_of=check_rows.answers_of,
        check_counts=check_rows.check_counts,
        side_by_side=side_by_side,
        starts=node_rows.starts,
        state_of=node_rows.state_of,
        start_words=start_words,
        start_tone=start_tone,
        is_told_first=view.is_told_first,
        is_needed=view.is_needed,
        recovery_head=view.recovery_head,
        headline_of=headline_of,
        answers_of_case=answers_of_case,
        runs_of=runs_of,
        told_first=told_first,
        values_of=values_of,
        fault_rows=_fault_rows,
        earlier_lines=earlier_lines,
        seen_lines=seen_lines,
    )
    environment.filters.update(
        size=view.size_words,
        capital=capital,
        hexrows=view.hex_rows,
        fieldrows=view.field_rows,
        inline=lambda text: Markup(inline_of(text)),  # noqa: S704 - inline_of escapes
        prose=lambda text: Markup(html_of(text)),  # noqa: S704 - html_of escapes
        is_link=lambda text: text.startswith(("https://", "http://")),
    )
    return environment


def _packed(articles: Sequence[tuple[Severity, dict[str, list[str]], Markup]]) -> str:
    """(severity, what it is about, HTML) of findings that are shown when asked for: gzip of JSON in base64, which
    report.js unpacks.
    """
    text = json.dumps([(severity.value, about, str(article)) for severity, about, article in articles])
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


@dataclass(frozen=True, slots=True)
class _FaultRow:
    """A fault above info, with the number and rule of each of its findings, and what repairs it."""

    severity: Severity
    cause: str
    findings: list[tuple[int, str]]
    repair: tuple[str, ...]


def _fault_rows(report: Document) -> list[_FaultRow]:
    numbers = {id(finding): number for number, finding in enumerate(report.findings, 1)}
    rows = [
        _FaultRow(
            fault.severity if fault else findings[0].severity,
            fault.cause if fault else "other findings",
            [(numbers[id(finding)], finding.rule) for finding in findings],
            fault.repair if fault else (),
        )
        for fault, findings in faults_with_findings(report)
    ]
    return [row for row in rows if row.severity is not Severity.INFO]


def _source(environment: jinja2.Environment, name: str) -> str:
    """A file of templates/ as it is, not as a template."""
    assert environment.loader is not None  # noqa: S101 - set above
    return environment.loader.get_source(environment, name)[0]


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded from anywhere, and only these two inline texts are obeyed: injected ones are not."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
