"""Where every part of the document is built.

To add a field or a part: docs/contributing/report-field.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from forensics import __version__
from forensics.barrier import stage
from forensics.case.answer import DatabaseAnswer
from forensics.case.decide import decide, decide_databases
from forensics.case.machines import machine_databases
from forensics.case.second_upload import with_seen
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
from forensics.report.parts.earlier import with_earlier
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
from forensics.report.parts.missing import what_broke, what_is_missing
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
from forensics.report.parts.recovery import build_recovery, with_causes
from forensics.report.parts.texts import build_texts
from forensics.report.verdict import with_verdicts

Given = TypeVar("Given")
Made = TypeVar("Made")


def _part(build: Callable[[Given], Made], given: Given, nothing: Made) -> Made:
    """A part; `nothing` where building it breaks."""
    return _built(build, given, nothing)


@stage(
    "a part of the report",
    lambda build, *_: build.__name__.removeprefix("build_"),
    lambda *given: given[-1],
    needed=True,
)
def _built(build: Callable[[Given], Made], given: Given, _: Made) -> Made:
    return build(given)


def build_document(context: Context) -> doc.Document:
    """The whole report: docs/reference/report.md#the-report-document."""
    databases = decide_databases(context.case, context.repairable)
    answers = tuple(
        with_seen(answer, tuple(context.seen(cluster).values()))
        for cluster, answer in zip(context.case.clusters, databases, strict=True)
    )
    document = doc.Document(
        schema_version=doc.SCHEMA_VERSION,
        tool=doc.Tool(name="dqlite-forensics", version=__version__),
        inputs=tuple(context.inputs),
        verdict=doc.UNJUDGED,
        incomplete=False,
        clusters=tuple(build_cluster(*both) for both in zip(context.case.clusters, answers, strict=True)),
        findings=_part(build_findings, context, ()),
        checks=_part(build_checks, context, ()),
        suppressed=(),
        files=_part(build_used_files, context, ()),
        refusals=_part(build_refusals, context, ()),
        as_of=build_as_of(context),
        texts=_part(build_texts, context, ()),
        coverage=_part(build_coverage, context, ()),
        collect=_part(build_collect, context, ()),
        hosts=_part(build_hosts, context, ()),
    )
    missing = what_is_missing(context)
    document = replace(document, missing=missing, incomplete=bool(missing))
    document = apply_ignores(document, context.ignores)
    pairs = zip(context.case.clusters, answers, strict=True)
    repairable = {answer.name: context.repairable(cluster, answer) for cluster, answer in pairs}
    document = with_case(document, answers, machine_databases(context.case), repairable)
    return document if context.before is None else with_earlier(document, context.before)


def _without_case(document: doc.Document, *_: object) -> doc.Document:
    """Its findings stand; what they come to is not known."""
    verdict = doc.Verdict(level=doc.Level.UNKNOWN, summary="An error of this program ended the analysis.")
    return replace(document, incomplete=True, missing=(*document.missing, *what_broke()), verdict=verdict)


@stage("the case", lambda *_: "all databases", _without_case, needed=True)
def with_case(
    document: doc.Document,
    databases: tuple[DatabaseAnswer, ...],
    machines: Mapping[str, str],
    repairable: Mapping[str, tuple[str, ...]],
) -> doc.Document:
    """The document with its case and its verdicts, made of the findings that nobody has accepted."""
    missing = [one for one in document.collect if one.evidence != doc.DISK]
    answers = decide(databases, document.findings, missing, machines)
    case = build_case(document, answers, repairable)
    clusters = (
        replace(one, recovery=with_causes(one.recovery, one.database, case)) if one.recovery else one
        for one in document.clusters
    )
    return with_verdicts(replace(document, case=case, clusters=tuple(clusters)), answers)


def _bare_cluster(cluster: Cluster, answer: DatabaseAnswer) -> doc.Cluster:
    return doc.Cluster(
        database=cluster.product.database,
        product=cluster.product.title,
        name=cluster.name,
        membership=(),
        divergences=(),
        commit_index=None,
        recovery=_part(build_recovery, answer, None),
        nodes=tuple(build_node(cluster, node) for node in cluster.nodes),
    )


@stage("the report of a database", lambda cluster, _: cluster.name, _bare_cluster, needed=True)
def build_cluster(cluster: Cluster, answer: DatabaseAnswer) -> doc.Cluster:
    """One database; its verdict comes last, for it is made of the case."""
    return doc.Cluster(
        database=cluster.product.database,
        product=cluster.product.title,
        absent=_part(build_absent, cluster, ()),
        configuration=_part(build_configuration, cluster, None),
        name=cluster.name,
        copies=_part(build_copies, cluster, ()),
        member_matrix=_part(build_member_matrix, cluster, None),
        membership=_part(build_membership, cluster, ()),
        divergences=_part(build_divergences, cluster, ()),
        commit_index=_part(build_commit_index, cluster, None),
        timeline=_part(build_timeline, cluster, None),
        recovery=_part(build_recovery, answer, None),
        databases=_part(build_databases, cluster, None),
        nodes=tuple(build_node(cluster, node) for node in cluster.nodes),
    )


def _bare_node(_: Cluster, node: Node) -> doc.Node:
    return doc.Node(
        name=node.name,
        id=id_text(node.id),
        address=node.address,
        role=None,
        directory=node.state.path,
        evidence=doc.Evidence(node.grade.value),
        configuration=(),
        metadata=None,
        log=None,
        snapshots=(),
        forecast=None,
    )


@stage("the report of a node", lambda _, node: node.name, _bare_node, needed=True)
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
