"""A report → rows of the tables: what report.json holds; sentences, which may name keys, only if asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from forensics.fleet.model import Rows
from forensics.ingest.products import UNITS
from forensics.report import document as doc
from forensics.report.parts.seen_before import ids_of, states_of

Row = dict[str, Any]

_SNAP_UNIT = "snap."


def rows_of(document: doc.Document, *, with_keys: bool = False) -> Rows:
    """Rows by table, without the key, which is the same in all of them. `cases` has what the report says of the case.

    Args:
        document: the report.
        with_keys: also headlines, causes and problems: the sentences, in which keys of Kubernetes may stand.
    """
    return {
        "cases": [_case(document, with_keys=with_keys)],
        "inputs": [
            {"name": one.name, "kind": one.kind, "sha256": one.sha256 or None, "bytes": one.size}
            for one in document.inputs
        ],
        "nodes": list(_nodes(document)),
        "faults": list(_faults(document, with_keys=with_keys)),
        "findings": [_finding(one, with_keys=with_keys) for one in document.findings],
        "checks": _checks(document),
    }


def week_of(time: str | None) -> str | None:
    """`2026-W48`: the ISO week of an ISO 8601 time."""
    if time is None:
        return None
    year, week, _ = datetime.fromisoformat(time).isocalendar()
    return f"{year}-W{week:02}"


def _case(document: doc.Document, *, with_keys: bool) -> Row:
    collected = document.as_of.time if document.as_of else None
    return {
        "level": document.verdict.level.value,
        "incomplete": document.incomplete,
        "headline": document.case.headline if document.case and with_keys else None,
        "collected": collected,
        "week": week_of(collected),
        "tool": document.tool.version,
    }


def _nodes(document: doc.Document) -> Iterator[Row]:
    """Each state directory; then each server that its cluster ever had, and of which nothing arrived."""
    for cluster in document.clusters:
        states = states_of(document, cluster.database)
        for node in cluster.nodes:
            snap, version = _version(document, cluster.database, node.name)
            yield {
                "database": cluster.database,
                "node": node.name,
                "server_id": node.id,
                "address": node.address,
                "evidence": node.evidence.value,
                "state": states[node.name].state.value if node.name in states else None,
                "term": node.log.last_term if node.log else None,
                "last_index": node.log.last_index if node.log else None,
                "snap": snap,
                "version": version,
            }
        here = {node.id for node in cluster.nodes}
        addresses = {server.id: server.address for event in cluster.membership for server in event.servers}
        for server_id in sorted(ids_of(cluster) - here):
            address = addresses.get(server_id)
            yield {"database": cluster.database, "server_id": server_id, "address": address, "evidence": "none"}


def _version(document: doc.Document, database: str, node: str) -> tuple[str | None, str | None]:
    """The snap that a node's service comes from, and its version, where a collector listed the snaps."""
    units = [unit.split(".") for unit in UNITS.get(database, ()) if unit.startswith(_SNAP_UNIT)]
    snaps = next((host.snaps for host in document.hosts if node in host.nodes), {})
    return next(((unit[1], snaps[unit[1]]) for unit in units if unit[1] in snaps), (None, None))


def _faults(document: doc.Document, *, with_keys: bool) -> Iterator[Row]:
    rules = {finding.key: finding.rule for finding in document.findings}
    for fault in document.case.faults if document.case else ():
        yield {
            "kind": fault.kind.value,
            "severity": fault.severity.value,
            "database": fault.database,
            "nodes": list(fault.nodes),
            "consequence": next((one.value for one in fault.consequences), None),
            "rule": next((rules[key] for key in fault.findings if key in rules), None),
            "cause": fault.cause if with_keys else None,
        }


def _finding(finding: doc.Finding, *, with_keys: bool) -> Row:
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "database": finding.database,
        "nodes": list(finding.nodes),
        "path": finding.evidence[0].path if finding.evidence else None,
        "fingerprint": finding.fingerprint,
        "problem": finding.problem if with_keys else None,
    }


def _checks(document: doc.Document) -> list[Row]:
    """Of how many subjects a rule gave which answer."""
    found = Counter((check.rule, check.verdict.value) for check in document.checks)
    return [{"rule": rule, "verdict": verdict, "subjects": count} for (rule, verdict), count in sorted(found.items())]
