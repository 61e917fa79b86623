"""What renderers ask of the document besides its own words: counts, comparisons, groups. Nothing new is found here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forensics.case.answer import Course, Need
from forensics.limits import FACT_CHARS_MAX
from forensics.report.case_lines import told_first
from forensics.report.document import (
    CheckState,
    ChoiceLoss,
    Cluster,
    DecodedField,
    Document,
    Excerpt,
    Finding,
    Gap,
    Level,
    Node,
    Recovery,
)
from forensics.severity import Severity

_UNFORCED = (Course.NOTHING, Course.REJOIN, Course.MEND, Course.REPAIR)


def findings_of(report: Document, cluster: Cluster, node: Node) -> list[Finding]:
    """The findings that name a node, worst first."""
    return [
        finding for finding in report.findings if finding.database == cluster.database and node.name in finding.nodes
    ]


def places_of(report: Document) -> dict[str, str]:
    """Of each file that a finding points at, by its path: the anchor of its row among the files."""
    meant = {entry.path for finding in report.findings for entry in finding.evidence}
    return {file.path: f"file-{number}" for number, file in enumerate(report.files, 1) if file.path in meant}


def fact_of(finding: Finding) -> str:
    """The values that its words are made of, as in report.json: a line each, `explanation.flip.bit: 3`."""
    text = "\n".join(f"{path}: {value}" for path, value in _flat(finding.values, ""))
    return text if len(text) <= FACT_CHARS_MAX else f"{text[:FACT_CHARS_MAX]}\n… report.json has it whole"


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Path and value of everything that is set."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _flat(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inside in enumerate(value, 1):
            yield from _flat(inside, f"{path}.{number}")
    elif value is not None:
        yield path, value


def tally(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    """(severity, how many), worst first, without the zeros."""
    words = [finding.severity for finding in findings]
    return [(severity, words.count(severity)) for severity in Severity if severity in words]


def advice_homes_of(report: Document) -> list[int]:
    """Of each finding, by its number from 1: the number of the first with the same advice, where it is shown."""
    homes: dict[tuple[object, ...], int] = {}
    told = told_first(report)
    return [
        homes.setdefault((one.key in told, one.rule, one.remediation, one.why, one.false_alarm, one.references), number)
        for number, one in enumerate(report.findings, 1)
    ]


def is_needed(report: Document, cluster: Cluster) -> bool:
    """Whether the cluster has to be recovered, and the plan is what its people need on paper."""
    recoveries = report.case.recover_from if report.case else ()
    return any(one.database == cluster.database and one.why is Need.NEEDED for one in recoveries)


def recovery_head(recovery: Recovery) -> str:
    """What stands before the name of the node: whether it has to be recovered from, and under which condition."""
    if any(row.obstacle for row in recovery.ranking if row.node == recovery.node):
        return "no node can be recovered from as it is; nearest:"
    if recovery.undecided:
        return "not decided by what arrived; so far the furthest:"
    if recovery.start_first or recovery.course in _UNFORCED:
        return "only if no majority can be started: recover from"
    if recovery.course is Course.ASK:
        return "only if nothing else can be had: recover from"
    if any(check.state is CheckState.STOP for check in recovery.checks):
        return "only once that is settled: recover from"
    return "recover from"


def recovery_words(recovery: Recovery) -> str:
    """From which node, if it must be; what to settle before; and what following the official pages would cost."""
    node = recovery.node
    obstacle = next((row.obstacle for row in recovery.ranking if row.node == node), None)
    why = f": {recovery.why}" if recovery.why else ""
    if obstacle:
        return f"no node can be recovered from as it is; nearest: {node}{why}"
    if recovery.undecided:
        others = ", ".join(recovery.undecided)
        return f"not decided by what arrived ({others} may hold more); so far the furthest: {node}{why}"
    stops = [check.what for check in recovery.checks if check.state is CheckState.STOP]
    first = f"settle first: {'; '.join(stops)}; then " if stops else ""
    return f"{first}recover from {node}{why}{_trap(recovery)}"


def _trap(recovery: Recovery) -> str:
    official = recovery.official
    if not official.trap:
        return ""
    losses = [
        loss
        for loss in recovery.losses
        if loss.node in official.nodes and (loss.first_index is not None or not loss.compared)
    ]
    costs = "; ".join(f"{loss.node} {_lack(loss)}" for loss in losses)
    return f". The official pages' rule picks {', '.join(official.nodes)}: do not follow it, {costs}"


def _lack(loss: ChoiceLoss) -> str:
    """How much; a report of version 1 tells it together with what that had written."""
    return f"lacks {loss.amount}" if loss.amount else loss.words


def size_words(size: int | None) -> str:
    """Bytes for people: `8 MiB`, `80 B`."""
    if size is None:
        return "-"
    amount, unit = float(size), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024 or unit == "GiB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if amount >= 100 or amount == int(amount) else f"{amount:.1f} {unit}"


def hex_rows(evidence: Excerpt, width: int = 16) -> list[tuple[str, str]]:
    """(offset in hex, up to 16 bytes) of an excerpt."""
    cells = (evidence.hex or "").split()
    return [
        (f"{evidence.offset + position:08x}", " ".join(cells[position : position + width]))
        for position in range(0, len(cells), width)
    ]


def field_rows(fields: Sequence[DecodedField]) -> list[tuple[str, str, bool]]:
    """The fields of an excerpt below a head, in aligned columns: byte, bytes, name, stored; then what is computed, and
    whether that is another value.
    """
    cells = [("byte", "bytes", "field", "stored")]
    cells += [(str(one.offset), one.hex, _field_name(one), one.stored or "cut off") for one in fields]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    texts = [
        "  ".join((at.rjust(widths[0]), raw.ljust(widths[1]), name.ljust(widths[2]), stored.rjust(widths[3])))
        for at, raw, name, stored in cells
    ]
    told = [
        (text, _computed(one), one.computed not in (None, one.stored))
        for text, one in zip(texts[1:], fields, strict=True)
    ]
    return [(texts[0], "computed", False), *told]


def _field_name(field: DecodedField) -> str:
    name = " ".join(field.name.split("-"))
    if field.entry is not None:
        return f"{name}, entry {field.entry}"
    return name if field.batch is None else f"{name}, batch {field.batch}"


def _computed(field: DecodedField) -> str:
    return "same" if field.computed == field.stored and field.stored else field.computed or ""


def is_told_first(document: Document, cluster: Cluster) -> bool:
    """The verdict of the case repeats this cluster's summary: it is the worst, or the first of the worst."""
    order = list(Level)
    return cluster is min(document.clusters, key=lambda one: order.index(one.verdict.level))


def gap_subject(document: Document, gap: Gap) -> str:
    """What is missing of the evidence, with its database where there are several: a host has one node in each."""
    several = len(document.clusters) > 1 and gap.database
    return f"{gap.subject} ({gap.database})" if several else str(gap.subject)
