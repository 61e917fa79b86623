"""The flow on one screen: read this first.

inputs → files → state directories → nodes → clusters → judgements → the report document

Each stage gives new, complete values, and none changes what an earlier one gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.case.answer import DatabaseAnswer
from forensics.case.decide import decide_databases
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.lost_members import without_lost
from forensics.facts.database.case_databases import with_databases
from forensics.facts.intake import Evidence, ingest, take
from forensics.facts.machine.host import build_host
from forensics.facts.machine.moment import find_moment
from forensics.facts.machine.unsearched import unsearched_logs
from forensics.facts.node.node import build_node
from forensics.facts.start.node_forecast import with_forecasts
from forensics.facts.start.preconditions import with_preconditions
from forensics.facts.unknown_inputs import unknown_inputs
from forensics.ingest.collectors import COLLECTORS, Collection, recognise
from forensics.ingest.inventory import find_state_directories
from forensics.ingest.state_directory import StateDirectory
from forensics.ingest.unread import unread_places
from forensics.repair.offer import repairable
from forensics.report.document import Document
from forensics.report.ignore import Ignore
from forensics.report.parts import Context, build_document
from forensics.report.parts.inputs import digests_of, inputs_of
from forensics.report.stored import StoredReport
from forensics.rules.engine import Judgement, judge

__all__ = ["Analysis", "Evidence", "analyze", "decided", "directories", "gather", "ingest", "take"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts, what the rules said of them, and the document."""

    case: Case
    judgements: list[Judgement]
    document: Document


def collections_of(evidence: Evidence) -> list[Collection]:
    """Files → what collectors made of which machines. Several inputs have their names in their files' paths."""
    outer = evidence.sources[0].name if len(evidence.sources) == 1 else ""
    return recognise(evidence.files, COLLECTORS, outer)


def directories(evidence: Evidence, collections: list[Collection] | None = None) -> list[StateDirectory]:
    """Files → state directories, nothing of them decoded yet."""
    fallback = next((source.name for source in evidence.sources if source.name != "-"), "node")
    if collections is None:
        collections = collections_of(evidence)
    unread = unread_places(evidence.files, evidence.refusals)
    return find_state_directories(evidence.files, fallback, collections, unread, evidence.decoder.same)


def gather(evidence: Evidence, as_of: float | None = None, lost: Sequence[str] = ()) -> Case:
    """Files → facts.

    Args:
        evidence: the files.
        as_of: what dates are judged at, in seconds since 1970 UTC; None for the evidence's newest time.
        lost: members, by name, id or address, that count as lost for good. Raises UsageError for one that is none.
    """
    collections, decoder = collections_of(evidence), evidence.decoder
    hosts = tuple(build_host(collection, decoder) for collection in collections)
    nodes = [build_node(state, decoder) for state in directories(evidence, collections)]
    clusters = without_lost(nodes, lost) if lost else build_clusters(nodes)
    states = [node.state for cluster in clusters for node in cluster.nodes]
    repeats = (*evidence.repeats, *((path, state.path) for state in states for path in state.repeats))
    unknown = unknown_inputs(evidence, nodes, hosts)
    case = Case(clusters, hosts, find_moment(as_of, hosts, states), repeats, unknown)
    return with_forecasts(with_preconditions(with_databases(case, decoder)), decoder)


def decided(case: Case, *, deep: bool = False) -> tuple[DatabaseAnswer, ...]:
    """Facts → what is decided of each database. `deep` names what is lost also where databases are large."""
    return decide_databases(case, repairable, deep=deep)


def analyze(
    evidence: Evidence,
    as_of: float | None = None,
    ignores: Sequence[Ignore] = (),
    lost: Sequence[str] = (),
    before: StoredReport | None = None,
) -> Analysis:
    """Files → the report document.

    Args:
        evidence: the files.
        as_of: see gather.
        ignores: findings that somebody accepted.
        lost: see gather.
        before: an earlier report of the same cluster: what it saw whole is not asked for again.
    """
    case = gather(evidence, as_of, lost)
    judgements = judge(case)
    digests = digests_of(case, evidence)
    blobs = {file.path: file.blob for file in evidence.files if file.blob is not None}
    inputs = inputs_of(evidence, digests)
    refusals = [*evidence.refusals, *unsearched_logs(case.hosts)]
    context = Context(case, judgements, inputs, digests, refusals, blobs, ignores, before, repairable)
    return Analysis(case, judgements, build_document(context))
