"""What renderers ask of the document besides its own words: counts, comparisons, groups. Nothing new is found here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from forensics.forecast.reasons import Outcome
from forensics.ingest.clock_source import ClockSource
from forensics.report.document import (
    Check,
    CheckState,
    ChoiceLoss,
    Cluster,
    Document,
    Excerpt,
    Finding,
    Gap,
    Host,
    Level,
    Node,
    Recovery,
    Server,
    Text,
)
from forensics.severity import Answer, Severity

NODE_HEADS = (
    "node",
    "evidence",
    "role",
    "id",
    "address",
    "term",
    "log",
    "last term",
    "snapshot",
    "at next start",
    "findings",
)
"""Columns of the table of nodes, in Markdown and on the terminal."""
_ALARMING_FIRST = {
    Answer.BROKEN: "broken",
    Answer.FAIL: "fail",
    Answer.NOT_CHECKED: "not checked",
    Answer.PASS: "pass",
}
_FULL_PERCENT = 90
_UTC_CLOCKS = (ClockSource.FILE_TIME, ClockSource.FILE_TIME_AND_UPTIME)
_OWN_CLOCK = "by its own clock"


def findings_of(report: Document, cluster: Cluster, node: Node) -> list[Finding]:
    """The findings that name a node, worst first."""
    return [
        finding for finding in report.findings if finding.database == cluster.database and node.name in finding.nodes
    ]


def tally(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    """(severity, how many), worst first, without the zeros."""
    words = [finding.severity for finding in findings]
    return [(severity, words.count(severity)) for severity in Severity if severity in words]


def role_words(node: Node) -> str | None:
    """The role; where no raft configuration tells it, what the node's own cluster.yaml says."""
    if node.role:
        return node.role
    own = _own(node.cluster_yaml or (), node)
    return f"{own.role} (cluster.yaml)" if own and own.role else None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a node is, as one source tells it.

    Attributes:
        there: the source itself is in the evidence.
        record: what it says of the node; None where it does not name it.
        differs: fields that contradict the raft configuration.
        same: it says the same as the raft configuration.
    """

    there: bool
    record: Server | None
    differs: tuple[str, ...] = ()
    same: bool = False


def identity_of(cluster: Cluster, node: Node) -> dict[str, Identity]:
    """Who the node is, by source.

    Roles never count as a difference: info.yaml's is written once, cluster.yaml lags
    (docs/reference/go-dqlite.md#what-the-files-mean).
    """
    servers = node.configuration or (cluster.configuration.servers if cluster.configuration else ())
    truth = _own(servers, node)
    return {
        "info.yaml": _compared(node.info_yaml is not None, node.info_yaml, truth),
        "cluster.yaml": _compared(node.cluster_yaml is not None, _own(node.cluster_yaml or (), node), truth),
        "raft configuration": Identity(bool(servers), truth),
    }


def _compared(there: bool, record: Server | None, truth: Server | None) -> Identity:
    if record is None or truth is None:
        return Identity(there, record)
    differs = tuple(name for name in ("id", "address") if getattr(record, name) != getattr(truth, name))
    return Identity(there, record, differs, same=not differs)


@dataclass(slots=True)
class Unchecked:
    """A rule that could not tell, of so many nodes of a database."""

    rule: str
    title: str
    database: str | None
    nodes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Passed:
    """A rule that found nothing, and the databases that it looked at."""

    rule: str
    title: str
    where: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answers:
    """What every rule answered, as a reader wants it."""

    broken: list[Check]
    fail: list[Check]
    unchecked: list[tuple[str, list[Unchecked]]]  # reason and rules, the reason of most rules first
    passed: list[Passed]


def answers_of(report: Document) -> Answers:
    """What failed one by one, what was not checked by its reason, passes by rule."""
    by_answer: dict[Answer, list[Check]] = {answer: [] for answer in Answer}
    for check in report.checks:
        by_answer[check.verdict].append(check)
    return Answers(
        by_answer[Answer.BROKEN],
        by_answer[Answer.FAIL],
        _by_gaps(by_answer[Answer.NOT_CHECKED]),
        _by_rule(by_answer[Answer.PASS]),
    )


def _by_gaps(checks: Iterable[Check]) -> list[tuple[str, list[Unchecked]]]:
    """Rules that lack the same things of the same nodes are one row. Version 1 has no codes: a row a rule."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[Check]] = {}
    for check in checks:
        lacking = tuple((gap.code, gap.nodes) for gap in check.gaps) or ((check.rule, ()),)
        groups.setdefault(lacking, []).append(check)
    found = [(group[0].reason or "no reason was given", _unchecked(group)) for group in groups.values()]
    return sorted(found, key=lambda pair: -len(pair[1]))


def _unchecked(checks: Iterable[Check]) -> list[Unchecked]:
    rows: dict[tuple[str, str | None], Unchecked] = {}
    for check in checks:
        row = rows.setdefault((check.rule, check.database), Unchecked(check.rule, check.title, check.database))
        row.nodes.extend(check.nodes)
    return list(rows.values())


def _by_rule(checks: Iterable[Check]) -> list[Passed]:
    passes: dict[str, Passed] = {}
    for check in checks:
        row = passes.setdefault(check.rule, Passed(check.rule, check.title))
        where = check.database or "the case"
        row.where += [] if where in row.where else [where]
    return list(passes.values())


@dataclass(frozen=True, slots=True)
class NodeTexts:
    """The YAML texts of one node."""

    database: str | None
    node: str
    texts: list[Text] = field(default_factory=list)


def texts_by_node(report: Document) -> list[NodeTexts]:
    """In the order of the document."""
    groups: dict[tuple[str | None, str], NodeTexts] = {}
    for text in report.texts:
        group = groups.setdefault((text.database, text.node), NodeTexts(text.database, text.node))
        group.texts.append(text)
    return list(groups.values())


def check_counts(report: Document) -> list[tuple[str, int]]:
    """(the answer in words, how many of it), the alarming ones first."""
    answers = [check.verdict for check in report.checks]
    return [(words, answers.count(answer)) for answer, words in _ALARMING_FIRST.items() if answer in answers]


def forecast_words(node: Node) -> str:
    """One line of what dqlite would do, or a dash."""
    forecast = node.forecast
    if not forecast:
        return "-"
    if forecast.outcome is not Outcome.STARTS:
        words = _NO_START.get(forecast.outcome, "?")
        return f"{words}: {forecast.message}" if forecast.message else words
    lost = len(forecast.lost)
    changed = len(forecast.changes)
    extra = [
        f"{lost} stretch{'es' * (lost > 1)} of entries lost" if lost else "",
        f"{changed} file changes" if changed else "",
    ]
    return ", ".join(["starts", *(part for part in extra if part)])


_NO_START = {
    Outcome.FAILS: "does not start",
    Outcome.CRASHES: "crashes",
    Outcome.HANGS: "hangs",
    Outcome.UNKNOWN: "may or may not start",
}


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


def _own(records: Iterable[Server], node: Node) -> Server | None:
    """The node's record: by its id, else by its address."""
    rows = list(records)
    by_id = next((record for record in rows if node.id is not None and record.id == node.id), None)
    by_address = (record for record in rows if node.address is not None and record.address == node.address)
    return by_id or next(by_address, None)


def is_told_first(document: Document, cluster: Cluster) -> bool:
    """The verdict of the case repeats this cluster's summary: it is the worst, or the first of the worst."""
    order = list(Level)
    return cluster is min(document.clusters, key=lambda one: order.index(one.verdict.level))


def machines(document: Document) -> list[Host]:
    """The machines that a collector told of, or that say who they are."""
    return [host for host in document.hosts if host.name or host.collected or host.snaps]


def machine_words(host: Host) -> str:
    """What a collector told of its machine: which tool, when, by which clock, versions, full disks.

    `sosreport of 2026-11-25 20:21:20 UTC (its clock: EST, UTC-05:00), k8s v1.32.9 (4567), /var 99 % full`
    """
    words = "cleaned " * host.cleaned + host.collector
    if host.collected:
        words += f" of {_time_words(host.collected, host)}"
    told = [f"{name} {version}" for name, version in host.snaps.items()]
    told += [f"{d.mount} {d.used_percent} % full" for d in host.disks if d.used_percent >= _FULL_PERCENT]
    return ", ".join([words, *told])


def _time_words(collected: str, host: Host) -> str:
    """As exact as its source: `2026-11-25`, or `2026-11-25 20:21:20` and by which clock."""
    day, time = collected[:10], collected[11:19]
    return day if host.clock is ClockSource.ARCHIVE_DAY else " ".join(filter(None, (day, time, _zone_words(host))))


def _zone_words(host: Host) -> str:
    """By which clock; empty where a report of version 1 does not tell."""
    offset = host.utc_offset
    if offset is None:
        if host.clock in _UTC_CLOCKS:
            return "UTC"
        return _OWN_CLOCK + (f": {host.zone}" if host.zone else "") if host.clock else ""
    if offset == 0:
        return "UTC"
    shift = f"UTC{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}"
    return f"UTC (its clock: {', '.join(filter(None, (host.zone, shift)))})"


def gap_subject(document: Document, gap: Gap) -> str:
    """What is missing of the evidence, with its database where there are several: a host has one node in each."""
    several = len(document.clusters) > 1 and gap.database
    return f"{gap.subject} ({gap.database})" if several else str(gap.subject)
