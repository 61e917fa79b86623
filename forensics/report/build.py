"""Facts and judgements → the report document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forensics import __version__
from forensics.evidence import Span
from forensics.facts.cluster import Case, Cluster
from forensics.facts.node import ConfigurationChange, Grade, Node, Snapshot
from forensics.ingest.inventory import StateDirectory
from forensics.ingest.member import Refusal
from forensics.parsers.configuration import Server
from forensics.report.document import SCHEMA_VERSION, Document
from forensics.report.verdict import verdict_of
from forensics.rules.api import Severity, Verdict
from forensics.rules.engine import Judgement, severity_of


def build_document(
    case: Case,
    judgements: list[Judgement],
    inputs: list[Document],
    digests: dict[str, str],
    refusals: list[Refusal],
) -> Document:
    """The whole report.

    Args:
        case: the facts.
        judgements: what the rules said.
        inputs: one `{name, sha256, size, kind}` an input.
        digests: SHA-256 by member path, of every member that was used.
        refusals: what was not taken.
    """
    incomplete = is_incomplete(case, refusals)
    findings = _findings(judgements)
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "dqlite-forensics", "version": __version__},
        "inputs": inputs,
        "members": list(_members(case, digests)),
        "verdict": verdict_of(case, findings, incomplete),
        "incomplete": incomplete,
        "clusters": [_cluster(cluster) for cluster in case.clusters],
        "findings": findings,
        "checks": [_check(judgement) for judgement in judgements],
        "suppressed": [],
        "coverage": [],
        "refusals": [
            {"path": refusal.path, "code": refusal.code, "detail": refusal.detail, "harmless": refusal.harmless}
            for refusal in refusals
        ],
    }


def is_incomplete(case: Case, refusals: Iterable[Refusal]) -> bool:
    """A member of a configuration has no evidence, something was cut or refused, or a node's evidence is not full."""
    return (
        not case.clusters
        or any(cluster.absent() for cluster in case.clusters)
        or any(node.grade is not Grade.FULL for node in case.nodes())
        or any(not refusal.harmless for refusal in refusals)
    )


def _members(case: Case, digests: dict[str, str]) -> Iterator[Document]:
    seen: set[str] = set()
    for node in case.nodes():
        for file in (*node.state.files.values(), *node.state.around.values()):
            if file.at.path in seen or file.listed:
                continue
            seen.add(file.at.path)
            yield {
                "path": file.at.path,
                "size": file.size_max,
                "sha256": digests.get(file.at.path),
                "role": file.role.value,
                "node": node.name,
                "cut": file.cut,
            }


def _cluster(cluster: Cluster) -> Document:
    return {
        "database": cluster.product.database,
        "product": cluster.product.title,
        "nodes": [_node(node, cluster) for node in cluster.nodes],
        "absent": [_server(server) for server in cluster.absent()],
        "membership": [],
        "divergences": [],
        "commitIndex": None,
        "recovery": None,
    }


def _node(node: Node, cluster: Cluster) -> Document:
    metadata = node.metadata
    server = cluster.server_of(node)
    return {
        "name": node.name,
        "id": _id(node.id),
        "address": node.address,
        "role": server.role.value if server and server.role else None,
        "directory": node.state.path,
        "evidence": node.grade.value,
        "metadata": metadata
        and {"term": metadata.term, "votedFor": _id(metadata.voted_for), "version": metadata.version},
        "log": _log(node),
        "snapshots": [_snapshot(snapshot) for snapshot in node.snapshots],
        "configuration": _configuration(node.configuration),
        "clusterYaml": _cluster_yaml(node),
        "files": _files(node.state),
        "forecast": None,
    }


def _log(node: Node) -> Document | None:
    chain = node.log.chain()
    if chain is None:
        return None
    return {
        "firstIndex": chain.first,
        "lastIndex": chain.last,
        "lastTerm": node.log.last_term,
        "entries": node.log.count() if node.log.blobs() else chain.last - chain.first + 1,
        "bytes": node.log.payload_bytes() if node.log.blobs() else None,
        "segments": list(_segments(node)),
        "terms": [
            {"firstIndex": first, "lastIndex": last, "term": term} for first, last, term in node.log.term_bands()
        ],
    }


def _segments(node: Node) -> Iterator[Document]:
    for closed in node.log.closed:
        segment = closed.segment
        yield {
            "name": closed.file.name,
            "kind": "closed",
            "firstIndex": closed.first,
            "lastIndex": closed.last,
            "lastRead": closed.last_read if segment is not None else None,
            "entries": None if segment is None else len(segment),
            "size": closed.file.size_max,
            "stop": None if segment is None else segment.stop.reason.value,
            "stopOffset": None if segment is None else segment.stop.offset,
        }
    for part in node.log.open:
        segment = part.segment
        yield {
            "name": part.file.name,
            "kind": "open",
            "firstIndex": part.first if part.last_read is not None else None,
            "lastIndex": part.last_read,
            "lastRead": part.last_read,
            "entries": None if segment is None else len(segment),
            "size": part.file.size_max,
            "stop": None if segment is None else segment.stop.reason.value,
            "stopOffset": None if segment is None else segment.stop.offset,
        }


def _snapshot(snapshot: Snapshot) -> Document:
    meta = snapshot.meta.value if snapshot.meta else None
    data = snapshot.data.value if snapshot.data else None
    return {
        "name": snapshot.title,
        "term": snapshot.name.term,
        "index": snapshot.name.index,
        "timestampMs": snapshot.name.timestamp_ms,
        "configurationIndex": meta.configuration_index if meta else None,
        "servers": [_server(server) for server in meta.configuration.servers] if meta and meta.configuration else [],
        "databases": [
            {"name": image.name, "mainSize": image.main_size, "walSize": image.wal_size, "whole": image.whole}
            for image in data.databases
        ]
        if data
        else [],
        "valid": snapshot.sound,
        "size": snapshot.data_file.size_max if snapshot.data_file else None,
    }


def _configuration(change: ConfigurationChange | None) -> list[Document]:
    return [_server(server) for server in change.configuration.servers] if change else []


def _cluster_yaml(node: Node) -> list[Document] | None:
    if node.cluster is None or node.cluster.value is None:
        return None
    return [
        {"id": _id(member.id), "address": member.address, "role": member.role.value if member.role else None}
        for member in node.cluster.value.members
    ]


def _files(state: StateDirectory) -> list[Document]:
    return [
        {"name": name, "role": file.role.value, "size": file.exact_size, "listed": file.listed}
        for name, file in sorted({**state.files, **state.around}.items())
    ]


def _server(server: Server) -> Document:
    return {"id": _id(server.id), "address": server.address, "role": server.role.value if server.role else None}


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


def _findings(judgements: list[Judgement]) -> list[Document]:
    found = [
        (severity_of(judgement, finding), judgement, finding)
        for judgement in judgements
        for finding in judgement.findings
    ]
    found.sort(key=lambda row: (row[0].rank, row[1].rule.id, row[1].database, row[1].nodes))
    return [
        {
            "rule": judgement.rule.id,
            "title": judgement.rule.title,
            "severity": severity.value,
            "database": judgement.database or None,
            "nodes": list(finding.nodes or judgement.nodes),
            "message": finding.message,
            "evidence": [_span(span) for span in finding.evidence],
            "why": judgement.rule.text.get("Why it matters", ""),
            "remediation": judgement.rule.text.get("What to do", ""),
            "references": _references(judgement),
        }
        for severity, judgement, finding in found
    ]


def _references(judgement: Judgement) -> list[str]:
    text = judgement.rule.text.get("References", "")
    return [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]


def _span(span: Span) -> Document:
    return {"path": span.path, "offset": span.offset, "length": span.length}


def _check(judgement: Judgement) -> dict[str, Any]:
    return {
        "rule": judgement.rule.id,
        "database": judgement.database or None,
        "nodes": list(judgement.nodes),
        "verdict": judgement.verdict.value,
        "reason": judgement.reason or None,
    }


def gates(document: Document, fail_on: str) -> bool:
    """A finding is at or above `fail_on` (`never` gates nothing)."""
    if fail_on == "never":
        return False
    limit = Severity(fail_on).rank
    return any(Severity(finding["severity"]).rank <= limit for finding in document["findings"])


def has_broken_rule(judgements: list[Judgement]) -> bool:
    """A rule crashed: the tool's fault, shown in the report."""
    return any(judgement.verdict is Verdict.BROKEN for judgement in judgements)
