"""The report as Markdown, to paste into a ticket. Everything of the evidence is escaped: it is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.ingest.paths import printable
from forensics.report import view
from forensics.report.document import Cluster, Document, Excerpt, Finding, Node
from forensics.report.earlier_text import earlier_lines

_EARLIER_SHOWN = 2  # lines of each kind
_SPECIAL = re.compile(r"([\\`*_\[\]|~])")


def render_markdown(document: Document) -> str:
    """Verdict, evidence, nodes, findings, what was not checked."""
    parts = [
        _head(document),
        *(_cluster(document, cluster) for cluster in document.clusters),
        _findings(document),
        _checks(document),
    ]
    return "\n\n".join("\n".join(part) for part in (list(part) for part in parts) if part) + "\n"


def _head(document: Document) -> Iterator[str]:
    verdict = document.verdict
    yield f"# {verdict.level.capitalize()}: {_text(verdict.summary)}"
    yield ""
    for given in document.inputs:
        size = f", {given.size} bytes" if given.size else ""
        yield f"- Evidence: {_code(given.name)} ({_text(given.kind)}{size}), sha256 {_code(given.sha256)}"
    for host in view.machines(document):
        yield f"- Machine {_text(host.name or '-')}: {_text(view.machine_words(host))}"
    for gap in document.missing:
        yield f"- Missing: {_text(view.gap_subject(document, gap))}: {_text(gap.detail)}"
    for mark, words in earlier_lines(document, _EARLIER_SHOWN):
        yield f"- {mark.capitalize()}: {_text(words)}"
    counts = ", ".join(f"{count} {severity}" for severity, count in view.tally(document.findings))
    yield f"- Findings: {counts or 'none'}"
    yield f"- Made by {_text(document.tool.name)} {_text(document.tool.version)}"


def _cluster(document: Document, cluster: Cluster) -> Iterator[str]:
    yield f"## {_text(cluster.product)} ({_text(cluster.database)})"
    yield ""
    yield from _table(view.NODE_HEADS, (_row(document, cluster, node) for node in cluster.nodes))
    if cluster.recovery and cluster.recovery.node:
        yield ""
        yield f"If it must be recovered: {_text(view.recovery_words(cluster.recovery))}."


def _row(document: Document, cluster: Cluster, node: Node) -> list[str]:
    log = node.log
    counts = view.tally(view.findings_of(document, cluster, node))
    return [
        _code(node.name),
        node.evidence,
        view.role_words(node) or "",
        _code(node.id) if node.id else "",
        _code(node.address) if node.address else "",
        str(node.metadata.term) if node.metadata else "",
        f"{log.first_index} to {log.last_index}" if log else "",
        str(log.last_term) if log and log.last_term is not None else "",
        ", ".join(str(snapshot.index) for snapshot in node.snapshots),
        _text(view.forecast_words(node)),
        ", ".join(f"{count} {severity}" for severity, count in counts),
    ]


def _findings(document: Document) -> Iterator[str]:
    yield f"## Findings ({len(document.findings)})"
    for finding in document.findings:
        yield from _finding(finding)
    if document.suppressed:
        yield ""
        yield f"## Suppressed ({len(document.suppressed)})"
        yield ""
        for finding in document.suppressed:
            reason = _text(finding.suppression.reason if finding.suppression else "")
            yield f"- {finding.severity} {_code(finding.rule)} {_text(finding.message)} (reason: {reason})"


def _finding(finding: Finding) -> Iterator[str]:
    yield ""
    yield f"### {finding.severity.capitalize()}: {_text(finding.message)}"
    yield ""
    where = ", ".join(filter(None, (finding.database, *finding.nodes)))
    yield f"{_code(finding.rule)} {_text(finding.title)}{f' ({_text(where)})' if where else ''}"
    yield ""
    for entry in finding.evidence:
        place = f", byte {entry.offset}, {entry.length} bytes" if entry.length else ""
        yield f"- {_code(entry.path)}{place}"
        yield from _excerpt(entry)
    yield from _section("What to do", finding.remediation)
    yield from _section("Why it matters", finding.why)


def _section(heading: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield f"**{heading}**"
        yield ""
        yield from (_prose(line) for line in text.splitlines())


def _excerpt(entry: Excerpt) -> Iterator[str]:
    rows = [f"{offset}  {cells}" for offset, cells in view.hex_rows(entry)]
    rows += [f"{line.number or ''!s:>4}  {printable(line.text)}" for line in entry.lines or ()]
    if rows:
        yield ""
        yield from (f"      {row}" for row in rows)  # an indented block inside the list item: nothing can close it
        yield ""


def _checks(document: Document) -> Iterator[str]:
    answers = view.answers_of(document)
    if answers.broken or answers.unchecked:
        yield "## Not checked"
        yield ""
        for check in answers.broken:
            yield f"- {_code(check.rule)} is broken: {_text(check.reason or '')}"
        for reason, rules in answers.unchecked:
            names = ", ".join(sorted({_code(row.rule) for row in rules}))
            yield f"- {_text(reason)}: {names}"


def _table(heads: Sequence[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _text(value: str) -> str:
    """A value as text: nothing in it is markup, a tag, or a mention."""
    text = printable(value).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    return _SPECIAL.sub(r"\\\1", text)


def _prose(line: str) -> str:
    """A line of a rule's text: its own lists and `code` stay, tags do not."""
    indent = len(line) - len(line.lstrip())
    return " " * min(indent, 4) + printable(line.strip()).replace("&", "&amp;").replace("<", "&lt;").replace(
        "](", "]\\("
    )


def _code(value: str) -> str:
    """A value between as many backticks as it takes; a table's bar is escaped."""
    text = printable(value).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
