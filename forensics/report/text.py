"""The report as a terminal summary that stands on its own, and as one line.

Nothing of the evidence reaches the terminal as it is: control characters are written out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.ingest.paths import printable
from forensics.report import view
from forensics.report.case_lines import Line, answers_of_case, faults_with_findings, headline_of, told_first
from forensics.report.check_rows import answers_of, check_counts
from forensics.report.document import Cluster, Document, Excerpt, Finding, IgnoreState, Level, Node
from forensics.report.earlier_text import earlier_lines
from forensics.report.history_text import history_lines
from forensics.report.machine_words import machine_words, machines
from forensics.report.node_rows import NODE_HEADS, role_words, starts
from forensics.report.prose import lines_of
from forensics.report.seen_text import seen_lines
from forensics.report.text_table import table_lines
from forensics.severity import Answer, Severity
from forensics.wording import count

_COLORS = {
    "broken": "1;31", "critical": "1;31", "degraded": "33", "high": "33", "attention": "36", "medium": "36",
    "low": "34", "healthy": "32", "unknown": "35", "soft": "2", "bold": "1",
}  # fmt: skip
_EVIDENCE_SHOWN = 2  # spans a finding, unless asked for more
_MISSING_SHOWN = 5
_QUESTION_WIDTH = 29  # the longest question, and a space
_EARLIER_SHOWN = 4  # lines of each kind
_IGNORES = {IgnoreState.STALE: "matches nothing any more", IgnoreState.EXPIRED: "has expired"}


def render_short(document: Document) -> str:
    """The headline, and nothing else."""
    return f"{printable(headline_of(document))}\n"


def render_text(document: Document, *, color: bool = False, width: int = 100, verbose: int = 0) -> str:
    """Headline and answers, faults with their findings, evidence, nodes, checks.

    Args:
        document: the report.
        color: with escape sequences for a terminal.
        width: columns to fill; a line of words that cannot be broken may be wider.
        verbose: 1 adds findings at `info`, all evidence, the history, what was not checked; 2 adds bytes and the why.
    """
    return _Text(document, color, max(width, 40), verbose).render()


def painted(text: str, tone: str) -> str:
    """Text in the colour of a severity, a level, or a style; plain where the tone has none."""
    code = _COLORS.get(tone)
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


class _Text:
    """One rendering under way."""

    def __init__(self, document: Document, color: bool, width: int, verbose: int) -> None:
        self._document = document
        self._color = color
        self._width = width
        self._verbose = verbose

    def render(self) -> str:
        sections = [list(self._verdict()), list(self._answers()), list(self._faults()), list(self._evidence())]
        sections += [list(self._cluster(cluster)) for cluster in self._document.clusters]
        sections += [list(self._rest())]
        return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"

    def _paint(self, text: str, tone: str) -> str:
        return painted(text, tone) if self._color else text

    def _wrap(self, text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(
            printable(text), self._width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        ) or [first.rstrip()]

    def _verdict(self) -> Iterator[str]:
        level = self._document.verdict.level
        lines = self._wrap(f"{level.upper()}  {headline_of(self._document)}", "", "  ")
        yield self._paint(lines[0], level)
        yield from lines[1:]

    def _answers(self) -> Iterator[str]:
        for answer in answers_of_case(self._document):
            question = f"{answer.question:{_QUESTION_WIDTH}}"
            only = answer.lines[0].text
            if len(answer.lines) == 1 and not answer.ordered and len(question) + len(only) <= self._width:
                yield self._paint(question, "bold") + printable(only)
                continue
            yield self._paint(answer.question, "bold")
            for number, line in enumerate(answer.lines, 1):
                yield from self._line(line, f"  {number}. " if answer.ordered else "  ")

    def _line(self, line: Line, first: str) -> Iterator[str]:
        rest = " " * max(len(first), 4)
        yield from self._wrap(line.text, first, rest)
        for where, commands in line.runs:
            if where:
                yield from self._wrap(where, f"{rest}  ", f"{rest}  ")
            yield from (f"{rest}    {printable(command)}" for command in commands)
        if line.values:
            yield from self._wrap(line.values, f"{rest}  ", f"{rest}  ")
        for name, said in (("expect", line.expect), ("stop if", line.stop)):
            if said:
                yield from self._wrap(f"{name}: {said}", rest, f"{rest}  ")

    def _evidence(self) -> Iterator[str]:
        for given in self._document.inputs:
            size = f", {view.size_words(given.size)}" if given.size else ""
            digest = f", sha256 {given.sha256[:16]}" if given.sha256 else ""
            yield f"evidence  {printable(given.name)} ({given.kind}{size}){digest}"
        for host in machines(self._document):
            yield from self._wrap(f"{host.name or '-'}: {machine_words(host)}", "machine   ", " " * 10)
        missing = self._document.missing
        shown = missing if self._verbose else missing[:_MISSING_SHOWN]
        for gap in shown:
            yield from self._wrap(f"{view.gap_subject(self._document, gap)}: {gap.detail}", "missing   ", " " * 10)
        if len(missing) > len(shown):
            yield f"          and {len(missing) - len(shown)} more (-v shows them)"

        for mark, words in earlier_lines(self._document, _EARLIER_SHOWN * (1 + 100 * self._verbose)):
            yield from self._wrap(words, f"{mark:10}", " " * 10)
        for words in seen_lines(self._document.seen):
            yield from self._wrap(words, "seen      ", " " * 10)
        for want in self._document.collect if self._verbose or not self._document.case else ():
            nodes = f"{', '.join(want.nodes)} ({want.evidence})"
            yield from self._wrap(f"{nodes}: could not be told: {want.cannot_tell}", "collect   ", " " * 10)
            yield from (f"            {printable(command)}" for command in want.commands)
            yield from self._wrap(want.note, " " * 12, " " * 12)

    def _cluster(self, cluster: Cluster) -> Iterator[str]:
        yield self._paint(printable(_named(cluster)), "bold")
        if not view.is_told_first(self._document, cluster):
            yield from self._wrap(cluster.verdict.summary, "  ", "  ")
        rows = [self._row(cluster, node) for node in cluster.nodes]
        heads = NODE_HEADS
        kept = [column for column in range(len(heads)) if column < 3 or any(row[column] != "-" for row in rows)]
        table = [[row[column] for column in kept] for row in (heads, *rows)]
        for number, lines in enumerate(table_lines(table, self._width - 2)):
            yield from (f"  {self._paint(line, 'soft') if number == 0 else line}" for line in lines)
        if self._document.case is None and cluster.recovery and cluster.recovery.node and _is_ill(cluster):
            words = f"if it must be recovered: {view.recovery_words(cluster.recovery)}"
            yield from self._wrap(words, "  ", "    ")
        if self._verbose:
            yield from self._kine(cluster)
            yield from self._history(cluster)

    def _history(self, cluster: Cluster) -> Iterator[str]:
        for number, (where, what) in enumerate(history_lines(cluster)):
            yield from self._wrap(what, f"  {'history' if not number else '':8}{where:>12}  ", " " * 24)

    def _kine(self, cluster: Cluster) -> Iterator[str]:
        for database in cluster.databases.found if cluster.databases else ():
            if kine := database.kine:
                largest = ", ".join(
                    f"{row.prefix} {view.size_words(row.bytes)}" for row in kine.prefixes[:3] if row.prefix
                )
                compacted = "never" if kine.compact_revision is None else f"up to {kine.compact_revision}"
                yield from self._wrap(
                    f"kine in {database.name}: {kine.rows} rows, {kine.live} live keys; revisions "
                    f"{kine.first_revision} to {kine.last_revision}, compacted {compacted}; largest: {largest}",
                    "  ",
                    "    ",
                )

    def _row(self, cluster: Cluster, node: Node) -> list[str]:
        log, snapshots = node.log, node.snapshots
        newest = max(snapshots, key=lambda snapshot: (snapshot.term, snapshot.index), default=None)
        counts = ", ".join(
            f"{count} {severity}" for severity, count in view.tally(view.findings_of(self._document, cluster, node))
        )
        cells = [
            node.name,
            node.evidence,
            role_words(node),
            node.id,
            node.address,
            node.metadata and node.metadata.term,
            log and f"{log.first_index}-{log.last_index}",
            log and log.last_term,
            newest and newest.index,
            textwrap.shorten(printable(starts(self._document, cluster, node) or "-"), 60, placeholder=" …"),
            counts,
        ]
        return [printable(str(cell)) if cell not in (None, "") else "-" for cell in cells]

    def _faults(self) -> Iterator[str]:
        """Each fault with its findings; what needs nothing waits for -v."""
        hidden, gap, told = 0, False, told_first(self._document)
        for fault, findings in faults_with_findings(self._document):
            shown = [finding for finding in findings if self._verbose or finding.severity is not Severity.INFO]
            hidden += len(findings) - len(shown)
            if findings and not shown:
                continue
            yield from [""] if gap else []
            gap = True
            if fault and len(shown) != 1:
                yield from self._wrap(f"{fault.cause}:" if shown else fault.cause, "", "  ")
            for finding in shown:
                yield from self._finding(finding, in_case=finding.key in told)
        if hidden:
            yield ("\n" if gap else "") + f"{hidden} more at info: nothing to do (-v shows them)"
        elif not gap:
            yield "no findings"

    def _finding(self, finding: Finding, *, in_case: bool) -> Iterator[str]:
        subject = ", ".join(filter(None, (finding.database, *finding.nodes)))
        mark = f" [{finding.baseline}]" if finding.baseline else ""
        head = f"{finding.severity.upper():8} {finding.rule}  {finding.title}"
        yield self._paint(printable(head), finding.severity) + printable(f"{f'  ({subject})' if subject else ''}{mark}")
        yield from self._wrap(finding.message, "  ", "  ")
        evidence = finding.evidence if self._verbose else finding.evidence[:_EVIDENCE_SHOWN]
        path = None
        for entry in evidence:
            named = f"  at {printable(entry.path)}" if entry.path != path else "     and there"
            path = entry.path
            yield self._paint(f"{named}{_where(entry)}", "soft")
            if self._verbose > 1:
                yield from self._bytes(entry)
        if len(finding.evidence) > len(evidence):
            left = count(len(finding.evidence) - len(evidence), "more place")
            yield self._paint(f"  and {left}", "soft")
        if self._verbose > 1 and finding.why:
            yield from (f"  {printable(line)}" for line in lines_of(finding.why, self._width - 2))
        if self._verbose and finding.remediation:
            yield "  do:"
            yield from (f"    {printable(line)}" for line in lines_of(finding.remediation, self._width - 4))
        elif finding.steps and not in_case:
            yield from self._wrap(finding.steps[0], "  do: ", "      ")

    def _bytes(self, entry: Excerpt) -> Iterator[str]:
        for offset, cells in view.hex_rows(entry):
            yield f"     {offset}  {cells}"
        for line in entry.lines or []:
            mark = ">" if line.hit else " "
            yield f"    {mark}{line.number if line.number is not None else '':>4}  {printable(line.text)}"

    def _rest(self) -> Iterator[str]:
        document = self._document
        counts = ", ".join(f"{count} {answer}" for answer, count in check_counts(document))
        if counts:
            unchecked = any(check.verdict is Answer.NOT_CHECKED for check in document.checks)
            hint = " (-v says what was not, and why)" if unchecked and not self._verbose else ""
            yield from self._wrap(f"{counts}{hint}", "checks    ", " " * 10)
        if self._verbose:
            yield from self._unchecked()
        for finding in document.suppressed:
            reason = finding.suppression.reason if finding.suppression else ""
            text = f"{finding.rule} {finding.message} ({reason})"
            yield from self._wrap(text, "suppressed ", " " * 11)
        for ignore in document.ignores:
            if state := _IGNORES.get(ignore.state):
                yield from self._wrap(f"entry for {ignore.id} {state} ({ignore.reason})", "ignore file ", " " * 12)
        if baseline := document.baseline:
            yield f"baseline  {baseline.new} new, {baseline.known} known, {len(baseline.gone)} gone"

    def _unchecked(self) -> Iterator[str]:
        answers = answers_of(self._document)
        for check in answers.broken:
            yield from self._wrap(f"{check.rule} is broken: {check.reason}", " " * 10, " " * 12)
        for reason, rules in answers.unchecked:
            names = ", ".join(sorted({row.rule for row in rules}))
            yield from self._wrap(f"not checked, because {reason}: {names}", " " * 10, " " * 12)


def _named(cluster: Cluster) -> str:
    """The product, and the database where the product's name does not tell it."""
    name, database = cluster.product, cluster.database
    return str(name) if database in name or database == "unknown" else f"{name} ({database})"


def _is_ill(cluster: Cluster) -> bool:
    return cluster.verdict.level in (Level.BROKEN, Level.DEGRADED)


def _where(entry: Excerpt) -> str:
    length = entry.length
    return f", byte {entry.offset}, {length} byte{'' if length == 1 else 's'}" if length else ""
