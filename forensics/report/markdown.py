"""The report as Markdown, to paste into a ticket. Everything of the evidence is escaped: it is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.ingest.paths import printable
from forensics.report import view
from forensics.report.case_lines import Answer, Line, answers_of_case, faults_with_findings, headline_of, told_first
from forensics.report.check_rows import answers_of
from forensics.report.document import Cluster, Document, Excerpt, Finding, Node
from forensics.report.earlier_text import earlier_lines
from forensics.report.machine_words import machine_words, machines
from forensics.report.node_rows import NODE_HEADS, role_words, starts
from forensics.report.seen_text import seen_lines
from forensics.wording import capital

_SHOWN = (4, 2, 2, 5, 2)  # lines of each answer: with title, questions and folds 25 at most
_SPECIAL = re.compile(r"([\\`*_\[\]|~])")


def render_markdown(document: Document) -> str:
    """Headline and answers in at most 25 lines; everything else is folded."""
    answers = answers_of_case(document)
    earlier = [f"{mark}: {words}" for mark, words in earlier_lines(document)]
    seen = list(seen_lines(document.seen))
    parts = [
        _head(document, answers),
        _folded("Every answer in full, with what to expect", _in_full(answers)),
        _folded(_text(earlier[0]) if earlier else "", (f"- {_text(line)}" for line in earlier)),
        _folded("Seen before" if seen else "", (f"- {_text(line)}" for line in seen)),
        _folded(f"Findings ({len(document.findings)})", _findings(document)),
        _folded("Evidence, nodes, and what was not checked", _evidence(document)),
    ]
    return "\n\n".join("\n".join(part) for part in (list(part) for part in parts) if part) + "\n"


def _head(document: Document, answers: Sequence[Answer]) -> Iterator[str]:
    """Title and answers. An answer of one line stands beside its question."""
    yield f"# {document.verdict.level.capitalize()}: {_text(headline_of(document))}"
    if answers:
        yield ""
    for answer, most in zip(answers, _SHOWN, strict=False):
        every = [_brief(line) for line in answer.lines]
        if len(every) == 1 and not answer.ordered:
            yield f"- **{answer.question}** {every[0]}"
            continue
        shown = every if len(every) <= most else every[: most - 1]
        yield f"- **{answer.question}**"
        yield from (f"  {f'{number}.' if answer.ordered else '-'} {text}" for number, text in enumerate(shown, 1))
        if len(shown) < len(every):
            yield f"  - and {len(every) - len(shown)} more, below"


def _brief(line: Line) -> str:
    runs = (f"{_text(capital(where))} {'; '.join(map(_code, commands))}".strip() for where, commands in line.runs)
    values = (f"({_text(line.values)})",) if line.values else ()
    return ". ".join((_text(line.text), *runs, *values))


def _in_full(answers: Sequence[Answer]) -> Iterator[str]:
    """Every line, with its commands to copy, what to expect and when to stop."""
    for answer in answers:
        yield f"### {answer.question}"
        yield ""
        for number, line in enumerate(answer.lines, 1):
            yield from _whole(line, f"{number}." if answer.ordered else "-")
        yield ""


def _whole(line: Line, mark: str) -> Iterator[str]:
    yield f"{mark} {_text(line.text)}"
    for where, commands in line.runs:
        yield from (("", f"   {_text(where)}") if where else ())
        yield ""
        yield from (f"       {printable(command)}" for command in commands)
        yield ""
    if line.values:
        yield f"   - {_text(line.values)}"
    for name, said in (("Expect", line.expect), ("Stop if", line.stop)):
        if said:
            yield f"   - {name}: {_text(said)}"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    inside = list(lines)
    if inside:
        yield from ("<details>", f"<summary>{title}</summary>", "", *inside, "", "</details>")


def _evidence(document: Document) -> Iterator[str]:
    for given in document.inputs:
        size = f", {given.size} bytes" if given.size else ""
        digest = f", sha256 {_code(given.sha256)}" if given.sha256 else ""
        yield f"- Evidence: {_code(given.name)} ({_text(given.kind)}{size}){digest}"
    for host in machines(document):
        yield f"- Machine {_text(host.name or '-')}: {_text(machine_words(host))}"
    for gap in document.missing:
        yield f"- Missing: {_text(view.gap_subject(document, gap))}: {_text(gap.detail)}"
    counts = ", ".join(f"{count} {severity}" for severity, count in view.tally(document.findings))
    yield f"- Findings: {counts or 'none'}"
    yield f"- Made by {_text(document.tool.name)} {_text(document.tool.version)}"
    for cluster in document.clusters:
        yield ""
        yield from _cluster(document, cluster)
    yield from _checks(document)


def _cluster(document: Document, cluster: Cluster) -> Iterator[str]:
    yield f"## {_text(cluster.product)} ({_text(cluster.database)})"
    yield ""
    yield from _table(NODE_HEADS, (_row(document, cluster, node) for node in cluster.nodes))
    if document.case is None and cluster.recovery and cluster.recovery.node:
        yield ""
        yield f"If it must be recovered: {_text(view.recovery_words(cluster.recovery))}."


def _row(document: Document, cluster: Cluster, node: Node) -> list[str]:
    log = node.log
    counts = view.tally(view.findings_of(document, cluster, node))
    return [
        _code(node.name),
        node.evidence,
        role_words(node) or "",
        _code(node.id) if node.id else "",
        _code(node.address) if node.address else "",
        str(node.metadata.term) if node.metadata else "",
        f"{log.first_index} to {log.last_index}" if log else "",
        str(log.last_term) if log and log.last_term is not None else "",
        ", ".join(str(snapshot.index) for snapshot in node.snapshots),
        _text(starts(document, cluster, node) or ""),
        ", ".join(f"{count} {severity}" for severity, count in counts),
    ]


def _findings(document: Document) -> Iterator[str]:
    told = told_first(document)
    for fault, findings in faults_with_findings(document):
        if fault:
            yield from ("", f"## {_text(capital(fault.cause))}")
        for finding in findings:
            yield from _finding(finding, in_first=finding.key in told)
    if document.suppressed:
        yield ""
        yield f"## Suppressed ({len(document.suppressed)})"
        yield ""
        for finding in document.suppressed:
            reason = _text(finding.suppression.reason if finding.suppression else "")
            yield f"- {finding.severity} {_code(finding.rule)} {_text(finding.message)} (reason: {reason})"


def _finding(finding: Finding, *, in_first: bool) -> Iterator[str]:
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
    yield from _section("What to do", "As the first steps say." if in_first else finding.remediation)
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
    answers = answers_of(document)
    if answers.broken or answers.unchecked:
        yield ""
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
