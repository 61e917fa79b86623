"""Facts and judgements → the report document: one module a part, put together by table.py."""

from __future__ import annotations

from forensics import __version__
from forensics.report.document import SCHEMA_VERSION, Document
from forensics.report.parts.context import Context
from forensics.report.parts.evidence import build_members, build_refusals, what_is_missing
from forensics.report.parts.findings import build_checks, build_findings
from forensics.report.parts.table import CLUSTER_PARTS, DOCUMENT_PARTS, NODE_PARTS
from forensics.report.verdict import verdict_of_case, verdict_of_cluster

__all__ = ["Context", "build_document"]


def build_document(context: Context) -> Document:
    """The whole report (CONTRACT, "The report document"). Keys beyond the contract's are additions of ours."""
    missing = what_is_missing(context)
    findings = build_findings(context)
    clusters = [
        {key: build(context, cluster) for key, build in CLUSTER_PARTS.items()}
        | {
            "nodes": [
                {key: build(context, cluster, node) for key, build in NODE_PARTS.items()} for node in cluster.nodes
            ]
        }
        for cluster in context.case.clusters
    ]
    for cluster in clusters:
        cluster["verdict"] = verdict_of_cluster(cluster, findings, missing)
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "dqlite-forensics", "version": __version__},
        "inputs": context.inputs,
        "verdict": verdict_of_case(clusters, findings, missing),
        "incomplete": bool(missing),
        "missing": missing,
        "clusters": clusters,
        "findings": findings,
        "checks": build_checks(context),
        "suppressed": [],
        "ignores": [],
        "baseline": None,
        "members": build_members(context),
        "refusals": build_refusals(context),
    } | {key: build(context) for key, build in DOCUMENT_PARTS.items()}
