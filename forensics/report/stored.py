"""A stored report, read back: bounded, validated, and made whole where an older version knew less."""

from __future__ import annotations

import json
from typing import Any

from forensics.errors import InputError
from forensics.limits import REPORT_BYTES_MAX, REPORT_DEPTH_MAX
from forensics.report.document import SCHEMA_VERSION, Document
from forensics.report.validate import problems

# What renderers read beyond the contract's keys, and what its absence from an older report means.
_DOCUMENT: Document = {"missing": [], "refusals": [], "texts": [], "ignores": [], "baseline": None, "asOf": None}
_DOCUMENT |= {"collect": [], "hosts": []}
_CLUSTER: Document = {"product": None, "absent": [], "configuration": None}
_NODE: Document = {
    "infoYaml": None,
    "clusterYaml": None,
    "configurationIndex": None,
    "metadataFiles": {"metadata1": None, "metadata2": None},
    "files": [],
    "certificates": [],
    "microcluster": None,
}
_LOG: Document = {"segments": [], "terms": []}
_FORECAST: Document = {"words": None, "library": None, "libraryReason": None, "libraryBasis": None}
_PROPOSAL: Document = {"moveAside": [], "words": None}
_SNAPSHOT: Document = {"timestampMs": None, "size": None, "hasData": True, "hasMeta": True}
_DATABASE: Document = {"mainSize": None, "walSize": None, "whole": True}
_FINDING: Document = {"effect": None, "whenWrong": "", "baseline": None, "fingerprint": None}
_EVIDENCE: Document = {"role": None, "hex": None, "lines": None, "withheld": None}
_CHECK: Document = {"title": "", "omitted": 0}
_MEMBER: Document = {"database": None, "cut": False}


def read_report(path: str) -> Document:
    """The report in a file. Raises InputError where it is none, is damaged, or is of a newer schema."""
    try:
        with open(path, "rb") as file:
            raw = file.read(REPORT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a valid path") from error
    return parse_report(raw, path)


def parse_report(raw: bytes, path: str) -> Document:
    """As read_report, from bytes; `path` is for messages."""
    if len(raw) > REPORT_BYTES_MAX:
        raise InputError(path, f"larger than {REPORT_BYTES_MAX} bytes (REPORT_BYTES_MAX)")
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        value = _tidy(value, 0)
    except RecursionError:
        raise InputError(path, f"nested deeper than {REPORT_DEPTH_MAX} (REPORT_DEPTH_MAX)") from None
    except ValueError as error:
        raise InputError(path, f"not a report: {error}") from error
    version = value.get("schemaVersion") if isinstance(value, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InputError(path, f"its schemaVersion is {version}; this version knows {SCHEMA_VERSION}")
    found = problems(value)
    if found:
        raise InputError(path, f"not a report: {found[0]}")
    return fill(value)


def fill(document: Document) -> Document:
    """The document with every key that renderers read, its own keys in their order; the argument is left as it is."""
    parts = {
        "clusters": [_cluster(cluster) for cluster in document["clusters"]],
        "findings": [_finding(finding) for finding in document["findings"]],
        "suppressed": [_suppressed(finding) for finding in document["suppressed"]],
        "checks": [_with(_CHECK, check) for check in document["checks"]],
        "members": [_with(_MEMBER, member) for member in document["members"]],
    }
    return _with(_DOCUMENT, document | parts)


def _with(defaults: Document, value: Document) -> Document:
    return value | {key: default for key, default in defaults.items() if key not in value}


def _cluster(cluster: Document) -> Document:
    nodes = [_node(node) for node in cluster["nodes"]]
    product = cluster.get("product") or cluster["database"]
    verdict = {"level": "unknown", "summary": ""}
    return _with(_CLUSTER | {"verdict": verdict}, cluster | {"nodes": nodes, "product": product})


def _node(node: Document) -> Document:
    log = node["log"] and _with(_LOG, node["log"])
    snapshots = [_snapshot(snapshot) for snapshot in node["snapshots"]]
    forecast = node["forecast"] and _forecast(node["forecast"])
    return _with(_NODE, node | {"log": log, "snapshots": snapshots, "forecast": forecast})


def _forecast(forecast: Document) -> Document:
    changes = [_with({"to": None, "size": None}, change) for change in forecast["changes"]]
    parts = {"proposals": [_with(_PROPOSAL, one) for one in forecast["proposals"]], "changes": changes}
    return _with(_FORECAST, forecast | parts)


def _snapshot(snapshot: Document) -> Document:
    return _with(_SNAPSHOT, snapshot | {"databases": [_with(_DATABASE, one) for one in snapshot["databases"]]})


def _finding(finding: Document) -> Document:
    return _with(_FINDING, finding | {"evidence": [_with(_EVIDENCE, entry) for entry in finding["evidence"]]})


def _suppressed(finding: Document) -> Document:
    return _with({"suppression": {"reason": "", "expires": None}}, _finding(finding))


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _tidy(value: Any, depth: int) -> Any:
    """Half of a surrogate pair cannot be written in UTF-8: escape it. Too deep is refused."""
    if depth > REPORT_DEPTH_MAX:
        raise RecursionError
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_tidy(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_tidy(key, depth + 1): _tidy(item, depth + 1) for key, item in value.items()}
    return value
