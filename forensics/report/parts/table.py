"""Where every part of the document is built.

To add a field or a part: docs/contributing/report-field.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from forensics import __version__
from forensics.case.answer import DatabaseAnswer
from forensics.case.decide import decide, decide_databases
from forensics.case.machines import machine_databases
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.report import document as doc
from forensics.report.ignore import apply_ignores
from forensics.report.parts.case import build_case
from forensics.report.parts.cluster import build_absent, build_configuration
from forensics.report.parts.collect import build_collect
from forensics.report.parts.context import Context
from forensics.report.parts.coverage import build_coverage
from forensics.report.parts.credentials import build_certificates, build_microcluster
from forensics.report.parts.databases import build_databases
from forensics.report.parts.encoding import id_text
from forensics.report.parts.evidence import build_files as build_used_files
from forensics.report.parts.evidence import build_refusals
from forensics.report.parts.findings import build_checks, build_findings
from forensics.report.parts.forecast import build_forecast
from forensics.report.parts.history import (
    build_commit_index,
    build_copies,
    build_divergences,
    build_member_matrix,
    build_membership,
    build_timeline,
)
from forensics.report.parts.hosts import build_hosts
from forensics.report.parts.log import build_log
from forensics.report.parts.missing import what_is_missing
from forensics.report.parts.moment import build_as_of
from forensics.report.parts.node import (
    build_cluster_yaml,
    build_files,
    build_info_yaml,
    build_metadata,
    build_metadata_files,
    build_newest_configuration,
    build_snapshots,
    role_of,
)
from forensics.report.parts.recovery import build_recovery
from forensics.report.parts.texts import build_texts
from forensics.report.verdict import with_verdicts


def build_document(context: Context) -> doc.Document:
    """The whole report: docs/reference/report.md#the-report-document."""
    missing = what_is_missing(context)
    answers = decide_databases(context.case)
    document = doc.Document(
        schema_version=doc.SCHEMA_VERSION,
        tool=doc.Tool(name="dqlite-forensics", version=__version__),
        inputs=tuple(context.inputs),
        verdict=doc.UNJUDGED,
        incomplete=bool(missing),
        missing=missing,
        clusters=tuple(build_cluster(*both) for both in zip(context.case.clusters, answers, strict=True)),
        findings=build_findings(context),
        checks=build_checks(context),
        suppressed=(),
        files=build_used_files(context),
        refusals=build_refusals(context),
        as_of=build_as_of(context),
        texts=build_texts(context),
        coverage=build_coverage(context),
        collect=build_collect(context),
        hosts=build_hosts(context),
    )
    document = apply_ignores(document, context.ignores)
    return with_case(document, answers, machine_databases(context.case))


def with_case(
    document: doc.Document, databases: tuple[DatabaseAnswer, ...], machines: Mapping[str, str]
) -> doc.Document:
    """The document with its case and its verdicts, made of the findings that nobody has accepted."""
    missing = [one for one in document.collect if one.evidence != doc.DISK]
    answers = decide(databases, document.findings, missing, machines)
    case = build_case(document, answers)
    return with_verdicts(replace(document, case=case), answers)


def build_cluster(cluster: Cluster, answer: DatabaseAnswer) -> doc.Cluster:
    """One database; its verdict comes last, for it is made of the case."""
    return doc.Cluster(
        database=cluster.product.database,
        product=cluster.product.title,
        absent=build_absent(cluster),
        configuration=build_configuration(cluster),
        name=cluster.name,
        copies=build_copies(cluster),
        member_matrix=build_member_matrix(cluster),
        membership=build_membership(cluster),
        divergences=build_divergences(cluster),
        commit_index=build_commit_index(cluster),
        timeline=build_timeline(cluster),
        recovery=build_recovery(answer),
        databases=build_databases(cluster),
        nodes=tuple(build_node(cluster, node) for node in cluster.nodes),
    )


def build_node(cluster: Cluster, node: Node) -> doc.Node:
    """One state directory."""
    own = build_newest_configuration(node)
    return doc.Node(
        name=node.name,
        id=id_text(node.id),
        address=node.address,
        role=role_of(cluster, node),
        directory=node.state.path,
        evidence=doc.Evidence(node.grade.value),
        info_yaml=build_info_yaml(node),
        cluster_yaml=build_cluster_yaml(node),
        configuration=own.servers if own else (),
        configuration_index=own.index if own else None,
        metadata=build_metadata(node),
        metadata_files=build_metadata_files(node),
        log=build_log(node),
        snapshots=build_snapshots(node),
        files=build_files(node),
        certificates=build_certificates(node),
        microcluster=build_microcluster(node),
        forecast=build_forecast(node),
    )
